"""The maximum mean discrepancy of two samples of rows, by random Fourier features and permutations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from keepfit.monitor.detectors.detector import Effect
from keepfit.monitor.detectors.sides import unmeasured
from keepfit.monitor.rows import SUBJECT, Floats
from keepfit.records import Evidence

Singles = npt.NDArray[np.float32]
FOR_WIDTH = 1_000
CHUNK = 100


@dataclass(frozen=True)
class MeanDiscrepancy:
    """How far apart are the mean embeddings of both samples under a Gaussian kernel? Sees every kind of change, given enough rows.

    `statistic` is the unbiased MMD squared (Gretton et al., JMLR 13, 2012, eq. 3), `effect` its root, 0 where it is negative. The kernel
    exp(-|x - y|^2 / (2 w^2)) has w^2 = the median squared distance in the pooled sample (of 1,000 rows), and is replaced by
    `features` random cosines and sines (Rahimi & Recht, NIPS 2007), which makes the cost linear in the rows.

    p by permutations of the pooled rows: exact whatever the distribution, if rows are exchangeable. It is sequential (Besag & Clifford,
    Biometrika 78, 1991): after `stop` permutations that are at least as extreme p = stop / drawn, else after all
    `permutations` (exceeding + 1) / (permutations + 1); so a quiet comparison costs a fraction of a loud one.

    Blind to what is small beside the kernel's width: weak on a change of correlation alone, weaker the more columns are unchanged; the size
    of the effect depends on the kernel and on the number of columns, so it compares only with itself.
    Rows that depend on one another (days, customers) break the permutations: p is then too small.

    >>> rng = np.random.default_rng(0)
    >>> a, b = rng.normal(size=(300, 2)), rng.normal(size=(300, 2)) + 0.5
    >>> MeanDiscrepancy().compare(a, b, rng=rng).p_value < 0.001
    True
    """

    name: ClassVar[str] = "mmd"
    effect: ClassVar[Effect] = Effect(unit="distance", highest=None, relative=True)
    least_rows: ClassVar[int] = 2
    words: ClassVar[str] = "how far apart the mean embeddings of both samples are"
    permutations: int = 3_000
    features: int = 256
    stop: int | None = 20

    def compare(self, reference: Floats, current: Floats, *, rng: np.random.Generator) -> Evidence:
        """Return the evidence; with fewer than two rows on a side statistic, effect and p are None."""
        n, m = len(reference), len(current)
        nothing = unmeasured(self.name, SUBJECT, n=m, n_reference=n, why="fewer than two rows")
        if min(n, m) < self.least_rows:
            return nothing
        embedded = embed(np.concatenate([reference, current]), self.features, rng=rng)
        squared = unbiased(embedded, n)
        p = self._p_value(embedded, n, rng)
        return replace(nothing, statistic=squared, effect=sqrt(max(squared, 0.0)), p_value=p, detail="")

    def _p_value(self, embedded: Singles, n: int, rng: np.random.Generator) -> float:
        observed = distances(np.arange(len(embedded))[None, :] < n, embedded, n)[0]
        exceeding = drawn = 0
        for found in self._permuted(embedded, n, rng):
            hits = np.flatnonzero(found >= observed * (1 - 1e-5))  # single precision: equal samples must count as equal
            if self.stop is not None and exceeding + len(hits) >= self.stop:
                return self.stop / (drawn + int(hits[self.stop - exceeding - 1]) + 1)
            exceeding, drawn = exceeding + len(hits), drawn + len(found)
        return (exceeding + 1) / (self.permutations + 1)

    def _permuted(self, embedded: Singles, n: int, rng: np.random.Generator) -> Iterator[Floats]:
        """The distance under each permutation, in chunks that bound the memory."""
        for start in range(0, self.permutations, CHUNK):
            rows = min(CHUNK, self.permutations - start)
            chosen = np.zeros((rows, len(embedded)), dtype=bool)
            for row in chosen:
                row[rng.permutation(len(embedded))[:n]] = True
            yield distances(chosen, embedded, n)


def embed(rows: Floats, features: int, *, rng: np.random.Generator) -> Singles:
    """Return the random Fourier features of rows, scaled so that each has norm 1: (rows x features), single precision."""
    waves = rng.normal(size=(rows.shape[1], features // 2)) / width(rows, rng=rng)
    phases = (rows @ waves).astype(np.float32)
    waved: Singles = np.concatenate([np.cos(phases), np.sin(phases)], axis=1)
    return waved * np.float32(1 / sqrt(features // 2))


def width(rows: Floats, *, rng: np.random.Generator) -> float:
    """Return the kernel's width: the median distance of different rows among at most 1,000, 1 if they are all the same."""
    some = rows[rng.choice(len(rows), min(len(rows), FOR_WIDTH), replace=False)]
    norms = (some**2).sum(axis=1)
    squared = np.maximum(norms[:, None] + norms - 2 * some @ some.T, 0.0)[np.triu_indices(len(some), 1)]
    apart = squared[squared > 1e-12 * max(float(norms.max()), 1e-300)]
    return sqrt(float(np.median(apart))) if len(apart) else 1.0


def distances(chosen: npt.NDArray[np.bool_], embedded: Singles, n: int) -> Floats:
    """Return the squared distance of both means for each row of `chosen`, which marks the n rows of the first sample."""
    first = chosen.astype(np.float32) @ embedded
    gap = first / n - (embedded.sum(axis=0) - first) / (len(embedded) - n)
    return np.asarray((gap.astype(np.float64) ** 2).sum(axis=1))


def unbiased(embedded: Singles, n: int) -> float:
    """Return the unbiased MMD squared of the first n rows against the others; every row's own similarity, 1, is left out."""
    first, second = (part.astype(np.float64).sum(axis=0) for part in (embedded[:n], embedded[n:]))
    m = len(embedded) - n
    within = (first @ first - n) / (n * (n - 1)) + (second @ second - m) / (m * (m - 1))
    return float(within - 2 * first @ second / (n * m))
