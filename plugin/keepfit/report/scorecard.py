"""SCORECARD.md: the verdict, then what speaks against the candidate, what too few rows cannot tell, and everything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.confusions import ByClass
from keepfit.records import Scorecard, ScoreRow
from keepfit.report.attempts import attempts_summary
from keepfit.report.class_tables import classes_section
from keepfit.report.curation import curated_line
from keepfit.report.impact import impact_summary
from keepfit.report.tables import inline, markdown_table, number
from keepfit.report.version_page import failing_expectations, failing_rows, open_rows, verdict_line, worth_line
from keepfit.slices.name import OVERALL
from keepfit.stats.clusters import sentence

HEADERS = ("slice", "metric", "rule", "champion", "challenger", "interval", "rows", "clusters", "design", "status", "why")
SENTENCES = 1500
MEASURED = ("metric", "champion", "challenger", "difference", "interval of the difference", "rows", "clusters", "design")


def scorecard_markdown(card: Scorecard, comparisons: Sequence[Comparison] = (), by_class: ByClass | None = None, *, sections: Sequence[str] = ()) -> str:
    """Return the scorecard as Markdown; `comparisons` adds the metrics that no rule is about, `by_class` what is known of many classes.

    `sections` are whole ones about what was measured beside the rows that judge. Same values, same bytes.
    """
    failing = failing_rows(card)
    asked = open_rows(card)
    undecided = [row for row in card.rows if row.status == "undecided" and row not in (*failing, *asked)]
    passing = [row for row in card.rows if row.status == "pass"]
    parts = [_head(card), *([] if card.impact is None else [f"## What it is worth\n\n{inline(impact_summary(card.impact), max_chars=SENTENCES)}"])]
    parts += _section("What speaks against it", failing) + _expectations(card)
    parts += _section("Undecided: passes with the approval of a person, if nothing above refuses", asked)
    parts += _section("Undecided: too few rows to tell, not counted as a pass", undecided)
    parts += _section("Passed", passing)
    parts += sections
    parts += _overall(comparisons)
    parts += [] if by_class is None else classes_section(comparisons, by_class)
    return "\n\n".join(parts) + "\n"


def _head(card: Scorecard) -> str:
    against = f"the champion, version {inline(card.champion.version)}" if card.champion else "no champion: a first model, judged by absolute bounds only"
    rows = rows_said(card)
    span = "" if card.evaluated_from is None else f", {_day(card.evaluated_from)} to {_day(card.evaluated_until)}{'' if card.unseen else ' (end not included)'}"
    counts = {status: sum(row.status == status for row in card.rows) for status in ("pass", "fail", "error", "undecided")}
    counted = ", ".join(f"{n} {status}" for status, n in counts.items() if n)
    worth = worth_line(card)
    return (
        f"# Scorecard of {inline(card.model)}\n\n**{inline(verdict_line(card))}**\n\n{worth}{worth and ' '}"
        f"Judged on {number(card.n)} {rows}{span}, against {against}. Rows: {counted or 'none'}. In relative rules the interval is of the "
        f"difference (positive is better), in absolute rules of the challenger's value.{curated_line(card)}{clustered_line(card)}{_confirmed(card)}"
    )


def _confirmed(card: Scorecard) -> str:
    said = attempts_summary(card)
    return f"\n\n{said}" if said else ""


def rows_said(card: Scorecard) -> str:
    """Return which rows judged, in words."""
    if card.unseen == "unknown":
        return "labelled rows, of which nobody knows whether they trained one of the models"
    if card.unseen == "known":
        return "labelled rows that trained neither model"
    return "rows of its own period that it was not trained on" if card.basis == "same-period" else "rows later than its training data"


def clustered_line(card: Scorecard) -> str:
    """Return which rows the intervals take as one group, with how many there are overall; empty for a scorecard that does not say."""
    drawn = [row for row in card.judged_rows if row.confidence is not None]
    if not drawn:
        return ""
    overall = [row for row in drawn if row.slice == OVERALL and row.clusters is not None]
    row = next((one for one in overall if one.metric == card.metric), overall[0] if overall else drawn[0])
    known = f"rows of one {card.cluster} are taken as one group" if card.cluster else "rows are taken as independent"
    told = known if row.clusters is None else sentence(card.cluster, row.clusters, row.design)
    return f"\n\n{number(200 * (row.confidence or 0.0) - 100)} % intervals; {told}."


def _day(moment: object) -> str:
    return str(moment)[:10]


def _section(title: str, rows: Iterable[ScoreRow]) -> list[str]:
    cells = [_cells(row) for row in rows]
    return [f"## {title}\n\n{markdown_table(HEADERS, cells).rstrip()}"] if cells else []


def _cells(row: ScoreRow) -> tuple[object, ...]:
    rule = f"{row.rule} {'' if row.bound is None else number(row.bound)}".strip()
    numbers = (_four(row.champion), _four(row.challenger), _interval(row.low, row.high), row.n, row.clusters, _one(row.design))
    return (row.slice, row.metric, rule, *numbers, row.status, row.detail)


def _one(design: float | None) -> str | None:
    return None if design is None else f"{design:.1f}"


def _four(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def _interval(low: float | None, high: float | None) -> str | None:
    return None if low is None or high is None else f"{low:+.4f} … {high:+.4f}"


def _expectations(card: Scorecard) -> list[str]:
    rows = [(one.suite, one.expectation, one.severity, one.observed, one.status, one.detail) for one in failing_expectations(card)]
    return (
        [f"## Expectations that do not hold\n\n{markdown_table(('suite', 'expectation', 'severity', 'observed', 'status', 'why'), rows).rstrip()}"]
        if rows
        else []
    )


def _overall(comparisons: Sequence[Comparison]) -> list[str]:
    rows = [_measured(one) for one in comparisons if one.slice == OVERALL]
    return [f"## All rows, every metric\n\n{markdown_table(MEASURED, rows).rstrip()}"] if rows else []


def _measured(one: Comparison) -> tuple[object, ...]:
    gain = one.difference
    difference = (f"{gain.gain:+.4f}", _interval(gain.low, gain.high)) if gain else (None, None)
    return (one.metric, _four(one.champion), _four(one.challenger), *difference, one.n, one.clusters, _one(one.design))
