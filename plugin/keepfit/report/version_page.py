"""What a reviewer reads on a version's page in MLflow: the verdict, the rows that decide it, where the rest is."""

from __future__ import annotations

from keepfit.records import ExpectationOutcome, Scorecard, ScoreRow, Undecided
from keepfit.report.attempts import attempts_summary
from keepfit.report.curation import curated_line
from keepfit.report.tables import inline, markdown_table, number
from keepfit.rule_kinds.known import known_kind
from keepfit.rule_kinds.sound_rules import undecided_of

HEADERS = ("slice", "metric", "rule", "bound", "champion", "challenger", "difference", "interval", "rows", "status")
SHOWN = 12
MEASURED = {"smoke": "of the refit", "past": "of past rows", "behaviour": "of a declared test", "serving": "of the served model"}
"""How a row's rule is called where it was measured beside the rows that judge."""


def failing_rows(scorecard: Scorecard) -> tuple[ScoreRow, ...]:
    """Return the rows that speak against the candidate.

    Failed, or not measured; or undecided where the rule, or else its kind, asks for proof, as one that is not known here may. A first model
    has nothing to be compared with: absolute bounds alone judge it. Of a refit's own rows only those that say it is broken.
    """
    failing = [row for row in _judged(scorecard) if row.status in ("fail", "error") or (row.status == "undecided" and _does(row) == "block")]
    return (*failing, *(row for row in scorecard.smoke_rows if row.status in ("fail", "error")))


def open_rows(scorecard: Scorecard) -> tuple[ScoreRow, ...]:
    """Return the undecided rows that pass with the approval of a person."""
    return tuple(row for row in _judged(scorecard) if row.status == "undecided" and _does(row) == "approve")


def _judged(scorecard: Scorecard) -> tuple[ScoreRow, ...]:
    kinds = {name: known_kind(name) for name in {row.rule for row in scorecard.candidate_rows}}
    relative = {name for name, kind in kinds.items() if kind is not None and kind.relative}
    return scorecard.candidate_rows if scorecard.champion else tuple(row for row in scorecard.candidate_rows if row.rule not in relative)


def _does(row: ScoreRow) -> Undecided | None:
    kind = known_kind(row.rule)
    return "block" if kind is None else undecided_of(kind, row.undecided)


def renewed(scorecard: Scorecard) -> ScoreRow | None:
    """Return the overall row of the primary metric that says the candidate is no better and no worse, where such a one is meant to pass."""
    for row in scorecard.judged_rows:
        kind = known_kind(row.rule)
        equal = row.low is not None and row.high is not None and row.low < 0 <= row.high
        if equal and kind is not None and kind.equal_passes and (row.slice, row.metric, row.status) == ("overall", scorecard.metric, "pass"):
            return row
    return None


def failing_expectations(scorecard: Scorecard) -> tuple[ExpectationOutcome, ...]:
    """Return the critical expectations on the scorecard that do not hold or could not be checked."""
    return tuple(one for one in scorecard.expectations if one.severity == "critical" and one.status in ("fail", "error"))


def passed(scorecard: Scorecard) -> bool:
    """Tell if nothing speaks against the candidate, though a person may have to approve what is undecided; the gate's word is final."""
    return not failing_rows(scorecard) and not failing_expectations(scorecard)


def primary_value(scorecard: Scorecard) -> float | None:
    """Return the candidate's primary metric on all judged rows, None if it was not measured; of a refit what its judged sibling reached."""
    values = (row.challenger for row in scorecard.judged_rows if row.slice == "overall" and row.metric == scorecard.metric)
    return next((value for value in values if value is not None), None)


