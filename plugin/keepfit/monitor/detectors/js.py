"""The Jensen-Shannon distance, from counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log, sqrt
from typing import ClassVar

import numpy as np
from scipy.special import chdtrc, rel_entr

from keepfit.monitor.detectors.counts import cells
from keepfit.monitor.detectors.detector import BOTH, ColumnKind, Effect
from keepfit.monitor.detectors.sides import unmeasured
from keepfit.records import ColumnProfile, Evidence
from keepfit.stats.homogeneity import Counts


@dataclass(frozen=True)
class JensenShannon:
    """How far both sides' shares are from their average: statistic is the divergence in bits, effect its root, the distance; 0 to 1.

    With m = (p + q) / 2 the divergence is (KL(p, m) + KL(q, m)) / 2 (Lin, IEEE Trans. Inf. Theory 37, 1991, eq. 4.1); its root is a
    metric (Endres & Schindelin 2003) and is scipy's `jensenshannon(p, q, base=2)`. Unlike PSI it needs no convention for empty cells.

    p: without a change 8 ln(2) D nm/(n + m) is nearly chi-squared with cells - 1 degrees of freedom (the second-order term of D
    is an eighth of the chi-squared distance); rough where cells hold fewer than about five rows.
    Blind to missing values, to the order of numbers and to what happens within one bin.

    >>> from keepfit.records import CategoricalProfile
    >>> a = CategoricalProfile(categories=("x", "y"), counts=(50, 0), n=50, missing=0, other=0)
    >>> b = CategoricalProfile(categories=("x", "y"), counts=(0, 80), n=80, missing=0, other=0)
    >>> JensenShannon().compare(a, b, "c").effect
    1.0
    """

    name: ClassVar[str] = "js"
    kinds: ClassVar[tuple[ColumnKind, ...]] = BOTH
    effect: ClassVar[Effect] = Effect(unit="distance")
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how far both sides' shares are from their average"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side statistic, effect and p are None."""
        a, b = cells(reference, current, column)
        nothing = unmeasured(self.name, column, n=current.n, n_reference=reference.n)
        if not (a.sum() and b.sum()):
            return nothing
        bits = divergence_of(a, b)
        scaled = 8 * log(2) * bits * a.sum() * b.sum() / (a.sum() + b.sum())
        p = float(chdtrc(len(a) - 1, scaled)) if len(a) > 1 else 1.0
        return replace(nothing, statistic=bits, effect=sqrt(bits), p_value=p, detail="")


def divergence_of(a: Counts, b: Counts) -> float:
    """Return the divergence of two rows of counts in bits, between 0 and 1."""
    p, q = a / a.sum(), b / b.sum()
    middle = (p + q) / 2
    nats = float(np.sum(rel_entr(p, middle)) + np.sum(rel_entr(q, middle))) / 2
    return min(max(nats / log(2), 0.0), 1.0)
