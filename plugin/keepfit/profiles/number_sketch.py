"""What a numeric column is counted on, learned in one pass: its extremes, its values while they are few, and the quantiles of sampled rows."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from keepfit.profiles.kernel import finite_of
from keepfit.records import NumericProfile
from keepfit.tables.arrow import Floats

PEEK = 256
Ordered = TypeVar("Ordered", np.float64, np.int64)


class NumberSketch:
    """A numeric column's extremes, its values while they are few, and the sampled rows' values."""

    def __init__(self, bins: int) -> None:
        self._bins = bins
        self._parts: list[Floats] = []
        self._few: Floats | None = np.empty(0)
        self._low, self._high = math.inf, -math.inf

    def add(self, values: Floats, picked: npt.NDArray[np.int64]) -> None:
        """Take in a batch's values, of which the rows `picked` are in the sample."""
        self._parts.append(values.copy() if len(picked) == len(values) else values[picked])  # a copy: the batch's memory must go
        finite = finite_of(values)
        if not len(finite):
            return
        self._low, self._high = min(self._low, float(finite.min())), max(self._high, float(finite.max()))
        if self._few is not None:
            self._few = _with_unseen(self._few, finite, self._bins)

    def __add__(self, other: NumberSketch) -> NumberSketch:
        """Return the sketch of both parts' rows, this one's first; neither is changed."""
        found = NumberSketch(self._bins)
        found._parts = [*self._parts, *other._parts]
        found._low, found._high = min(self._low, other._low), max(self._high, other._high)
        found._few = None if self._few is None or other._few is None else _with_unseen(self._few, other._few, self._bins)
        return found

    def sample(self) -> Floats:
        """Return the sampled values, in the rows' order."""
        self._parts = [np.concatenate(self._parts)] if self._parts else [np.empty(0)]
        return self._parts[0]

    def layout(self) -> NumericProfile:
        """Return the column's edges with nothing counted: just below the minimum, quantiles, the maximum; or every value."""
        edges = tuple(float(edge) + 0.0 for edge in self._edges())
        return NumericProfile(edges=edges, counts=(0,) * (len(edges) + 1), n=0, missing=0, nonfinite=0, total=0.0, total_squared=0.0, low=None, high=None)

    def _edges(self) -> list[float]:
        if self._low > self._high:
            return []
        below = math.nextafter(self._low, -math.inf)
        inner = np.sort(self._few) if self._few is not None else self._quantiles()
        return [below, *inner] if math.isfinite(below) else [*inner]

    def _quantiles(self) -> Floats:
        finite = finite_of(self.sample())
        if not len(finite):
            return np.array([self._high])
        shares = np.ceil(np.arange(1, self._bins) * len(finite) / self._bins).astype(np.int64) - 1
        places = _distinct(np.maximum(shares, 0))
        return _distinct(np.r_[np.partition(finite, places)[places], self._high])  # sorting all takes half as long again


def _distinct(values: npt.NDArray[Ordered]) -> npt.NDArray[Ordered]:
    """The different values in order, of one value at least; `np.unique` loads numpy's masked arrays for the same, which takes longer than a column."""
    ordered = np.sort(values)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]]


def _with_unseen(few: Floats, finite: Floats, bins: int) -> Floats | None:
    """The different values so far; None once there are more than `bins`. A column of many values is found out in its first rows."""
    for value in few:
        finite = finite[finite != value]
    while len(finite):
        fresh = _distinct(finite[:PEEK])
        few = np.r_[few, fresh]
        if len(few) > bins:
            return None
        for value in fresh:
            finite = finite[finite != value]
    return few
