"""One judged window's page: what was decided and why, the champion's performance, what broke, what drifted."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.monitor.compare import Drift
from keepfit.monitor.measures import is_over_time
from keepfit.records import Evidence, EvidenceKind, JudgedWindow
from keepfit.report.drift import drift_values, p_text
from keepfit.report.evidence import difference_cells, note_of, value_of, with_value
from keepfit.report.monitoring import disagreement
from keepfit.report.pages import render
from keepfit.report.performance import PerformanceCourse
from keepfit.report.performance_chart import course_values

PERFORMANCE: tuple[EvidenceKind, ...] = ("performance", "scout", "newer", "regret", "age")
BROKEN: tuple[EvidenceKind, ...] = ("schema", "quality")
PERFORMANCE_HEADERS = ("what", "of", "measure", "value", "difference", "lower bound", "upper bound", "rows", "note")
ESTIMATE_HEADERS = ("measure", "status", "value", "lower bound", "upper bound", "rows", "learned on rows", "truth", "held", "note")
BROKEN_HEADERS = ("what", "which", "blocks", "note")
OVER_TIME_HEADERS = ("column", "kind", "changed since", "effect", "evidence", "design effect", "rows", "status")
DRIFT_HEADERS = ("column", "kind", "measure", "effect", "p", "rows")
MEANING = {
    "performance": "champion against its promise",
    "scout": "a retraining against the champion",
    "newer": "a retraining against the one of the window before",
    "regret": "the previous champion against this one",
    "age": "age of the training data, in days",
}
BLIND = "cannot tell a changed relation of inputs and labels (concept drift)"
ROWS = 100


def decision_line(page: JudgedWindow) -> str:
    """Return what was decided about the window, on which ground, and by which ticket to go on."""
    decision = page.decision
    ground = f" on the ground of {decision.ground} ({decision.cause})" if decision.ground else ""
    ticket = f", ticket {page.ticket}" if page.ticket else ""
    return f"{decision.action}{ground}{ticket}"


def sides_line(page: JudgedWindow) -> str:
    """Return which window of which model the page is about."""
    again = f", scored again {page.arrivals} time{'s' * (page.arrivals != 1)} as labels came" if page.arrivals else ""
    late = f", {page.late_rows:,} rows came later and are not judged" if page.late_rows else ""
    waits = f", {page.to_come:,} labels still to come" if page.to_come else ""
    counts = f"{page.rows:,} rows, {page.labelled:,} labelled, {page.status}{again}{late}{waits}"
    return f"window {page.window.id} ({counts}) under champion {page.version} of {page.model}"


def performance_rows(page: JudgedWindow) -> list[tuple[object, ...]]:
    """Return the rows of performance, scout, regret and age under `PERFORMANCE_HEADERS`; what was not measured says why."""
    found = sorted(
        (one for one in with_value(_of(page, PERFORMANCE)) if not is_over_time(one)),
        key=lambda one: (PERFORMANCE.index(one.kind), one.subject != "overall"),
    )
    return [(_meaning(one), one.subject, one.detector, value_of(one), *difference_cells(one), one.n, note_of(one)) for one in found]


def _meaning(one: Evidence) -> str:
    """What is compared with what; nothing, where a measured performance has no promise."""
    measured = one.kind == "performance" and one.statistic is not None and one.effect is None
    return "champion" if measured else MEANING[one.kind]


def broken_rows(page: JudgedWindow) -> list[tuple[object, ...]]:
    """Return the rows of schema and quality under `BROKEN_HEADERS`, what blocks first."""
    found = sorted(_of(page, BROKEN), key=lambda one: (-(one.effect or 0.0), one.subject))
    return [(one.kind, one.subject, "BLOCKS" if one.effect else "told only", one.detail) for one in found]


def estimate_rows(page: JudgedWindow, scored: tuple[int, int] = (0, 0)) -> list[tuple[object, ...]]:
    """Return what performance should be without labels, under `ESTIMATE_HEADERS`, and how often such an estimate held so far (`scored`: held, of windows)."""
    said = page.estimate
    if said is None:
        return []
    held, windows = scored
    record = f"the interval held the truth in {held} of {windows} windows so far" if windows else "no estimate was held against labels yet"
    note = "; ".join(part for part in (said.detail, record, BLIND if said.value is not None else "") if part)
    answer = None if said.held is None else "yes" if said.held else "NO"
    numbers = (said.value, said.low, said.high)
    return [(said.metric, said.status, *numbers, said.n, said.n_reference, said.truth, answer, note)]


def over_time_rows(page: JudgedWindow) -> list[tuple[object, ...]]:
    """Return each column's evidence over time under `OVER_TIME_HEADERS`; while it calibrates there is none.

    What changed comes first, the largest effect before the others: evidence says how sure it is, not how bad.
    """
    told = [one for one in page.evidence if is_over_time(one)]
    found = sorted(told, key=lambda one: (not one.since, -((one.effect if one.since else one.e_value) or 0.0), one.subject))
    return [(one.subject, one.kind, one.since, _round(one.effect), e_text(one.e_value), _round(one.statistic), one.n, one.detail) for one in found]


def e_text(e: float | None) -> str | None:
    """Return an e-value for people: how many times a bettor against "no change" has multiplied one coin.

    >>> e_text(0.0371), e_text(1234.5), e_text(1e30), e_text(None)
    ('0.037', '1,234', '≥1,000,000', None)
    """
    if e is None:
        return None
    if e >= 1e6:
        return "≥1,000,000"
    return f"{e:,.0f}" if e >= 10 else f"{e:.2g}"


def window_html(page: JudgedWindow, *, drift: Drift | None = None, scored: tuple[int, int] = (0, 0), course: PerformanceCourse | None = None) -> str:
    """Return the page as one self-contained HTML text: no script, nothing loaded from anywhere.

    `drift` is None where the window was not compared (blocked, excluded). `scored`: how often an estimate held the truth when labels came, of how
    many windows of this champion so far. `course`: the model's windows up to this one.
    """
    return render(
        "monitor.html",
        page=page,
        line=decision_line(page),
        about=sides_line(page),
        reasons=_reasons(page),
        tables=[
            ("Is the data sound?", BROKEN_HEADERS, broken_rows(page)[:ROWS]),
            ("Performance", PERFORMANCE_HEADERS, performance_rows(page)[:ROWS]),
            ("Performance before labels", ESTIMATE_HEADERS, estimate_rows(page, scored)),
            ("Evidence over time", OVER_TIME_HEADERS, over_time_rows(page)[:ROWS]),
            ("Drift", DRIFT_HEADERS, _drift_rows(page, drift)[:ROWS]),
        ],
        **course_values(course),
        shown=None if drift is None else drift_values(drift),
    )


def _drift_rows(page: JudgedWindow, drift: Drift | None) -> list[tuple[object, ...]]:
    """Drift evidence as a plain table, only where no comparison with counts is at hand."""
    if drift is not None:
        return []
    found = sorted((one for one in _of(page, ("data", "prediction", "target")) if not is_over_time(one)), key=lambda one: (-(one.effect or 0.0), one.subject))
    return [(one.subject, one.kind, one.detector, _round(one.effect), p_text(one.p_value), one.n) for one in found]


def _reasons(page: JudgedWindow) -> list[str]:
    odd = (disagreement(page.disagreeing, page.disagreeing_rows),) if page.disagreeing else ()
    waits = (page.provisional,) if page.provisional else ()
    return list(dict.fromkeys((*waits, *odd, *page.decision.reasons, *page.notes)))[:20]


def _of(page: JudgedWindow, kinds: Sequence[EvidenceKind]) -> list[Evidence]:
    return [one for one in page.evidence if one.kind in kinds]


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
