"""A promise of false alerts for many models at once, split over them.

Each model's promise bounds how often it alerts without a change: on average at most `promise` times in 1,000 of its windows (the mean time between two
false alerts is at least 1,000 / promise windows: `monitor/rules/shiryaev_roberts.py`). Rates add up whatever the models have in common, so shares that
add up to the whole keep it: while each model closes 1,000 windows, all together alert falsely at most as often as the whole says. Blind to how models
differ: a model that closes more windows than the others needs a weight that says so.
"""

from __future__ import annotations

from collections.abc import Sequence


def promise_shares(total: float, weights: Sequence[float]) -> tuple[float, ...]:
    """Return each model's share of a promise (false alerts in 1,000 windows), by weights above 0; `ValueError` for others.

    >>> promise_shares(3.0, [1, 1, 2, 2])
    (0.5, 0.5, 1.0, 1.0)
    """
    if total <= 0 or any(weight <= 0 for weight in weights):
        raise ValueError("a promise and its weights are above 0")
    whole = sum(weights)
    return tuple(total * weight / whole for weight in weights)
