"""The confirmation: the gain of the challenger on rows that no rule saw, measured once and reported.

Who tries many candidates on the same rows picks one that was lucky there, and its gain on those rows is too large by that luck. On rows that nothing was
picked by it is not: its mean is the true gain, whichever candidate was picked, and its interval holds as often as it says (docs/statistics.md). So it
is never judged: a rule that read it would pick by it.

Blind to people: who reads it and tries again for its sake picks by it too.
"""

from __future__ import annotations

from keepfit.evaluate.compare import Comparison, ScoredRows, compare
from keepfit.records import Confirmation
from keepfit.slices.name import OVERALL
from keepfit.stats.metric import Metric

FEWEST_ROWS = 20


def confirmed(metric: Metric, held: ScoredRows, *, rows: str, confidence: float) -> Confirmation:
    """Return both models' comparison on rows that no rule saw; `rows` says which they are.

    With less than 20 rows, or where these leave the metric undefined, it says so; a rule's `min_rows` is not asked for, as nothing is decided.

    >>> import numpy as np
    >>> from keepfit.stats.metrics import Accuracy
    >>> y = np.array([0.0, 1.0] * 20)
    >>> held = ScoredRows(y=y, champion=np.full(40, 0.9), challenger=y)
    >>> confirmed(Accuracy(), held, rows="the permanent holdout of 2013-02", confidence=0.95).gain
    0.5
    """
    if held.champion is None:
        raise ValueError("a gain is over a champion")
    found = compare(metric, held, name=OVERALL, confidence=confidence, min_rows=FEWEST_ROWS)
    gain = found.difference
    if gain is None:
        return unconfirmed(metric.name, f"{rows}: {_why(found)}", rows=found.n)
    return Confirmation(
        rows=found.n, metric=metric.name, text=rows, gain=gain.gain, low=gain.low, high=gain.high, confidence=confidence, clusters=gain.clusters
    )  # fmt: skip


def unconfirmed(metric: str, why: str, *, rows: int = 0) -> Confirmation:
    """Return what is said where nothing was measured."""
    return Confirmation(rows=rows, metric=metric, text=why)


def _why(found: Comparison) -> str:
    few = found.status == "undecided" and found.n < FEWEST_ROWS
    return f"{found.n} labelled rows, {FEWEST_ROWS} are needed" if few else found.detail
