"""How long until a message that was not taken is tried again: twice as long each time, up to six hours, and not the same for all."""

from __future__ import annotations

import math
from datetime import timedelta
from hashlib import sha256

FIRST_SECONDS, MOST_SECONDS = 60.0, 6 * 3600.0
SPREAD = 0.25
MOST_ASKED_SECONDS = 24 * 3600.0
ATTEMPTS = 20
"""After so many a message is dead: with these delays, in about three days."""


def wait(attempt: int, *, key: str, asked: float | None = None) -> timedelta:
    """Return how long to wait after an attempt (1, 2, …) that failed; `asked` is how many seconds the receiver asked to wait.

    Up to a quarter is added by the message's key, so that receivers which come back are not called by all at once; the same message waits
    the same in every run.

    >>> [round(wait(attempt, key="a").total_seconds() / 60, 1) for attempt in (1, 2, 3, 20)]
    [1.0, 2.3, 4.9, 413.0]
    >>> wait(1, key="a", asked=900).total_seconds()
    900.0
    """
    doubled = FIRST_SECONDS * 2 ** min(attempt - 1, 30)
    share = int.from_bytes(sha256(f"{key}\0{attempt}".encode()).digest()[:4], "big") / 2**32
    seconds = min(doubled, MOST_SECONDS) * (1 + SPREAD * share)
    if asked is not None and math.isfinite(asked):
        seconds = max(seconds, min(asked, MOST_ASKED_SECONDS))
    return timedelta(seconds=seconds)
