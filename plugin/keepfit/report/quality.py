"""What is wrong with rows, for people: what composing did about it, and what `keepfit data check` found."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.records.quality import DoubtfulRow, QualityKind, QualityOutcome
from keepfit.report.tables import markdown_table, number

NAMES: dict[QualityKind, str] = {
    "duplicates": "repeat another row",
    "near_duplicates": "nearly repeat another row",
    "conflicts": "have the features of a row with another label",
    "contamination": "repeat a row that judges or is held out",
}
SHOWN = 2


def quality_summary(outcomes: Sequence[QualityOutcome]) -> str:
    """Return one sentence: of the rows that may train, how many were found for what, and left out.

    >>> quality_summary([QualityOutcome(kind="duplicates", action="quarantine", rows=1200, left_out=1200)])
    'Of the rows that may train, 1,200 repeat another row (left out).'
    """
    said = [f"{number(one.rows)} {NAMES[one.kind]} ({_done(one)})" for one in outcomes]
    return f"Of the rows that may train, {', '.join(said)}." if said else ""


def _done(one: QualityOutcome) -> str:
    if one.action == "report":
        return "reported only"
    return "left out" if one.left_out == one.rows else f"{number(one.left_out)} left out"


def quality_section(outcomes: Sequence[QualityOutcome]) -> str:
    """Return the section of COMPOSITION.md: the sentence, and a line for each kind."""
    lines = [(one.kind, one.action, one.rows, one.left_out, ", ".join(map(beside, one.examples[:SHOWN]))) for one in outcomes]
    table = markdown_table(("kind", "asked", "rows", "left out", "such as"), lines)
    return f"## Quality\n\n{quality_summary(outcomes)} Rows that judge, or are held out, stay as they came.\n\n{table}"


def beside(row: DoubtfulRow) -> str:
    """Return a row with the one that it repeats or contradicts, as plain text.

    >>> beside(DoubtfulRow(row="b", beside="a"))
    'b (a)'
    """
    shown = row.row if row.beside is None else f"{row.row} ({row.beside})"
    return f"{shown}: {row.detail}" if row.detail else shown
