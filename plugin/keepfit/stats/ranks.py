"""Do two scores rank the same rows alike? Spearman's correlation with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from keepfit.stats.arrays import Array


@dataclass(frozen=True, kw_only=True)
class RankCorrelation:
    """A correlation between -1 and 1; `low` and `high` are one-sided bounds."""

    value: float
    low: float
    high: float


def rank_correlation(a: Array, b: Array, *, confidence: float) -> RankCorrelation:
    """Return Spearman's rank correlation of two scores of the same rows, ties at their mean rank; neither may be constant.

    Of scores with a column a class the columns' ranks are held against each other together: all have the same mean.
    The interval is that of Fisher's z with Bonett and Wright's (2000) variance for ranks, `(1 + r²/2) / (n - 3)`; rows count as independent.

    >>> rank_correlation(np.arange(30.0), np.arange(30.0) ** 3, confidence=0.95).value
    1.0
    >>> round(rank_correlation(np.arange(30.0), -np.arange(30.0), confidence=0.95).high, 3)
    -1.0
    """
    from scipy.stats import norm, rankdata

    first, second = (rankdata(scores, axis=0).ravel() for scores in (a, b))
    value = float(np.clip(np.corrcoef(first, second)[0, 1], -1.0, 1.0))
    inside = float(np.clip(value, -1 + 1e-12, 1 - 1e-12))
    half = float(norm.ppf(confidence)) * np.sqrt((1 + inside**2 / 2) / (len(a) - 3))
    low, high = np.tanh(np.arctanh(inside) - half), np.tanh(np.arctanh(inside) + half)
    return RankCorrelation(value=value, low=min(float(low), value), high=max(float(high), value))
