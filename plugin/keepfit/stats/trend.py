"""Whether values in the order of time are a sample of what comes next, or drift: neighbours that are alike, and a trend between the years.

Blind to a change that is small against the values' own noise, to one that came once and long ago, and to a season that has not been seen.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import combinations, permutations

import numpy as np

from keepfit.stats.arrays import Array
from keepfit.stats.bounds import p_below

ALPHA = 0.01
FEWEST = 5
EXACT = 7
"""Up to so many values every order is looked at, beyond it the ratio's normal law is taken."""


def drifts(values: Sequence[float], *, alpha: float = ALPHA) -> bool:
    """Whether neighbours in time are more alike than chance explains: a trend, or a season of which a part was seen.

    Bartels' rank version of von Neumann's ratio (Journal of the American Statistical Association 77, 1982), one-sided: the sum of squared differences between
    neighbours' ranks over the ranks' own. Five values in order are the least that can be found: of 120 orders 2 are as even.

    >>> drifts([1, 2, 3, 4, 5, 6]), drifts([3, 1, 6, 2, 5, 4]), drifts([7, 7, 7, 7, 7, 7])
    (True, False, False)
    """
    n = len(values)
    ranks = _ranks(np.asarray(values, dtype=np.float64))
    spread = float(((ranks - ranks.mean()) ** 2).sum())
    if n < FEWEST or spread == 0:
        return False
    ratio = float((np.diff(ranks) ** 2).sum()) / spread
    if n <= EXACT:
        orders = np.array(list(permutations(ranks)))
        return bool(np.mean((np.diff(orders, axis=1) ** 2).sum(axis=1) / spread <= ratio + 1e-9) <= max(alpha, 2 / len(orders)))
    variance = 4 * (n - 2) * (5 * n**2 - 2 * n - 9) / (5 * n * (n + 1) * (n - 1) ** 2)
    return p_below(ratio - 2, math.sqrt(variance)) <= alpha


def seasonal_trend(values: Sequence[float], seasons: Sequence[Hashable], *, alpha: float = ALPHA) -> bool:
    """Whether values of the same season (one a year, in the order of time) rise or fall from year to year: the seasonal Kendall test, two-sided.

    Hirsch, Slack & Smith (Water Resources Research 18, 1982): the sum over seasons of the signs of all later minus earlier values, by its normal law with
    their correction for continuity. A season without two values says nothing.

    >>> rising = [month % 12 + month // 12 for month in range(36)]
    >>> seasonal_trend(rising, [month % 12 for month in range(36)]), seasonal_trend([month % 12 for month in range(36)], [month % 12 for month in range(36)])
    (True, False)
    """
    by_season: dict[Hashable, list[float]] = defaultdict(list)
    for value, season in zip(values, seasons, strict=True):
        by_season[season].append(value)
    signs = sum((later > earlier) - (later < earlier) for there in by_season.values() for earlier, later in combinations(there, 2))
    variance = sum(n * (n - 1) * (2 * n + 5) / 18 for n in map(len, by_season.values()))
    return variance > 0 and 2 * p_below(-max(0, abs(signs) - 1), math.sqrt(variance)) <= alpha


def _ranks(values: Array) -> Array:
    """Ranks from 1 on, ties share the mean of theirs."""
    _, code, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Array = (np.cumsum(count) - (count - 1) / 2)[code]
    return ranks
