"""One-sided bounds from a standard error: Student's t where the error is estimated from rows, else the normal law."""

from __future__ import annotations


def quantile(confidence: float, freedom: float = 0) -> float:
    """Return how many standard errors a bound at this one-sided confidence lies away: Student's t with `freedom`, the normal law for 0.

    >>> round(quantile(0.95), 4), round(quantile(0.95, 9), 4)
    (1.6449, 1.8331)
    """
    from scipy.special import ndtri, stdtrit

    return float(stdtrit(freedom, confidence) if freedom else ndtri(confidence))


def p_below(value: float, error: float, freedom: float = 0) -> float:
    """Return the one-sided p-value of "it is not below zero" for an estimate with this standard error; without an error it is sure.

    >>> p_below(0.0, 1.0), p_below(-1.0, 0.0), p_below(1.0, 0.0)
    (0.5, 0.0, 1.0)
    """
    from scipy.special import ndtr, stdtr

    if error > 0:
        return float(stdtr(freedom, value / error) if freedom else ndtr(value / error))
    return 0.0 if value < 0 else 1.0
