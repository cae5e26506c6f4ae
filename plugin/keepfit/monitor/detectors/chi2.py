"""Pearson's chi-squared test of homogeneity, from counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from keepfit import plugins
from keepfit.monitor.detectors.counts import cells
from keepfit.monitor.detectors.detector import BOTH, OF_ROWS, ColumnKind, Effect
from keepfit.monitor.detectors.sides import unmeasured
from keepfit.records import ColumnProfile, Evidence
from keepfit.stats.homogeneity import pool_sparse, statistic_of, variation


@dataclass(frozen=True)
class ChiSquared:
    """Are both sides' counts draws from one distribution? `statistic` is chi-squared, with Yates' correction for two cells.

    `effect` is the total variation distance (0 to 1): the share of rows that sit in other categories than before, the same
    scale as the KS gap. Equal to scipy's `chi2_contingency` on the table of both rows of counts; a value that is none of
    the reference's categories counts in the cell `other`.

    Cells that hold less than `least_expected` expected rows on either side are pooled into one (Cochran, Biometrics 10, 1954: no
    expected count below 1), smallest first and until the pool holds as many. His second rule, at most a fifth of the
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
    kinds: ClassVar[tuple[ColumnKind, ...]] = BOTH
    effect: ClassVar[Effect] = OF_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "the share of rows that sit in other categories or bins than before"
    least_expected: Annotated[float, plugins.AT_LEAST_ZERO] = 1.0

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side statistic, effect and p are None."""
        a, b = cells(reference, current, column)
        nothing = unmeasured(self.name, column, n=current.n, n_reference=reference.n)
        if not (a.sum() and b.sum()):
            return nothing
        statistic, p = statistic_of(*pool_sparse(a, b, least=self.least_expected))
        return replace(nothing, statistic=statistic, effect=variation(a, b), p_value=p, detail="")
