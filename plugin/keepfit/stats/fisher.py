"""Is a share larger on one side than on the other? Fisher's exact test, because the counts of rare things are small."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from keepfit.stats.homogeneity import statistic_of

EXACT_UP_TO = 10_000
TIE = 1e-7  # two probabilities this close (relative) count as equal, as rounding makes them differ


def fisher(hits: tuple[int, int], sizes: tuple[int, int]) -> float:
    """Return the two-sided p-value of `hits` among `sizes` on both sides being one share (Fisher, J. R. Stat. Soc. 98, 1935).

    It is scipy's `fisher_exact` up to 10,000 hits; above that chi-squared with Yates' correction, which is the same to three
    digits there. With no hit or nothing but hits p is 1. Where the reference holds no hit because the bound was put around
    its own values, one side of it is Rosenbaum's test (Ann. Math. Stat. 25, 1954): the chance that the largest values of both
    samples together all fall into one of them.

    >>> round(fisher((1, 8), (10, 12)), 4)
    0.0115
    """
    total = sum(hits)
    if total in (0, sum(sizes)):
        return 1.0
    if total > EXACT_UP_TO:
        return statistic_of(*(np.array([hit, size - hit], dtype=np.float64) for hit, size in zip(hits, sizes, strict=True)))[1]
    possible = np.arange(max(0, total - sizes[1]), min(total, sizes[0]) + 1)
    weights = _weights(possible, total, sizes)
    seen = weights[hits[0] - possible[0]]
    return float(min(1.0, weights[weights <= seen * (1 + TIE)].sum() / weights.sum()))


def _weights(possible: npt.NDArray[np.int64], total: int, sizes: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Hypergeometric weights of the possible hits on the first side, the largest being 1."""
    logs = _choose(sizes[0], possible) + _choose(sizes[1], total - possible)
    return np.asarray(np.exp(logs - logs.max()))


def _choose(n: int, k: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    chosen: npt.NDArray[np.float64] = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return chosen
