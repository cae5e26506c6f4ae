"""What a reviewer is to know of how often rows have judged: which attempt this is, and the gain on rows that no rule saw, beside the one that the rules saw."""

from __future__ import annotations

from keepfit.records import Confirmation, Scorecard
from keepfit.report.tables import inline, number
from keepfit.rule_kinds.spending import spent
from keepfit.slices.name import OVERALL


def attempts_summary(card: Scorecard) -> str:
    """Return one paragraph of Markdown: which attempt on its rows this is, where it is not the first, and what rows that no rule saw say; or nothing."""
    return " ".join(line for line in (attempt_line(card), confirmation_line(card)) if line)


def attempt_line(card: Scorecard) -> str:
    """Return which attempt on its rows this is, and what that costs; empty for a first one, and where it is not known.

    >>> about = {"model": "m", "task": "regression", "metric": "mae", "basis": "later", "champion": None, "evaluated_from": None, "evaluated_until": None}
    >>> attempt_line(Scorecard(n=9, rows=(), attempt=3, confidence=0.95, **about))
    'Attempt 3 on these rows: 2 other models were judged on them before, so what must be shown is shown at 99.44 % instead of 95 %.'
    """
    number_, before = card.attempt or 1, (card.attempt or 1) - 1
    if not before:
        return ""
    others = "another model was" if before == 1 else f"{number(before)} other models were"
    asked = "" if card.confidence is None else f" at {100 * spent(card.confidence, number_):.4g} % instead of {100 * card.confidence:.4g} %"
    return f"Attempt {number_} on these rows: {others} judged on them before, so what must be shown is shown{asked}."


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
