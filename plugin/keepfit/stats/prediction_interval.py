"""Where the next value lies, told by the values before it: Student's prediction interval, on a scale on which values are symmetric.

The next of n + 1 independent normal values lies within mean ± t(1 - alpha; n - 1) s sqrt(1 + 1/n) on either side with chance 1 - alpha exactly, however few
there are (Hahn & Meeker, Statistical Intervals, 1991, section 4.7). The smallest and the largest of n values are no such bounds: a new value lies outside
them with chance 2 / (n + 1), one in three for n = 5.

Counts and spreads are taken on the log scale, shares on the arcsine scale, on which the variance of a binomial or beta-binomial share does not depend on the
share (Anscombe, Biometrika 35, 1948). Where values have longer tails than normal ones, Student's law with the degrees of freedom that have their kurtosis is
taken as well and the wider bound counts, so that an interval is never narrower than the exact one. A value that was counted has at least the error of its
count (`least`).

Blind to dependence between the values (`trend.py` looks for it), and to what no value has shown yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from keepfit.errors import DataError
from keepfit.stats.arrays import Array
from keepfit.stats.bounds import quantile

Scale = Literal["plain", "log", "arcsine"]
FEWEST = 5
"""With fewer values a bound at a small chance lies so far out that it says nothing: t(0.999; 3) is 10."""
TO: Mapping[Scale, Callable[[Array], Array]] = {"plain": lambda value: value, "log": np.log, "arcsine": lambda value: np.arcsin(np.sqrt(value))}
RIGHT_ANGLE = math.pi / 2


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What `n` values say of the next one, on `scale`: their `centre`, the `error` of the next value around it (sqrt(1 + 1/n) in it), the `tails` of their law.

    `tails` are degrees of freedom by the values' kurtosis, infinite where it is not above the normal law's.
    """

    scale: Scale
    centre: float
    error: float
    n: int
    tails: float = math.inf

    def low(self, alpha: float) -> float:
        """Return what the next value falls below with chance `alpha`; minus infinity (0 of a share) where nothing is known to be that rare."""
        return self._back(self.centre - self._reach(alpha))

    def high(self, alpha: float) -> float:
        """Return what the next value exceeds with chance `alpha`."""
        return self._back(self.centre + self._reach(alpha))

    def apart(self, one: float, other: float) -> float:
        """Return how far two values lie apart, in errors of the next value.

        >>> round(predict([98.0, 101.0, 100.0, 99.0, 102.0], "plain").apart(100.0, 103.464), 3)
        2.0
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            there = float(np.ptp(TO[self.scale](np.array([one, other], dtype=np.float64))))
        return there / self.error if self.error > 0 else math.inf

    def _reach(self, alpha: float) -> float:
        normal = quantile(1 - alpha, self.n - 1)
        longer = quantile(1 - alpha, self.tails) * math.sqrt(1 - 2 / self.tails) if math.isfinite(self.tails) else 0.0
        return max(normal, longer) * self.error

    def _back(self, value: float) -> float:
        if self.scale == "arcsine":
            return math.sin(min(max(value, 0.0), RIGHT_ANGLE)) ** 2
        if self.scale == "log":
            return math.exp(value) if value < 700 else math.inf
        return value


def predict(values: Sequence[float], scale: Scale, *, least: Sequence[float] = ()) -> Prediction:
    """Return what the values (one a window, finite, possible on the scale) say of the next.

    `least` are the variances on the scale that each value has of its own, as a count has: the values' variance is at least their mean.
    Raises `DataError` for fewer than five values and for one that the scale does not know.

    >>> found = predict([98.0, 101.0, 100.0, 99.0, 102.0], "plain")
    >>> round(found.low(0.005), 2), round(found.high(0.005), 2)
    (92.03, 107.97)
    """
    if len(values) < FEWEST:
        raise DataError(f"{len(values)} values predict nothing", fix=f"at least {FEWEST}")
    with np.errstate(divide="ignore", invalid="ignore"):
        there = TO[scale](np.asarray(values, dtype=np.float64))
    if not np.isfinite(there).all():
        raise DataError(f"a value is not possible on the scale {scale}", fix="positive numbers for log, shares from 0 to 1 for arcsine")
    own = float(np.mean(least)) if len(least) else 0.0
    n = len(there)
    error = math.sqrt(max(float(there.var(ddof=1)), own) * (1 + 1 / n))
    return Prediction(scale=scale, centre=float(there.mean()), error=error, n=n, tails=_tails(there))


def _tails(values: Array) -> float:
    """Student's degrees of freedom with the values' excess kurtosis (Fisher's unbiased G2), 6 / (v - 4); infinite where there is none."""
    n, variance = len(values), float(values.var())
    if variance <= 0 or float(np.ptp(values)) <= 1e-9 * float(np.abs(values).max()):
        return math.inf
    excess = float(((values - values.mean()) ** 4).mean()) / variance**2 - 3
    unbiased = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6)
    return 4 + 6 / unbiased if unbiased > 0 else math.inf


def of_count(mean: float, n: float, *, windows: int) -> Prediction:
    """Return what a mean count of `mean` among `n` rows, over so many windows, says of the next share: its own error on the logit scale and nothing else.

    On the arcsine scale a share that was never above 0 has no error to speak of; but that none of 30,000 rows in six windows was missing does not make
    ten missing ones an alarm. The variance is Haldane's (Annals of Human Genetics 20, 1956): half a row is added on either side.

    >>> [round(share_above(of_count(0, 30_000, windows=windows), 0.001), 4) for windows in (6, 12, 60)]
    [0.1192, 0.0062, 0.0017]
    """
    yes, no = mean + 0.5, n - mean + 0.5
    return Prediction(scale="plain", centre=math.log(yes / no), error=math.sqrt((1 / yes + 1 / no) * (1 + 1 / windows)), n=windows)


def of_odds(values: Sequence[float]) -> Prediction | None:
    """Return what shares say of the next one on the logit scale, as rates that vary by factors do; None where one of them is 0 or 1, which has no odds.

    >>> rates = [0.01, 0.02, 0.08, 0.01, 0.03]
    >>> share_above(of_odds(rates), 0.001) > predict(rates, "arcsine").high(0.001) > 0.2
    True
    """
    if not all(0 < value < 1 for value in values):
        return None
    return predict([math.log(value / (1 - value)) for value in values], "plain")


def share_above(predicted: Prediction, alpha: float) -> float:
    """Return the share that the next one exceeds with chance `alpha`, of a prediction on the logit scale."""
    return 1 / (1 + math.exp(-predicted.high(alpha)))
