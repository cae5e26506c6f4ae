"""The Kolmogorov distribution, without scipy: importing `scipy.special` takes as long as half of a comparison of two tables."""

from __future__ import annotations

from math import exp, pi, sqrt

CUT = 0.82
"""Where the two series are equally short."""
NEVER_BELOW = pi / sqrt(746 * 8)
"""Below it the distribution function is less than the smallest float."""


def kolmogorov_beyond(x: float) -> float:
    """Return the chance that a Kolmogorov variable is larger than `x`, the limit of sqrt(n) times the largest gap of a Kolmogorov-Smirnov test.

    Both series (Kolmogorov, Giorn. Ist. Ital. Attuari 4, 1933; Marsaglia, Tsang & Wang, J. Stat. Softw. 8(18), 2003) with as many terms as a float can
    hold, in the order of `scipy.special.kolmogorov`, whose digits it gives. NaN stays NaN.

    >>> round(kolmogorov_beyond(1.36), 3)
    0.049
    """
    if x <= NEVER_BELOW:
        return 1.0
    return _by_small(x) if x <= CUT else _by_large(x)


def _by_small(x: float) -> float:
    """1 - sqrt(2 pi) / x * (u + u^9 + u^25 + u^49 ...) with u = exp(-pi^2 / (8 x^2))."""
    log_u8 = -pi * pi / (x * x)
    u, u8 = exp(log_u8 / 8), exp(log_u8)
    inner = 1 + u8 * (1 + u8 * u8 * (1 + u8**3))
    return min(max(1 - sqrt(2 * pi) / x * u * inner, 0.0), 1.0)


def _by_large(x: float) -> float:
    """2 (v - v^4 + v^9 - v^16 ...) with v = exp(-2 x^2)."""
    v = exp(-2 * x * x)
    v3 = v**3
    inner = 1 - v3 * (1 - v3 * (v * v) * (1 - v3 * v3 * v))
    return min(max(2 * v * inner, 0.0), 1.0)
