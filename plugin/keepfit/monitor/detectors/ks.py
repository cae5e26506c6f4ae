"""The two-sample Kolmogorov-Smirnov test, from counts on common edges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import ClassVar

import numpy as np

from keepfit.monitor.detectors.detector import NUMBERS, OF_ROWS, ColumnKind, Effect
from keepfit.monitor.detectors.sides import numbers_of, unmeasured
from keepfit.records import ColumnProfile, Evidence, NumericProfile
from keepfit.stats.kolmogorov import kolmogorov_beyond


@dataclass(frozen=True)
class KolmogorovSmirnov:
    """Largest gap between two distribution functions, read at the edges; the gap is statistic and effect (0 to 1).

    Where every value lies on an edge (a column of few values) it is scipy's `ks_2samp`; elsewhere the edges are the
    reference's quantiles and the gap is at most one bin's share too small, so p is never too small for continuous values.
    p is asymptotic (`method="asymp"`), with the finite-sample correction of Vrbik (Pioneer J. Theor. Appl. Stat. 15, 2018).

    Blind to missing values, to what happens within one bin, weak for tails and for a changed spread.

    >>> half = dict(edges=(0.0, 1.0), missing=0, nonfinite=0, total=0.0, total_squared=0.0, low=0.0, high=1.0)
    >>> a, b = NumericProfile(counts=(0, 90, 10), n=100, **half), NumericProfile(counts=(0, 50, 50), n=100, **half)
    >>> KolmogorovSmirnov().compare(a, b, "x").effect
    0.4
    """

    name: ClassVar[str] = "ks"
    kinds: ClassVar[tuple[ColumnKind, ...]] = NUMBERS
    effect: ClassVar[Effect] = OF_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "the largest gap between both distribution functions"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side statistic, effect and p are None."""
        a, b = numbers_of(self.name, reference, current, column)
        nothing = unmeasured(self.name, column, n=b.n, n_reference=a.n)
        if not (a.n and b.n):
            return nothing
        gap = gap_of(a, b)
        return replace(nothing, statistic=gap, effect=gap, p_value=p_of(gap, a.n, b.n), detail="")


def gap_of(reference: NumericProfile, current: NumericProfile) -> float:
    """Return the largest absolute difference of the two distribution functions over the edges."""
    below = [np.cumsum(profile.counts)[:-1] / profile.n for profile in (reference, current)]
    return float(np.max(np.abs(below[0] - below[1]), initial=0.0))


def p_of(gap: float, n_a: int, n_b: int) -> float:
    """Return the chance of a gap at least this large if nothing changed; ties make it conservative.

    >>> round(p_of(0.0116, 10_000, 10_000), 3)
    0.508
    """
    effective = max(round(n_a * n_b / (n_a + n_b)), 1)  # rounded as scipy does
    x = sqrt(effective) * gap
    return kolmogorov_beyond(max(x + 1 / (6 * sqrt(effective)) + (x - 1) / (4 * effective), 0.0)) if gap else 1.0
