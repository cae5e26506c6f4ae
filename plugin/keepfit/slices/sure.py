"""How sure a found slice is, as it is told: an interval and a p-value of one effect, one test and one level, on all rows.

A search looks at thousands of slices and, after the first, at the rows that are left. What is told is a fact about the whole table,
so it is judged there once more: the interval is simultaneous over all slices that were looked at (Bonferroni), and the p-value is
the larger of the search's own (permutation, after control) and that of the very interval. So a p-value of at most `alpha` always
stands beside an interval without zero, whichever round the slice was found in and whatever made the search look there.

Rows that vary together (days) are in the standard error that is given, with Student's t for few of them. The interval is Wald's, so on few rows
it is the search's own p-value that holds the error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr, ndtri, stdtr, stdtrit


@dataclass(frozen=True, kw_only=True)
class Sureness:
    """The simultaneous interval of an effect and its p-value after control."""

    low: float
    high: float
    p_value: float


def sureness(effect: float, error: float, *, p_value: float, tests: int, alpha: float, freedom: float = 0) -> Sureness:
    """Return how sure an effect with this standard error is, one of `tests` that were looked at; `p_value` is the search's own.

    `freedom`: of Student's t; 0 takes the normal law.

    >>> found = sureness(0.1, 0.02, p_value=1e-9, tests=100, alpha=0.01)
    >>> round(found.low, 3), round(found.high, 3), found.p_value < 0.01
    (0.022, 0.178, True)
    >>> zero = sureness(0.07, 0.02, p_value=1e-9, tests=100, alpha=0.01)
    >>> zero.low < 0 < zero.high, zero.p_value > 0.01
    (True, True)
    """
    level = alpha / (2 * max(tests, 1))
    reach = -float(stdtrit(freedom, level) if freedom else ndtri(level)) * error
    z = abs(effect) / error if error > 0 else math.copysign(math.inf, abs(effect)) if effect else 0.0
    of_interval = min(1.0, 2 * max(tests, 1) * float(stdtr(freedom, -z) if freedom else ndtr(-z)))
    return Sureness(low=effect - reach, high=effect + reach, p_value=max(p_value, of_interval))