def verdict_line(scorecard: Scorecard) -> str:
    """Return one sentence: passed (and if it is no better and no worse), undecided and to be approved, or failed and on what."""
    failing = [f"{'its refit: ' if row.basis == 'smoke' else ''}{row.slice} {row.metric} ({row.rule}: {row.status})" for row in failing_rows(scorecard)]
    failing += [f"{one.suite}: {one.expectation} ({one.status})" for one in failing_expectations(scorecard)]
    if failing:
        return f"failed on {_some(failing)}"
    undecided = [f"{row.slice} {row.metric} ({row.rule})" for row in open_rows(scorecard)]
    if undecided:
        return f"undecided on {_some(undecided)}, with {number(scorecard.n)} rows: it passes with the approval of a person"
    equal = renewed(scorecard)
    return f"passed on {number(scorecard.n)} rows" + (f": no better, no worse ({_gain(equal)})" if equal else "")


def _some(named: list[str]) -> str:
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")


def _gain(row: ScoreRow) -> str:
    return f"{row.difference or 0.0:+.4f} {row.metric}, {row.low or 0.0:+.4f} to {row.high or 0.0:+.4f}"


def worth_line(scorecard: Scorecard, *, newer: float | None = None) -> str:
    """Return what promoting an equal candidate is worth, empty for any other; `newer` is what a window of newer data has brought, if known."""
    if renewed(scorecard) is None:
        return ""
    brought = "what that is worth is not known yet" if newer is None else f"a window of newer data has brought {newer:+.4f} {scorecard.metric} on average"
    return f"It is no better and no worse than the champion on these rows, and has learned from newer ones: renewing keeps the model fresh; {brought}."


def score_table(rows: tuple[ScoreRow, ...], *, most: int = SHOWN) -> str:
    """Return scorecard rows as a Markdown table, at most so many."""
    return markdown_table(HEADERS, [_cells(row) for row in rows], max_rows=most)


def deciding_rows(scorecard: Scorecard) -> tuple[ScoreRow, ...]:
    """Return the overall rows, then the failing ones that are not among them."""
    overall = [row for row in scorecard.judged_rows if row.slice == "overall"]
    return (*overall, *(row for row in (*failing_rows(scorecard), *open_rows(scorecard)) if row not in overall))


def version_description(scorecard: Scorecard, *, page: str | None) -> str:
    """Return the version's description as Markdown; `page` is the address of the run's artifacts."""
    against = f"version {scorecard.champion.version}" if scorecard.champion else "no champion: a first model, judged by absolute bounds only"
    head = f"**{inline(verdict_line(scorecard))}**; {scorecard.basis} rows, against {inline(against)}.{curated_line(scorecard)}"
    parts = [one for one in (head, worth_line(scorecard), attempts_summary(scorecard), *shipped_said(scorecard)) if one]
    parts.append(score_table(deciding_rows(scorecard)).rstrip("\n"))
    if failing_expectations(scorecard):
        rows = [(one.suite, one.expectation, one.observed, one.status) for one in failing_expectations(scorecard)]
        parts.append(markdown_table(("suite", "expectation", "observed", "status"), rows, max_rows=SHOWN).rstrip("\n"))
    if page:
        parts.append(f"[All slices, data and composition]({page})")
    return "\n\n".join(parts) + "\n"


def shipped_said(scorecard: Scorecard) -> list[str]:
    """Return what was judged and what is shipped in one sentence, and what is to be noted of it; nothing where nothing can be refitted."""
    if scorecard.shipped is None:
        return []
    said = scorecard.shipped.text
    return [inline(f"{said[0].upper()}{said[1:]}."), *(inline(f"Note: {note}.") for note in scorecard.shipped.notes)]


def _cells(row: ScoreRow) -> tuple[object, ...]:
    interval = f"{number(row.low)} … {number(row.high)}" if row.low is not None or row.high is not None else None
    status = f"{row.status}: {row.detail}" if row.challenger is None and row.detail else row.status
    rule = row.rule + (f", {MEASURED[row.basis]}" if row.basis in MEASURED else "")
    return (row.slice, row.metric, rule, row.bound, row.champion, row.challenger, row.difference, interval, row.n, status)
