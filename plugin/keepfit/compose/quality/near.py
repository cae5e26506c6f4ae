"""Rows that nearly repeat another: the same categories, every number within a tolerance, texts that share most of their runs of letters.

What is compared is bounded. Rows of the same categories are put in order by a sum of their numbers (two different sums, one after the other), or by pieces of
their texts' signatures, and each is held against its next `NEXT` neighbours alone. So the cost grows with the rows, not with their pairs; where very many
rows lie within the tolerance of each other, some pairs are missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keepfit.compose.draws import Hashes, mixed
from keepfit.compose.quality.text_signatures import BANDS, band_keys, resemblance

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
NEXT = 6
SUMS, GOLDEN = 2, 0.6180339887498949
TOLERANCE = 0.001
ALIKE = 0.8


@dataclass(frozen=True, kw_only=True)
class Comparable:
    """Rows as they are compared: `same` is a key of all that must be equal, `numbers` has a row each (NaN where missing), `texts` a signature a column."""

    same: Hashes
    numbers: npt.NDArray[np.float32]
    texts: Sequence[npt.NDArray[np.uint32]] = ()

    def rows(self, at: Positions) -> Comparable:
        """Return these rows only."""
        return Comparable(same=self.same[at], numbers=self.numbers[at], texts=[one[at] for one in self.texts])


def scaled(numbers: Floats, tolerance: float = TOLERANCE) -> npt.NDArray[np.float32]:
    """Return a column in units of what counts as near: `tolerance` times the range of its middle half; where that is nothing, of its standard deviation.

    >>> scaled(np.array([0.0, 1.0, 2.0, 3.0, 4.0]), 0.5).tolist()
    [-2.0, -1.0, 0.0, 1.0, 2.0]
    """
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return np.full(len(numbers), np.nan, np.float32)
    low, high = np.quantile(known, [0.25, 0.75])
    unit = tolerance * (float(high - low) or float(np.std(known)) or 1.0)
    with np.errstate(over="ignore"):
        return ((numbers - np.median(known)) / unit).astype(np.float32)


def near_repeats(rows: Comparable, order: Positions) -> tuple[Positions, Positions]:
    """Return the rows that nearly repeat one that stands before them in `order` and repeats none itself, each with that row.

    >>> rows = Comparable(same=np.zeros(4, np.uint64), numbers=np.array([[0.0], [5.0], [0.5], [1.2]], np.float32))
    >>> [found.tolist() for found in near_repeats(rows, np.arange(4))]  # 1.2 is near .5, which is left out, but not near 0
    [[2], [0]]
    """
    ordered = rows.rows(order)
    earlier, later = _pairs(ordered)
    beside = np.full(len(order), -1, np.int64)
    for first, second in zip(earlier.tolist(), later.tolist(), strict=True):
        if beside[second] < 0 and beside[first] < 0:
            beside[second] = first
    found = np.flatnonzero(beside >= 0)
    return order[found], order[beside[found]]


def near_pairs(rows: Comparable) -> tuple[Positions, Positions]:
    """Return all pairs that were found, the earlier row of each first."""
    return _pairs(rows)


def _pairs(rows: Comparable) -> tuple[Positions, Positions]:
    """The pairs in order of the later row, then of the earlier."""
    found = [np.stack(pair, axis=1) for pair in _candidates(rows)]
    pairs = np.unique(np.concatenate(found), axis=0) if found else np.empty((0, 2), np.int64)
    pairs = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
    return pairs[:, 0], pairs[:, 1]


def _candidates(rows: Comparable) -> Iterator[tuple[Positions, Positions]]:
    same = rows.same ^ _which_are_missing(rows.numbers)
    if rows.texts:
        for band in range(BANDS):
            yield from _neighbours(rows, mixed(same ^ band_keys(rows.texts, band)), None)
        return
    for one in range(SUMS if rows.numbers.shape[1] else 1):
        place = np.arange(1, rows.numbers.shape[1] + 1) * (one + 1)
        weights = (0.5 + place * GOLDEN % 1).astype(np.float32)  # weights that nothing has in common, and no library's chance
        yield from _neighbours(rows, same, np.nan_to_num(rows.numbers) @ weights)


def _neighbours(rows: Comparable, same: Hashes, by: npt.NDArray[np.float32] | None) -> Iterator[tuple[Positions, Positions]]:
    """The pairs that hold, of rows of one key that are neighbours in an order."""
    order = np.lexsort((np.arange(len(same)), same)) if by is None else np.lexsort((by, same))
    for step in range(1, NEXT + 1):
        a, b = order[:-step], order[step:]
        alike = same[a] == same[b]
        if not alike.any():
            return
        a, b = a[alike], b[alike]
        kept = _near(rows, a, b)
        yield np.minimum(a[kept], b[kept]), np.maximum(a[kept], b[kept])


def _near(rows: Comparable, a: Positions, b: Positions) -> npt.NDArray[np.bool_]:
    kept = np.ones(len(a), np.bool_)
    for column in rows.numbers.T:
        gap = np.abs(column[a] - column[b])
        kept &= ~(gap > 1)  # both missing: equal
    for signatures in rows.texts:
        kept[kept] = resemblance(signatures[a[kept]], signatures[b[kept]]) >= ALIKE
    return kept


def _which_are_missing(numbers: npt.NDArray[np.float32]) -> Hashes:
    """A key of which numbers of a row are missing."""
    found = np.zeros(len(numbers), np.uint64)
    for column in numbers.T:
        found = mixed(found ^ np.isnan(column).astype(np.uint64))
    return found
