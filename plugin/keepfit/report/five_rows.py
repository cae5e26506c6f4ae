"""The five rows that a reviewer reads first: what decides, and where that is less than five the slices that do worst."""

from __future__ import annotations

from keepfit.records import Scorecard, ScoreRow
from keepfit.report.version_page import deciding_rows

FIVE = 5


def first_rows(card: Scorecard) -> tuple[ScoreRow, ...]:
    """Return the rows on all data, then those that refuse or ask for approval, then the slices with the smallest gain, the worst first.

    All that decide are there, however many; the others fill up to five.
    """
    deciding = deciding_rows(card)
    seen = {id(row) for row in deciding}
    others = sorted((row for row in card.judged_rows if id(row) not in seen and row.difference is not None), key=lambda row: row.difference or 0.0)
    return (*deciding, *others[: max(0, FIVE - len(deciding))])
