"""The share of values that are missing (or infinite): a test of two proportions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from keepfit.monitor.detectors.detector import EVERY, OF_ROWS, ColumnKind, Effect
from keepfit.monitor.detectors.sides import unmeasured
from keepfit.records import ColumnProfile, Evidence, NumericProfile
from keepfit.stats.homogeneity import Counts, statistic_of


@dataclass(frozen=True)
class Missing:
    """Are more or fewer values unusable than before? `effect` is the absolute change of their share, p from chi-squared with Yates' correction.

    Unusable is NULL, NaN and plus or minus infinity. Blind to the values themselves; the other detectors are blind to this.

    >>> from keepfit.records import CategoricalProfile
    >>> a = CategoricalProfile(categories=("x",), counts=(100,), n=100, missing=0, other=0)
    >>> b = CategoricalProfile(categories=("x",), counts=(60,), n=60, missing=40, other=0)
    >>> Missing().compare(a, b, "c").effect
    0.4
    """

    name: ClassVar[str] = "missing"
    kinds: ClassVar[tuple[ColumnKind, ...]] = EVERY
    effect: ClassVar[Effect] = OF_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how much more or fewer values are missing"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a row on either side statistic, effect and p are None."""
        a, b = _split(reference), _split(current)
        nothing = unmeasured(self.name, column, n=int(b.sum()), n_reference=int(a.sum()), why="no rows on one side")
        if not (a.sum() and b.sum()):
            return nothing
        kept = (a + b) > 0
        statistic, p = statistic_of(a[kept], b[kept])
        before, now = (float(side[0] / side.sum()) for side in (a, b))
        detail = f"missing: {before:.1%} before, {now:.1%} now"
        return replace(nothing, statistic=statistic, effect=abs(now - before), p_value=p, detail=detail)


def _split(profile: ColumnProfile) -> Counts:
    unusable = profile.missing + (profile.nonfinite if isinstance(profile, NumericProfile) else 0)
    return np.array([unusable, profile.n], dtype=np.float64)
