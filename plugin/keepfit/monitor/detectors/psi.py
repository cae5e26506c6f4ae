"""The population stability index, from counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np

from keepfit import plugins
from keepfit.monitor.detectors.counts import cells
from keepfit.monitor.detectors.detector import BOTH, ColumnKind, Effect
from keepfit.monitor.detectors.sides import unmeasured
from keepfit.records import ColumnProfile, Evidence
from keepfit.stats.chi_squared import chi_squared_beyond
from keepfit.stats.homogeneity import Counts

HALF_A_ROW = 0.5


@dataclass(frozen=True)
class PopulationStability:
    """Sum over cells of (p - q) log(p / q), natural logarithm: Jeffreys' divergence; statistic and effect, 0 without a bound.

    Convention: the cells are the profile's bins (the reference's quantiles and both tails) or categories and `other`; a cell
    that is empty on one side counts as `empty_rows` there; cells empty on both are left out. Bankers' rule of thumb: under .1
    stable, over .25 changed. More bins give larger values, so compare only with the same number of bins; where a cell is
    empty on one side the index grows slowly with the rows.

    p: without a change PSI / (1/n + 1/m) is nearly chi-squared with cells - 1 degrees of freedom (Yurdakul & Naranjo,
    J. Risk Model Validation 14, 2020); rough where cells hold fewer than about five rows.
    Blind to missing values and to what happens within one bin.

    >>> from keepfit.records import CategoricalProfile
    >>> a = CategoricalProfile(categories=("x", "y"), counts=(50, 50), n=100, missing=0, other=0)
    >>> b = CategoricalProfile(categories=("x", "y"), counts=(80, 20), n=100, missing=0, other=0)
    >>> round(PopulationStability().compare(a, b, "c").effect, 3)
    0.416
    """

    name: ClassVar[str] = "psi"
    kinds: ClassVar[tuple[ColumnKind, ...]] = BOTH
    effect: ClassVar[Effect] = Effect(unit="divergence", highest=None)
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how different the shares of bins or categories are"
    empty_rows: Annotated[float, plugins.ABOVE_ZERO] = HALF_A_ROW

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side statistic, effect and p are None."""
        a, b = cells(reference, current, column)
        nothing = unmeasured(self.name, column, n=current.n, n_reference=reference.n)
        if not (a.sum() and b.sum()):
            return nothing
        index = index_of(a, b, empty=self.empty_rows)
        p = chi_squared_beyond(float(index / (1 / a.sum() + 1 / b.sum())), len(a) - 1) if len(a) > 1 else 1.0
        return replace(nothing, statistic=index, effect=index, p_value=p, detail="")


def index_of(a: Counts, b: Counts, *, empty: float = HALF_A_ROW) -> float:
    """Return the index of two rows of counts, of which an empty cell counts as `empty` rows."""
    p, q = (np.where(side > 0, side, empty) / side.sum() for side in (a, b))
    return float(((p - q) * np.log(p / q)).sum())
