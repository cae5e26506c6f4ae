"""The upper tail of chi-squared, without scipy: importing `scipy.special` takes as long as half of a comparison of two tables."""

from __future__ import annotations

from math import erfc, exp, pi, sqrt

MANY = 200
"""More degrees of freedom than a sum of so few terms is exact for: left to scipy."""
NOTHING = 1_400.0
"""Half a statistic beyond which the tail of `MANY` degrees of freedom is less than the smallest float."""


def chi_squared_beyond(statistic: float, degrees: int) -> float:
    """Return the chance that chi-squared with so many degrees of freedom (at least 1) is larger than `statistic`; below 0 it is 1, NaN stays NaN.

    For whole degrees of freedom the incomplete gamma function is a finite sum of positive terms (Abramowitz & Stegun 26.4.4 and 26.4.5), exact to
    about thirteen digits wherever the chance is a normal float.

    >>> round(chi_squared_beyond(3.841, 1), 3), round(chi_squared_beyond(9.488, 4), 3)
    (0.05, 0.05)
    """
    if degrees > MANY:
        from scipy.special import chdtrc

        return float(chdtrc(degrees, statistic))
    half = statistic / 2
    if half <= 0:
        return 1.0
    if half > NOTHING:
        return 0.0
    root = exp(-half / 2)  # half of the exponent is left to the end: no term of the sum is then too large for a float, nor its first too small
    odd = degrees % 2
    term, total = (root * 2 * sqrt(half / pi) if odd else root), 0.0
    for place in range(degrees // 2):
        total += term
        term *= half / (place + (1.5 if odd else 1))
    return min(total * root + (erfc(sqrt(half)) if odd else 0.0), 1.0)
