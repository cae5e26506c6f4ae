"""How many labels would decide what is undecided: an interval shrinks with the root of the number of rows.

Blind to the chance that the effect itself is an accident of these rows.
"""

from __future__ import annotations

import math

MOST_LABELS = 10_000_000


def labels_needed(*, half: float, distance: float, n: int) -> int | None:
    """Return at how many rows an interval of ±`half` from `n` rows no longer reaches over `distance`; None if out of reach.

    >>> labels_needed(half=0.02, distance=0.01, n=1000), labels_needed(half=0.02, distance=1e-200, n=1000)
    (4000, None)
    """
    if distance == 0 or half * math.sqrt(n / MOST_LABELS) > distance:
        return None
    return math.ceil(n * (half / distance) ** 2)


def labels_text(needed: int | None, n: int, *, never: str) -> str:
    """Return the sentence about them; `never` is said where no number of labels is within reach.

    >>> labels_text(4000, 1000, never="nothing would")
    'about 4,000 labels would decide it, there are 1,000'
    """
    return never if needed is None else f"about {needed:,} labels would decide it, there are {n:,}"


def gain_labels(*, value: float, low: float, n: int, margin: float) -> str:
    """Return how many labels would decide a gain of today's size that is compared with a `margin` below 0."""
    needed = labels_needed(half=value - low, distance=abs(value + margin), n=n)
    return labels_text(needed, n, never="no number of labels would decide it: the models are as good as equal here")
