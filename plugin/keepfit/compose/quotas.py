"""Quotas: rows leave a training set until every share and cap holds — of a slice, a class, a window, or of what is replayed.

Rows only leave, the highest ranks first. Where several columns have quotas, how many rows of each cell (a carrier's rows of one class …) stay is found by
raking: each column in turn lets its strata give way in proportion, until all hold (Deming & Stephan 1940, but that nothing grows). What rounding leaves
is put right row by row. A quota that the rows cannot fill is short, and is reported so: nothing stands in for rows that are not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from keepfit.compose.allotment import CLOSE, Counts, targets
from keepfit.compose.draws import Hashes, Positions, apportioned, lowest
from keepfit.compose.quality.admissible import Floats
from keepfit.compose.sources import Mask
from keepfit.compose.strata import Coded
from keepfit.errors import ParamsError

ROUNDS, RAKES, SWAPS = 200, 500, 200
FEW_CELLS = 1e6
STAYS, OTHER = -1, -2
Leavers = npt.NDArray[np.int16]
TOP = np.uint64(1) << np.uint64(63)


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """What the strata of one column may and must have: shares of all that train (0 and 1: none), and numbers of rows (-1: no cap).

    `wish`: `low` holds as far as there are rows, and makes no others leave. `where` is the place in params.yaml.
    """

    column: Coded
    low: Floats
    high: Floats
    floor: Counts
    cap: Counts
    wish: bool = False
    where: str = "params.yaml: compose"

    @classmethod
    def none(cls, column: Coded) -> Quotas:
        """No quota on any stratum."""
        n = len(column.names)
        return cls(column=column, low=np.zeros(n), high=np.ones(n), floor=np.zeros(n, np.int64), cap=np.full(n, -1, np.int64))

    def broken(self, counts: Counts) -> bool:
        """Whether a share is missed by a row or more, or a cap by any."""
        total = counts.sum()
        over = (counts >= self.high * total + 1) | ((self.cap >= 0) & (counts > self.cap))
        return bool((over | ((counts <= self.low * total - 1) & (not self.wish))).any())

    def of_what_there_is(self, counts: Counts) -> Quotas:
        """The quotas without a least share of strata that have no rows: nothing stands in for them."""
        return replace(self, low=np.where(counts > 0, self.low, 0.0))

    def distance(self, counts: Counts | Floats, total: int) -> Floats:
        """How many rows each stratum is off its shares."""
        off: Floats = (self.low * total - counts).clip(0) + (counts - self.high * total).clip(0)
        return off

    def wanted(self, counts: Counts | Floats, most: float | None) -> Floats:
        """How many rows of each stratum stay, in parts of rows; raises `ParamsError` where no rows have such shares."""
        available = np.where(self.cap >= 0, np.minimum(counts, self.cap), counts).astype(np.float64)
        low = self.low
        if self.wish:
            low = np.minimum(low, available / max(1.0, targets(available, high=self.high, most=most).sum()))
        found = targets(available, low=low, high=self.high, floor=self.floor, most=most)
        if not found.any() and available.any():
            raise self._contradiction(available)
        return found

    def _contradiction(self, available: Floats) -> ParamsError:
        """Why no number of rows has such shares."""
        there, name = available > 0, self.column.column
        most, least = float(self.high[there].sum()), float(self.low[there].sum())
        if most < 1:
            what = f"at most {most:.0%} of the training rows may be of the {int(there.sum())} values of {name} that there are: the shares leave no row"
        else:
            what = f"at least {least:.0%} of the training rows would have to be of the values of {name}: no row has such shares"
        return ParamsError(what, where=self.where, fix="shares that leave room for 100 %")


def drawn_down(quotas: Sequence[Quotas], rank: Hashes, among: Mask, *, most: int | None = None) -> Leavers:
    """Return for each row the place of the quotas that it leaves for, `len(quotas)` for the cap on all rows; -1: it stays, -2: it is none of these."""
    by: Leavers = np.full(len(rank), OTHER, dtype=np.int16)
    by[among] = STAYS
    quotas = [one.of_what_there_is(one.column.counts(among)) for one in quotas]
    first = _floors(quotas, rank, among)
    order: Hashes = rank >> np.uint64(1)
    np.bitwise_or(order, TOP, out=order, where=~first)
    del rank, first
    _leave(quotas, order, by, None, None)
    if most is not None and (by == STAYS).sum() > most:
        capped = quotas or [Quotas.none(Coded("", ("",), np.zeros(len(by), dtype=np.int32)))]
        _leave(capped, order, by, most, len(quotas))
    return by


def _floors(quotas: Sequence[Quotas], rank: Hashes, among: Mask) -> Mask:
    """The rows that are kept before all others: of each stratum with a floor so many."""
    first = np.zeros(len(rank), dtype=np.bool_)
    for one in quotas:
        for at in np.flatnonzero(one.floor > 0):
            first[lowest(rank, np.flatnonzero(among & (one.column.codes == at)), int(one.floor[at]))] = True
    return first


def _leave(quotas: Sequence[Quotas], order: Hashes, by: Leavers, most: int | None, because: int | None) -> None:
    """Let rows leave by cells, and then one by one for what rounding has left."""
    for round_ in range(ROUNDS):
        rows = np.flatnonzero(by == STAYS)
        cells = Cells.of(quotas, order, rows)
        place = first_broken(quotas, cells, most)
        if place is None:
            return
        wanted, blamed = cells.raked(quotas, most) if round_ == 0 else (cells.mended(quotas[place], place, most), np.full(len(cells.counts), place))
        leaves = cells.leaving(order if len(rows) == len(order) else order[rows], wanted)
        if not len(leaves):
            return
        by[rows[leaves]] = blamed[cells.of_row[leaves]] if because is None else because


def first_broken(quotas: Sequence[Quotas], cells: Cells, most: int | None) -> int | None:
    """Return the place of the first quotas that do not hold over the cells; None: all hold, and so does the cap on all rows."""
    over = most is not None and cells.counts.sum() > most
    return next((place for place, one in enumerate(quotas) if over or one.broken(cells.strata(place, one))), None)


@dataclass(frozen=True)
class Cells:
    """Rows by cell: `of_row` is each row's, `levels[q][cell]` the cell's stratum in the column of the q-th quotas; rows of a floor are cells of their own."""

    of_row: npt.NDArray[Any]
    counts: Counts
    levels: Sequence[npt.NDArray[np.int64]]
    first: Mask

    @classmethod
    def of(cls, quotas: Sequence[Quotas], order: Hashes, rows: Positions) -> Cells:
        """Put rows into cells."""
        sizes = [2, *(len(one.column.names) for one in quotas)]
        most = float(np.prod(sizes, dtype=np.float64))
        keys: npt.NDArray[Any] = (order < TOP)[rows].astype(np.int32 if most <= FEW_CELLS else np.int64)
        for one, size in zip(quotas, sizes[1:], strict=True):
            keys *= size
            keys += one.column.codes[rows]
        there, of_row, counts = numbered(keys, most)
        head, *levels = np.unravel_index(there, sizes)
        return cls(of_row, counts, levels, head == 1)

    def strata(self, place: int, one: Quotas) -> Counts:
        """How many rows each stratum of a column has."""
        return self.sums(place, one, self.counts.astype(np.float64)).astype(np.int64)

    def sums(self, place: int, one: Quotas, rows: Floats) -> Floats:
        """How many of these rows, so many in each cell, each stratum of a column has."""
        return np.bincount(self.levels[place], weights=rows, minlength=len(one.column.names)).astype(np.float64)

    def raked(self, quotas: Sequence[Quotas], most: int | None) -> tuple[Counts, npt.NDArray[np.int64]]:
        """How many rows of each cell stay for all quotas to hold, and the place of those for which most of it left."""
        stay, kept = self.counts.astype(np.float64), np.ones((len(quotas), len(self.counts)))
        for _ in range(RAKES):
            before = stay.sum()
            for place, one in enumerate(quotas):
                less = self._shrunk(stay, place, one, most)
                kept[place] *= np.where(stay > 0, less / np.where(stay > 0, stay, 1), 1.0)
                stay = less
            if before - stay.sum() <= CLOSE * before:
                break
        return self._rounded(stay, quotas), kept.argmin(axis=0)

    def _rounded(self, stay: Floats, quotas: Sequence[Quotas]) -> Counts:
        """Whole rows: by largest remainder, and then a row of one cell for a row of another as long as that brings shares nearer."""
        total = int(stay.sum() + CLOSE * max(1.0, stay.sum()))
        found = apportioned(total, stay) if total else np.zeros(len(stay), dtype=np.int64)
        for _ in range(SWAPS if len(quotas) > 1 else 0):
            less = np.where((found > 0) & ~self.first, self._nearer(found, quotas, -1), np.inf)
            out = int(less.argmin())
            found[out] -= 1
            more = np.where(found < self.counts, self._nearer(found, quotas, 1), np.inf)
            into = int(more.argmin())
            if not less[out] + more[into] < -CLOSE:
                found[out] += 1
                break
            found[into] += 1
        return found

    def _nearer(self, found: Counts, quotas: Sequence[Quotas], step: int) -> Floats:
        """How much further from their shares all strata would be with a row more or less of each cell."""
        change, total = np.zeros(len(found)), found.sum()
        for place, one in enumerate(quotas):
            counts = self.sums(place, one, found.astype(np.float64))
            change += (one.distance(counts + step, total) - one.distance(counts, total))[self.levels[place]]
        return change

    def mended(self, one: Quotas, place: int, most: int | None) -> Counts:
        """How many rows of each cell stay for the quotas of one column to hold."""
        stay = self._shrunk(self.counts.astype(np.float64), place, one, most)
        wanted = self.sums(place, one, stay).astype(np.float64)
        whole, found = apportioned(int(wanted.sum() + CLOSE * max(1.0, wanted.sum())), wanted), np.zeros(len(stay), dtype=np.int64)
        for at in np.flatnonzero(whole):
            cells = np.flatnonzero(self.levels[place] == at)
            found[cells] = apportioned(int(whole[at]), stay[cells])
        return found

    def _shrunk(self, stay: Floats, place: int, one: Quotas, most: int | None) -> Floats:
        """Less of each cell, so that one column's quotas hold: rows of a floor stay the longest."""
        level = self.levels[place]
        counts, of_floors = self.sums(place, one, stay), self.sums(place, one, np.where(self.first, stay, 0.0))
        wanted = one.wanted(counts, most)
        others = counts - of_floors
        keep = np.where(others > 0, (wanted - of_floors) / np.where(others > 0, others, 1), 0.0).clip(0, 1)
        keep_first = np.where(of_floors > 0, wanted / np.where(of_floors > 0, of_floors, 1), 0.0).clip(0, 1)
        return stay * np.where(self.first, keep_first[level], keep[level])

    def leaving(self, order: Hashes, wanted: Counts) -> Positions:
        """The places of the rows that leave for so many to stay of each cell."""
        by_cell = np.argsort(self.of_row.astype(np.int16) if len(self.counts) < 2**15 else self.of_row, kind="stable")
        ends, leaves = np.cumsum(self.counts), np.zeros(len(self.of_row), dtype=np.bool_)
        for at in np.flatnonzero(wanted < self.counts):
            group = by_cell[ends[at] - self.counts[at] : ends[at]]
            leaves[group] = True
            leaves[lowest(order, group, int(wanted[at]))] = False
        return np.flatnonzero(leaves)


def numbered(keys: npt.NDArray[Any], most: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any], Counts]:
    """Return the keys (below `most`) that there are, in order, the place of each row's among them, and how many rows each has."""
    if most > FEW_CELLS:
        return np.unique(keys, return_inverse=True, return_counts=True)
    counts = np.bincount(keys, minlength=1)
    there = np.flatnonzero(counts)
    places = np.zeros(len(counts), dtype=keys.dtype)
    places[there] = np.arange(len(there))
    return there, places[keys], counts[there]
