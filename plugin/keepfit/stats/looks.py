"""A bound that is looked at again with every window: drawn so that all looks together hold at the confidence, however many there will be.

A one-sided 95 % bound that is looked at monthly is wrong at some look of 24 in 23 of 100 cases, though at each in 5. So the error is spent
over the looks (Lan & DeMets, Biometrika 70, 1983): the look number k may err with alpha / (k (k + 1)), which sums to alpha without an end.
By Boole's inequality that holds whatever the looks share, whatever their sizes, and with Student's t as with a normal distribution; in turn a
loss that is found late needs a wider gap: 1.96 standard errors at the first look, 2.39 at the second, 3.4 at the twelfth. Spent early, as
the first windows after a promotion are those in which going back is worth most. Blind to a window that is looked at twice: labels that come
late are one look with those that came before.

>>> round(sum(1 - confidence_at(look, confidence=0.95) for look in range(1, 1000)), 4)
0.05
"""

from __future__ import annotations

from keepfit.stats.bounds import quantile


def confidence_at(look: int, *, confidence: float) -> float:
    """Return the confidence of the one-sided bound at a look (from 1 on) with which all looks together hold at `confidence`.

    >>> [round(confidence_at(look, confidence=0.95), 4) for look in (1, 2, 3)]
    [0.975, 0.9917, 0.9958]
    """
    if look < 1:
        raise ValueError(f"looks are counted from 1, got {look}")
    return 1 - (1 - confidence) / (look * (look + 1))


def over_looks(value: float, bounds: tuple[float, float], *, look: int, confidence: float, freedom: float = 0) -> tuple[float, float]:
    """Return the bounds at a look from those that hold at `confidence` for this look alone; `freedom` is that of Student's t, 0 of a normal distribution.

    >>> low, high = over_looks(0.02, (0.005, 0.035), look=2, confidence=0.95)
    >>> round(low, 4), round(high, 4)
    (-0.0018, 0.0418)
    """
    wider = quantile(confidence_at(look, confidence=confidence), freedom) / quantile(confidence, freedom)
    low, high = bounds
    return value - (value - low) * wider, value + (high - value) * wider
