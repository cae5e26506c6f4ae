"""What a reviewer is to know of how often rows have judged: the gain on rows that no rule saw, beside the one that the rules saw."""

from __future__ import annotations

from keepfit.records import Confirmation, Scorecard
from keepfit.report.tables import inline, number
from keepfit.slices.name import OVERALL


def confirmation_line(card: Scorecard) -> str:
    """Return both gains in one sentence of Markdown, or why there is no second one; empty for a scorecard of before there was one.

    >>> from keepfit.records import Confirmation
    >>> _unseen(Confirmation(rows=400, metric="roc_auc", text="the permanent holdout of 2013-02", gain=0.015, low=-0.004, high=0.034, confidence=0.95))
    'on 400 rows that no rule saw (the permanent holdout of 2013-02) +0.0150 [-0.0040, +0.0340]'
    """
    found = card.confirmation
    if found is None:
        return ""
    if found.gain is None:
        return f"Not confirmed on rows that no rule saw: {inline(found.text)}."
    seen = _seen(card, found.metric)
    return f"Gain in {inline(found.metric)}: {seen}{_unseen(found)}; reported, never judged."


def _seen(card: Scorecard, metric: str) -> str:
    row = next((row for row in card.judged_rows if (row.slice, row.metric) == (OVERALL, metric) and row.difference is not None), None)
    return "" if row is None else f"on {number(row.n)} rows that the rules saw {_gain(row.difference, row.low, row.high)}, "


def _unseen(found: Confirmation) -> str:
    return f"on {number(found.rows)} rows that no rule saw ({inline(found.text)}) {_gain(found.gain, found.low, found.high)}"


def _gain(value: float | None, low: float | None, high: float | None) -> str:
    interval = "" if low is None or high is None else f" [{low:+.4f}, {high:+.4f}]"
    return f"{value or 0.0:+.4f}{interval}"
