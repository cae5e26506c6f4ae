"""Bounds for a column of numbers, learned from rows that may hold bad values: what lies far beyond all others is set aside, not blessed.

On either side of the median the distances d(1) >= d(2) >= … are looked at from the far end. Were the m farthest values of the same tail as
the rest, then log d(m) - log d(m+1) would be about exponential with mean 1 / (alpha m) (Rényi's representation; exact for a Pareto tail of
index alpha, an upper bound for lighter ones). A gap of more than `GAP` / alpha, alpha by Hill's estimate from the values behind it, has a chance
of exp(-GAP m): the values before it are set aside. The others span the range, which is widened by its central part and by the tail's own growth.

Blind to bad values near good ones, to those that are more than `MOST` of the rows (that is a population, not an error), and to what the first
rows cannot know: a season, a trend.

References: Hill, B. M. (1975). A simple general approach to inference about the tail of a distribution. Annals of Statistics 3(5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
FEW = 50
"""With fewer values nothing is set aside."""
GAP = 5.0
MOST = 0.01
TAIL = (10, 500)
TAIL_SHARE = 0.02
LEAST_SPREAD, MOST_SPREAD = 0.2, 10.0
"""The least 1 / alpha: tails of a few distinct values have no growth of their own; the most: none grows faster."""
GROWTH = 1.5
"""How many 1 / alpha the bounds leave beyond the farthest value that is kept; Pareto rows as many as the first pass it with chance exp(-GROWTH)."""
CENTRAL = (0.005, 0.995)
SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """`low` and `high` leave room beyond the `seen` range of the values that were kept; `aside` of `n` values lie outside, the `extremes` first."""

    low: float
    high: float
    seen: tuple[float, float]
    n: int
    aside: int
    extremes: tuple[float, ...]


def robust_bounds(values: npt.ArrayLike) -> Bounds | None:
    """Return bounds for a column (missing and infinite values are left out), None for one without a value.

    >>> kelvin = np.concatenate([np.random.default_rng(0).normal(281, 13, 16_000), np.zeros(10)])
    >>> found = robust_bounds(kelvin)
    >>> found.aside, found.extremes, 150 < found.low < found.seen[0]
    (10, (0.0,), True)
    """
    column = np.asarray(values, dtype=np.float64)
    column = np.sort(column[np.isfinite(column)])
    if not len(column):
        return None
    middle = float(np.median(column))
    below, above = middle - column[column < middle][::1], (column[column > middle] - middle)[::-1]
    most = int(MOST * len(column)) if len(column) >= FEW else 0
    few, many = _beyond(below, most=most), _beyond(above, most=most)
    kept = column[few : len(column) - many]
    room = float(np.subtract(*np.quantile(kept, CENTRAL[::-1]))) or float(np.ptp(kept)) or max(1.0, abs(middle))
    constant = np.ptp(kept) == 0
    low = middle - (room if constant else _reach(below[few:], room))
    high = middle + (room if constant else _reach(above[many:], room))
    low = min(_rounded(max(0.0, low) if kept[0] >= 0 else low, np.floor), float(kept[0]))
    high = max(_rounded(high, np.ceil), float(kept[-1]))
    outside = (column < low) | (column > high)
    return Bounds(
        low=low,
        high=high,
        seen=(float(kept[0]), float(kept[-1])),
        n=len(column),
        aside=int(outside.sum()),
        extremes=_extremes(column[outside], middle),
    )


def _beyond(distances: Floats, *, most: int) -> int:
    """How many of the distances (farthest first) lie behind a gap that their tail does not explain."""
    for count in range(min(most, len(distances) - 1), 0, -1):
        nearer = distances[count]
        if distances[count - 1] > nearer > 0 and np.log(distances[count - 1]) - np.log(nearer) > GAP * _spread(distances[count:]):
            return count
    return 0


def _spread(distances: Floats) -> float:
    """Hill's estimate of 1 / alpha from the far end of the distances, farthest first."""
    least, largest = TAIL
    count = min(max(least, int(TAIL_SHARE * len(distances))), largest, len(distances) - 1)
    if count < least:
        return max(LEAST_SPREAD, 1.0)
    return min(max(LEAST_SPREAD, float(np.mean(np.log(distances[:count]) - np.log(distances[count])))), MOST_SPREAD)


def _reach(distances: Floats, room: float) -> float:
    """How far from the median the bound lies: beyond the farthest distance by `room`, or by the tail's growth if that is more."""
    if not len(distances):
        return 0.0
    return float(distances[0] + max(room, distances[0] * (np.exp(GROWTH * _spread(distances)) - 1)))


def _extremes(outside: Floats, middle: float) -> tuple[float, ...]:
    """The distinct values farthest from the median, at most three, farthest first."""
    distinct = np.unique(outside)
    return tuple(float(value) for value in distinct[np.argsort(-np.abs(distinct - middle), kind="stable")][:SHOWN])


def _rounded(value: float, way: np.ufunc) -> float:
    """Three digits, rounded outwards: bounds that a person can read."""
    step = 10.0 ** (np.floor(np.log10(abs(value))) - 2) if value else 0.0
    return float(f"{way(value / step) * step:.6g}") if step else value
