"""Pearson's chi-squared test of homogeneity, from counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from scipy.special import chdtrc

from keepfit.monitor.detectors.counts import Counts, cells
from keepfit.monitor.detectors.sides import unmeasured
from keepfit.records import ColumnProfile, Evidence


@dataclass(frozen=True)
class ChiSquared:
    """Are both sides' counts draws from one distribution? `statistic` is chi-squared, with Yates' correction for two cells.

    `effect` is the total variation distance (0 to 1): the share of rows that sit in other categories than before, the same
    scale as the KS gap. Equal to scipy's `chi2_contingency` on the table of both rows of counts; a value that is none of
    the reference's categories counts in the cell `other`.

    Cells that hold less than one expected row on either side are pooled into one (Cochran, Biometrics 10, 1954: no expected
    count below 1), smallest first and until the pool holds one. His second rule, at most a fifth of the
    cells below five, is not applied, so that published tables with rare categories come out as published.

    Blind to missing values, to which rare category (past the reference's most frequent) a row is in, and to the order of
    numbers. p is asymptotic: somewhat too small where many expected counts are between one and five.

    >>> from keepfit.records import CategoricalProfile
    >>> a = CategoricalProfile(categories=("x", "y"), counts=(50, 50), n=100, missing=0, other=0)
    >>> b = CategoricalProfile(categories=("x", "y"), counts=(80, 20), n=100, missing=0, other=0)
    >>> found = ChiSquared().compare(a, b, "c")
    >>> round(found.statistic, 2), round(found.effect, 2)
    (18.48, 0.3)
    """

    name: ClassVar[str] = "chi2"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side statistic, effect and p are None."""
        a, b = cells(reference, current, column)
        nothing = unmeasured(self.name, column, n=current.n, n_reference=reference.n)
        if not (a.sum() and b.sum()):
            return nothing
        statistic, p = statistic_of(*pool_sparse(a, b))
        return replace(nothing, statistic=statistic, effect=variation(a, b), p_value=p, detail="")


def statistic_of(a: Counts, b: Counts) -> tuple[float, float]:
    """Return chi-squared and its p-value for two rows of counts, no cell empty on both sides; one cell is (0, 1)."""
    if len(a) < 2:
        return 0.0, 1.0
    observed = np.stack([a, b])
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / observed.sum()
    distance = np.abs(observed - expected)
    if len(a) == 2:
        distance = distance - np.minimum(0.5, distance)
    statistic = float((distance**2 / expected).sum())
    return statistic, float(chdtrc(len(a) - 1, statistic))


def pool_sparse(a: Counts, b: Counts, *, least: float = 1.0) -> tuple[Counts, Counts]:
    """Return both rows with their sparse cells added into one, the last: a cell is sparse with fewer than `least` expected rows on the smaller side.

    A pool that is sparse itself takes in the next smallest cell. Without sparse cells both rows come back as they are.

    >>> import numpy as np
    >>> pool_sparse(np.array([50.0, 1.0, 1.0, 1.0]), np.array([50.0, 0.0, 0.0, 0.0]))[0].tolist()
    [50.0, 3.0]
    """
    totals = a + b
    expected = totals * min(a.sum(), b.sum()) / totals.sum()
    order = np.argsort(expected, kind="stable")
    sparse = int((expected < least).sum())
    if not sparse:
        return a, b
    reached = int(np.searchsorted(np.cumsum(expected[order]), least)) + 1  # cells until the pool holds enough
    pool = order[: max(sparse, reached)]
    kept = np.setdiff1d(np.arange(len(a)), pool)
    return np.append(a[kept], a[pool].sum()), np.append(b[kept], b[pool].sum())


def variation(a: Counts, b: Counts) -> float:
    """Return the total variation distance of two rows of counts: half the sum of the shares' absolute differences."""
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)
