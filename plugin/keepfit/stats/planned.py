"""What a window may find before any model was compared on one: an order of magnitude, from its rows and days, for a first bound.

The paired gain of two models on n rows has the standard error `spread` x sqrt(design / n). Rows of one day vary together: with m rows a day and an
intraclass correlation r of their gains the design effect is 1 + (m - 1) r (Kish, Survey Sampling, 1965). Assumed until something was measured:
r = .02, and of AUC that the better model reaches .75 and that the two models' answers correlate by .8. On five real streams the loss that was found in
truth lay between a fifth and one and a half of what is planned here. The first scorecard says what holds: `keepfit rules check`.

>>> round(planned_loss(rows=27_000, days=30, spread=auc_spread(0.23)), 3)
0.038
"""

from __future__ import annotations

import math

from keepfit.stats.bounds import quantile

INTRACLASS = 0.02
CORRELATION = 0.8
AREA = 0.75
POWER = 0.8
ABSOLUTE_ERRORS = 0.24
"""The spread of a paired difference of two models' absolute errors, as a share of the error of always saying the median: of half of it, whose
standard deviation is .756 of its mean (half-normal), and correlated by .8."""


def planned_loss(*, rows: int, days: int, spread: float, confidence: float = 0.95, power: float = POWER) -> float:
    """Return the loss that a window of so many rows on so many days finds with that power; `spread` is that of one row's paired difference."""
    groups = max(2, min(days, rows))
    design = 1 + max(0.0, rows / groups - 1) * INTRACLASS
    return (quantile(confidence, groups - 1) + quantile(power)) * spread * math.sqrt(design / max(rows, 1))


def auc_spread(positives: float) -> float:
    """Return the spread of a paired difference in AUC, where this share of the rows is of one class (Hanley & McNeil 1982, the rarer class alone)."""
    rarer = min(max(positives, 1e-3), 1 - min(positives, 1 - 1e-3))
    return math.sqrt(AREA * (1 - AREA) / rarer * 2 * (1 - CORRELATION))


def error_spread(trivial: float) -> float:
    """Return the spread of a paired difference in the share of wrong answers, where always answering the commonest class is wrong in `trivial` of them.

    Assumed until something was measured: half of that is wrong, and the two models' errors correlate as answers do.
    """
    wrong = min(max(trivial / 2, 1e-3), 0.5)
    return math.sqrt(wrong * (1 - wrong) * 2 * (1 - CORRELATION))


def absolute_spread(trivial: float) -> float:
    """Return the spread of a paired difference in absolute error, where always saying the median is off by `trivial` on average."""
    return ABSOLUTE_ERRORS * trivial
