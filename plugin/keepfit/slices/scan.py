"""Every conjunction of at most two literals, and a beam of three: how many rows, how much loss, how surprising.

A conjunction speaks only if its rows are worse than *each* of its generalisations would have them: `a & b` against all rows, against
`a`, and against `b`. Its p-value is the largest of these (intersection-union test: Berger, *Technometrics* 24, 1982), so `a & b` is
never told for what `a` alone explains, and `a` is weaker than `a & b` when only both together are bad.

A pair of columns costs two `bincount`s; all that a pair is compared with are the sums of single literals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from keepfit.slices.codes import CodedColumn
from keepfit.stats.permutation import Population, excess

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
WIDEST = 40
Block = tuple[Codes, Codes, Floats, Floats, Floats, Floats]
EMPTY: Block = (np.empty((0, 2), np.intp), np.empty((0, 2), np.intp), np.empty(0), np.empty(0), np.empty(0), np.empty(0))
Literals = tuple[tuple[int, int], ...]  # (column, code) each, by column


@dataclass(frozen=True)
class Conjunction:
    """One conjunction: its literals, its rows, how surprising (`p`, `z`: the weakest of its comparisons), and of how many tries."""

    literals: Literals
    n: int
    p: float
    z: float
    tests: int


@dataclass(frozen=True)
class Scan:
    """Rows as codes with a loss each; only slices of at least `least` rows, and as many rows outside, are looked at.

    `clusters`: an integer for each row, the same for rows that vary together (days); None takes them as independent.
    """

    columns: Sequence[CodedColumn]
    loss: Floats
    least: int
    clusters: Codes | None = None

    @cached_property
    def whole(self) -> Population:
        """All rows, as the one population."""
        return _population(self.loss)

    @cached_property
    def powers(self) -> list[Floats]:
        """The loss, its square and its cube."""
        return [self.loss**power for power in (1, 2, 3)]

    @cached_property
    def sizes(self) -> list[int]:
        """How many literals each column has."""
        return [len(column.literals) for column in self.columns]

    @cached_property
    def singles(self) -> list[tuple[Floats, Floats, Population]]:
        """For each column the rows, the loss and the population of each of its literals."""
        return [self._singles(column.codes, size) for column, size in zip(self.columns, self.sizes, strict=True)]

    def _singles(self, codes: Codes, size: int) -> tuple[Floats, Floats, Population]:
        n = np.bincount(codes, minlength=size).astype(np.float64)
        sums = [_sums(codes, power, size) for power in self.powers]
        return n, sums[0], Population.of_sums(n, *sums)

    def _supported(self, n: npt.NDArray[Any]) -> Codes:
        return np.flatnonzero((n >= self.least) & (n <= len(self.loss) - self.least)).astype(np.intp)

    def one(self) -> Conjunction | None:
        """Return the most surprising single literal."""
        best: list[Conjunction] = []
        tests = 0
        for column, (n, total, _) in enumerate(self.singles):
            codes = self._supported(n)
            tests += len(codes)
            z, p = excess(n[codes], total[codes], self.whole)
            best += [Conjunction(((column, int(codes[k])),), int(n[codes[k]]), float(p[k]), float(z[k]), 0) for k in _most_surprising(p, z, 1)]
        return _best(best, tests)

    def two(self) -> Conjunction | None:
        """Return the most surprising pair of literals."""
        found = self.pairs
        top = _most_surprising(found.p, found.z, 1)
        return _best([found.candidate(place) for place in top], self._tries(len(found.p), 2))

    @cached_property
    def paired(self) -> list[int]:
        """The columns that pairs are made of: all, or of a wide table the 40 whose own literals are most surprising."""
        if len(self.columns) <= WIDEST:
            return list(range(len(self.columns)))
        least = [min(excess(n, total, self.whole)[1][self._supported(n)], default=1.0) for n, total, _ in self.singles]
        return sorted(sorted(range(len(least)), key=least.__getitem__)[:WIDEST])

    def _tries(self, made: int, depth: int) -> int:
        """What counts as tried: columns were left out for what their rows said, so all that they would have made counts as well."""
        return -(-made * comb(len(self.columns), depth) // max(comb(len(self.paired), depth), 1))

    @cached_property
    def pairs(self) -> LiteralPairs:
        """Every supported pair of literals with its p and z."""
        blocks = [self._pair(i, j) for i, j in combinations(self.paired, 2)]
        return LiteralPairs(*(np.concatenate(parts) for parts in zip(*blocks, strict=True))) if blocks else LiteralPairs(*EMPTY)

    def _pair(self, i: int, j: int) -> Block:
        (_, _, first), (_, _, second), width = self.singles[i], self.singles[j], self.sizes[j]
        joint = self.columns[i].codes * width
        joint += self.columns[j].codes
        counts = np.bincount(joint, minlength=self.sizes[i] * width)
        cells = self._supported(counts)
        if not len(cells):
            return EMPTY
        n, total = counts[cells].astype(np.float64), _sums(joint, self.loss, len(counts))[cells]
        z, p = _weakest([excess(n, total, self.whole), excess(n, total, first.at(cells // width)), excess(n, total, second.at(cells % width))])
        where = np.broadcast_to(np.array([i, j], np.intp), (len(cells), 2))
        return where, np.stack([cells // width, cells % width], axis=1), n, total, p, z

    def three(self, beam: int) -> Conjunction | None:
        """Return the most surprising triple that extends one of the `beam` pairs with the most excess loss over all rows.

        The beam is chosen on the same rows, so the tries are all triples that could have support, not only those looked at.
        """
        _, p_root = excess(self.pairs.n, self.pairs.total, self.whole)
        seeds = [self.pairs.candidate(place) for place in _most_surprising(p_root, -self.pairs.n, beam)]
        most = len(self.loss) // self.least
        tests = self._tries(sum(min(most, prod(self.sizes[column] for column in three)) for three in combinations(self.paired, 3)), 3)
        found = {wider.literals: wider for seed in seeds for wider in self._widened(seed, worth=1 / max(tests, 1))}
        return _best([self._against_parents(one) for one in found.values()], tests)

    def _widened(self, seed: Conjunction, *, worth: float) -> list[Conjunction]:
        """The most surprising triple by each other column, if it speaks against the seed at all."""
        inside, used, found = self.mask(seed.literals), {column for column, _ in seed.literals}, []
        loss, parent = self.loss[inside], _population(self.loss[inside])
        for column in (each for each in self.paired if each not in used):
            codes = self.columns[column].codes[inside]
            counts = np.bincount(codes, minlength=self.sizes[column]).astype(np.float64)
            cells = self._supported(counts)
            z, p = excess(counts[cells], _sums(codes, loss, self.sizes[column])[cells], parent)
            for k in (each for each in _most_surprising(p, z, 1) if p[each] <= worth):
                literals = tuple(sorted((*seed.literals, (column, int(cells[k])))))
                found.append(Conjunction(literals, int(counts[cells[k]]), float(p[k]), float(z[k]), 0))
        return found

    def _against_parents(self, one: Conjunction) -> Conjunction:
        """The same slice, held against all rows and each slice that drops one or two of its literals."""
        rows = self.mask(one.literals)
        n, total = np.array([float(rows.sum())]), np.array([self.loss[rows].sum()])
        wider = [subset for size in range(len(one.literals)) for subset in combinations(one.literals, size)]
        z, p = _weakest([excess(n, total, _population(self.loss[self.mask(subset)])) for subset in wider])
        return Conjunction(one.literals, one.n, float(p[0]), float(z[0]), one.tests)

    def beside(self, wider: Literals, narrower: Literals) -> float:
        """How surprising (p) the wider slice still is without the rows of the narrower one, among the rows that are not in that."""
        outside = ~self.mask(narrower)
        rest = self.loss[outside & self.mask(wider)]
        _, p = excess(np.array([float(len(rest))]), np.array([rest.sum()]), _population(self.loss[outside]))
        return float(p[0])

    def mask(self, literals: Sequence[tuple[int, int]]) -> Mask:
        """The rows that all of these literals hold for."""
        inside = np.ones(len(self.loss), bool)
        for column, code in literals:
            inside &= self.columns[column].codes == code
        return inside


@dataclass(frozen=True)
class LiteralPairs:
    """Every supported pair of literals: columns and codes (m × 2), rows, loss, p and z."""

    columns: Codes
    codes: Codes
    n: Floats
    total: Floats
    p: Floats
    z: Floats

    def candidate(self, place: int) -> Conjunction:
        """One pair."""
        literals = tuple((int(column), int(code)) for column, code in zip(self.columns[place], self.codes[place], strict=True))
        return Conjunction(literals, int(self.n[place]), float(self.p[place]), float(self.z[place]), 0)


def _population(loss: Floats) -> Population:
    """These rows as one population."""
    sums = [np.array([(loss**power).sum()]) for power in (1, 2, 3)]
    return Population.of_sums([float(len(loss))], *sums)


def _sums(codes: Codes, weights: Floats, size: int) -> Floats:
    """The sum of the weights of each code."""
    return np.bincount(codes, weights=weights, minlength=size).astype(np.float64, copy=False)


def _weakest(found: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """The smallest z and the largest p of several comparisons of the same slices."""
    z: Floats = np.min([z for z, _ in found], axis=0)
    p: Floats = np.max([p for _, p in found], axis=0)
    return z, p


def _most_surprising(p: Floats, z: Floats, most: int) -> list[int]:
    """The places of the smallest p; where p is too small for a float, of the largest z."""
    return [int(place) for place in np.lexsort((-z, p))[:most]]


def _best(found: Sequence[Conjunction], tests: int) -> Conjunction | None:
    best = min(found, key=lambda one: (one.p, -one.z), default=None)
    return None if best is None else Conjunction(best.literals, best.n, best.p, best.z, tests)
