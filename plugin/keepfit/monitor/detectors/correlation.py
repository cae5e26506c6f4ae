"""Pairwise correlation: do numeric columns go together as before? From the pairs of two windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atanh, sqrt
from typing import ClassVar

from scipy.special import ndtr

from keepfit.monitor.detectors.detector import Effect
from keepfit.monitor.detectors.sides import unmeasured
from keepfit.profiles.pairs import correlation
from keepfit.records import Evidence, PairProfile

BRIM = 1 - 1e-9  # Fisher's z of a correlation of 1 would be infinite


@dataclass(frozen=True)
class Correlation:
    """Has the rank correlation of two columns changed? `statistic` is the correlation now, `effect` the absolute change (0 to 2).

    The correlation is Spearman's, read from the reference's quantile bins (`profiles/pairs.py`). p compares Fisher's z = atanh(r) of both
    sides, with the variance (1 + r^2 / 2) / (n - 3) that Bonett & Wright (Psychometrika 65, 2000, eq. 4) give for Spearman's r.

    Blind to categorical columns, to a change of how columns go together that is not monotone, to three columns at once, and
    to the columns' own distributions. A shift of one column far out of the reference's range piles its values into the outer bin and
    lowers the correlation: read it after the columns themselves. p is rough for columns of two or three values.

    >>> before = PairProfile(quadrants=(250, 250, 250, 250), a=500, b=500, aa=500, bb=500, ab=250)
    >>> now = PairProfile(quadrants=(400, 100, 100, 400), a=500, b=500, aa=500, bb=500, ab=400)
    >>> found = Correlation().compare(before, now, "x|y")
    >>> round(found.statistic, 2), round(found.effect, 2), found.p_value < 0.001
    (0.6, 0.6, True)
    """

    name: ClassVar[str] = "correlation"
    effect: ClassVar[Effect] = Effect(unit="change of correlation", highest=2.0)
    least_rows: ClassVar[int] = 4
    words: ClassVar[str] = "how much the rank correlation of two columns changed"

    def compare(self, reference: PairProfile, current: PairProfile, pair: str) -> Evidence:
        """Return the evidence of one pair; without four complete rows on both sides, or with a constant, statistic, effect and p are None."""
        nothing = unmeasured(self.name, pair, n=current.n, n_reference=reference.n, why="too few rows or a constant")
        before, now = correlation(reference), correlation(current)
        if before is None or now is None or min(reference.n, current.n) < self.least_rows:
            return nothing
        error = sqrt(sum((1 + r * r / 2) / (n - 3) for r, n in ((before, reference.n), (now, current.n))))
        z = abs(_z(now) - _z(before)) / error
        p = min(1.0, 2 * float(ndtr(-z)))
        return replace(nothing, statistic=now, effect=abs(now - before), p_value=p, detail=f"correlation {before:.2f} before, {now:.2f} now")


def _z(r: float) -> float:
    return atanh(min(max(r, -BRIM), BRIM))
