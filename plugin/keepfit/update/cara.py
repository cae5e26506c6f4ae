"""Cost-aware retraining by a cumulative threshold (CARA-CT): a baseline that adds up the champion's errors and retrains where they pass a threshold.

Mahadevan & Mathioudakis, "Cost-aware retraining for machine learning" (Knowledge-Based Systems 293, 2024): keeping a model costs what its errors
cost, retraining costs its price, and the threshold is the one that would have cost the least on data of the past. There it is tuned once, on a first part
of the stream; here at every window, on all windows before it. Errors are shares (`adwin.ErrorShare`), so their unit plays no part. Blind to what a
retraining would gain: errors that no retraining helps are added up like others.

>>> rising = [[0.1 * (window - model) if window > model else None for window in range(12)] for model in range(12)]
>>> cumulative(rising, price=0.0), cumulative(rising, price=100.0), len(cumulative(rising, price=0.4)) < 6
((2, 3, 4, 5, 6, 7, 8, 9, 10), (), True)
"""

from __future__ import annotations

from collections.abc import Sequence

PRICE = 0.05
Costs = Sequence[Sequence[float | None]]


def cumulative(costs: Costs, *, price: float) -> tuple[int, ...]:
    """Return the closes at which a model is retrained.

    `costs` holds the mean share of error of a model trained up to window i on window j > i, None where there are no labels; `price` is that of a
    retraining in the same unit. The first window only trains, and the last one's training would serve nobody.
    """
    closes: list[int] = []
    champion, owed = 0, 0.0
    for window in range(1, len(costs) - 1):
        owed += costs[champion][window] or 0.0
        if owed > _threshold(costs, window, price):
            closes.append(window)
            champion, owed = window, 0.0
    return tuple(closes)


def _threshold(costs: Costs, now: int, price: float) -> float:
    """The threshold that would have cost the least up to now; among equal ones the highest, and none at all where never retraining is best."""
    tried = sorted({0.0, *_sums(costs, now)})
    return -min((_cost(costs, now, price, one), -one) for one in (*tried, float("inf")))[1]


def _sums(costs: Costs, now: int) -> list[float]:
    """What may have been owed at a close: the sums of each model's errors over the windows after it."""
    found = []
    for model in range(now):
        total = 0.0
        for window in range(model + 1, now + 1):
            total += costs[model][window] or 0.0
            found.append(total * (1 - 1e-9))
    return found[:: max(1, len(found) // 64)]


def _cost(costs: Costs, now: int, price: float, threshold: float) -> float:
    champion, owed, paid = 0, 0.0, 0.0
    for window in range(1, now + 1):
        lost = costs[champion][window] or 0.0
        owed, paid = owed + lost, paid + lost
        if owed > threshold and window < now:
            champion, owed, paid = window, 0.0, paid + price
    return paid
