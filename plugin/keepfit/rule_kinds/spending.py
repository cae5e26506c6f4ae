"""How the error is spent over attempts: the k-th model that the same rows judge is judged at an error of 1/k² of the first one's.

Where k models that are not good enough are tried on the same rows, each passes by chance with the error of its test, and some one with up to k times
that. With 1/k² the chance that any of them ever passes is at most 1 + 1/4 + 1/9 + … = π²/6 = 1.645 times the first one's error, however many are tried and
whatever each one's author has learned from those before (the union bound; alpha spending over an infinite sequence of looks, as Foster & Stine's
alpha-investing without its winnings, JRSS B 70, 2008; the reusable holdout of Dwork et al., Science 349, 2015, and the Ladder of Blum & Hardt, ICML 2015,
bound the same error by noise and by rounding). A first attempt, the usual case, is judged as it always was; who wants 5 % over all attempts asks for a
`confidence` of .9696 instead of .95.

>>> [round(spent(0.95, attempt), 4) for attempt in (1, 2, 3, 10)]
[0.95, 0.9875, 0.9944, 0.9995]

Blind to attempts that were not counted, and to rows that are nearly the same.
"""

from __future__ import annotations

from math import pi
from typing import Final

ALL_ATTEMPTS: Final = pi**2 / 6
"""The error of all attempts together over that of the first."""
MOST: Final = 10**6


def spent(confidence: float, attempt: int) -> float:
    """Return the confidence at which the `attempt`-th model on the same rows (1, 2, …) must show what it has to show."""
    return 1.0 - (1.0 - confidence) / min(max(attempt, 1), MOST) ** 2


def of_all(confidence: float) -> float:
    """Return the confidence that holds over all attempts together.

    >>> round(of_all(0.95), 3), round(of_all(0.9696), 3)
    (0.918, 0.95)
    """
    return 1.0 - ALL_ATTEMPTS * (1.0 - confidence)
