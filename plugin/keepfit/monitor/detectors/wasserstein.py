"""The Wasserstein-1 (earth mover's) distance, from moments, counts and edges."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from math import sqrt
from typing import ClassVar

import numpy as np

from keepfit.monitor.detectors.detector import NUMBERS, ColumnKind, Effect
from keepfit.monitor.detectors.sides import numbers_of, unmeasured
from keepfit.records import ColumnProfile, Evidence, NumericProfile
from keepfit.stats.homogeneity import Counts


@dataclass(frozen=True)
class Wasserstein:
    """How far values moved on average: `statistic` is W1 in the column's own unit, `effect` is W1 in standard deviations, 0 without a bound.

    W1 is the area between the two distribution functions F and G (Vallender, Theory Probab. Appl. 18, 1974). Let P and N be the areas
    where F is above and below G. P - N is the difference of the means, which the profile's moments give exactly, so
    W1 = |difference of means| + 2 min(P, N), and only the smaller area is read from the bins: each value counts at its bin's upper
    edge, values beyond the outer edges half way to the farthest. Hence a pure shift is exact on any layout, a column of few
    values (one bin each) is scipy's `wasserstein_distance`, and what is approximated is a change of spread or shape: read from
    15 bins the distance of two normal laws of different spread comes out up to a third too small, from 60 a seventh.
    The standard deviation is the root of the mean of both sides' variances; of two constants that differ the effect is 1.

    It is a measure, no test: p is None. A rule that wants p-values never fires on it; choose ks for those and read this beside it.
    Blind to missing and infinite values; one huge value moves it, since it moves the mean.

    >>> layout = dict(edges=(0.0, 1.0), missing=0, nonfinite=0, low=1.0)
    >>> a = NumericProfile(counts=(0, 4, 0), n=4, total=4.0, total_squared=4.0, high=1.0, **layout)
    >>> b = NumericProfile(counts=(0, 2, 2), n=4, total=8.0, total_squared=20.0, high=3.0, **layout)
    >>> Wasserstein().compare(a, b, "x").statistic
    1.0
    """

    name: ClassVar[str] = "wasserstein"
    kinds: ClassVar[tuple[ColumnKind, ...]] = NUMBERS
    effect: ClassVar[Effect] = Effect(unit="standard deviations", highest=None, relative=True)
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how far values moved on average"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side, or with sums past the largest float, statistic and effect are None."""
        a, b = numbers_of(self.name, reference, current, column)
        nothing = unmeasured(self.name, column, n=b.n, n_reference=a.n)
        if not (a.n and b.n):
            return nothing
        if not (_summed(a) and _summed(b)):
            return replace(nothing, detail="the values are too large to be summed")
        distance, scale = distance_of(a, b), _deviation(a, b)
        effect = distance / scale if scale else float(distance > 0)
        return replace(nothing, statistic=distance, effect=effect, detail="")


def distance_of(reference: NumericProfile, current: NumericProfile) -> float:
    """Return W1 in the column's unit; see the class for what is exact and what is not."""
    moved = abs(reference.total / reference.n - current.total / current.n)
    return float(moved + 2 * min(_areas(reference, current)))


def _areas(reference: NumericProfile, current: NumericProfile) -> tuple[float, float]:
    """The area where the reference's distribution function is above the current one's, and the one where it is below."""
    edges = np.array(reference.edges, dtype=np.float64)
    if not len(edges):
        return 0.0, 0.0
    gaps: Counts = np.cumsum(reference.counts)[:-1] / reference.n - np.cumsum(current.counts)[:-1] / current.n
    low, high = _reach(reference, current)
    left, right = gaps[0] * max(edges[0] - low, 0.0) / 2, gaps[-1] * max(high - edges[-1], 0.0) / 2
    areas = np.r_[left, gaps[:-1] * np.diff(edges), right]
    return float(areas[areas > 0].sum()), float(-areas[areas < 0].sum())


def _reach(reference: NumericProfile, current: NumericProfile) -> tuple[float, float]:
    ends = [(side.low, side.high) for side in (reference, current) if side.low is not None and side.high is not None]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _deviation(reference: NumericProfile, current: NumericProfile) -> float:
    variances = [max(side.total_squared / side.n - (side.total / side.n) ** 2, 0.0) if side.low != side.high else 0.0 for side in (reference, current)]
    return sqrt(sum(variances) / 2)


def _summed(side: NumericProfile) -> bool:
    """Whether the moments are sums and not the bound that an overflow is held at; then no square or difference of them overflows."""
    return side.total_squared < sys.float_info.max
