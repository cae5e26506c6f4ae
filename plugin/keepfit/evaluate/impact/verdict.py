"""Whether a gain pays for the candidate: worth it, not worth it, or cannot tell, with the labels that would decide; and from when on it pays.

The gain of the whole horizon is held against the price, each end of its interval for itself. What chance can explain is *cannot tell*, never a yes.
Blind to a gain that fades as the model ages, and to what a successor would have gained by then: a horizon is for how long the gain is believed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from keepfit.records.impact import Impact, Worth
from keepfit.rule_kinds.labels import labels_needed


@dataclass(frozen=True, kw_only=True)
class BreakEven:
    """From how many windows on a candidate has paid for itself: by its gain, and by the ends of its interval (`soonest`, `latest`); None: never."""

    windows: int | None
    soonest: int | None
    latest: int | None


def judged(found: Impact) -> Impact:
    """Return the record with its verdict, and where it cannot tell with the labels that would decide.

    Without a price the gain is held against nothing; with a price and no horizon there is no verdict, only a break-even.

    >>> found = Impact(unit="EUR", measure="costs", gain=0.5, low=0.2, high=0.8, confidence=0.95, n=900, rows_a_window=1000.0, price=120.0, horizon=1)
    >>> judged(found).verdict, judged(replace(found, price=700.0)).labels, judged(replace(found, price=900.0)).verdict
    ('worth it', 2025, 'not worth it')
    """
    window = found.a_window
    if window is None:
        return replace(found, verdict="cannot tell")
    gain, low, high = window
    if found.price and found.horizon is None:
        return replace(found, verdict=_never_pays(high))
    due = 0.0 if not found.price else found.price / (found.horizon or 1)
    verdict: Worth = "worth it" if low > due else "not worth it" if high < due else "cannot tell"
    labels = labels_needed(half=(high - low) / 2, distance=abs(gain - due), n=found.n) if verdict == "cannot tell" else None
    return replace(found, verdict=verdict, labels=labels)


def _never_pays(high: float) -> Worth | None:
    """What is surely no gain pays for nothing, whatever the horizon."""
    return "not worth it" if high <= 0 else None


def break_even(found: Impact) -> BreakEven | None:
    """Return from when on the candidate has paid; None where nothing is priced, or nothing was measured.

    >>> found = Impact(unit="EUR", measure="costs", gain=0.5, low=-0.1, high=0.8, confidence=0.95, n=900, rows_a_window=1000.0, price=1200.0)
    >>> break_even(found)
    BreakEven(windows=3, soonest=2, latest=None)
    """
    window = found.a_window
    if window is None or not found.price:
        return None
    gain, low, high = (_windows(found.price, each) for each in window)
    return BreakEven(windows=gain, soonest=high, latest=low)


def _windows(price: float, gain: float) -> int | None:
    return None if gain <= 0 or not math.isfinite(price / gain) else math.ceil(price / gain)


def least_rows(found: Impact) -> int | None:
    """Return how many rows a window must have for the candidate to pay within its horizon, by its gain; None where that is not known, or never.

    >>> least_rows(Impact(unit="EUR", measure="costs", gain=0.5, low=0.1, high=0.9, confidence=0.95, n=9, rows_a_window=9.0, price=300.0, horizon=3))
    200
    """
    if found.measure == "metric" or not found.price or found.horizon is None or found.gain is None:
        return None
    return _windows(found.price / found.horizon, found.gain)
