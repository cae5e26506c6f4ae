"""How many rows of each group train, where groups have shares: as many rows as the shares allow, each group's share held within one row.

>>> allotted(np.array([900, 100]), low=np.array([0.0, 0.5])).tolist()  # half of the rows are to be of the second group: the first gives way
[100, 100]
>>> allotted(np.array([900, 500]), high=np.array([1.0, 0.25])).tolist()  # at most a quarter
[900, 300]
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keepfit.compose.draws import apportioned
from keepfit.compose.quality.admissible import Floats

Counts = npt.NDArray[np.int64]
CLOSE = 1e-9
HALVINGS = 60


def allotted(available: Counts, *, low: Floats | None = None, high: Floats | None = None, floor: Counts | None = None, most: int | None = None) -> Counts:
    """Return how many rows of each group train: `targets` in whole rows."""
    found = targets(available, low=low, high=high, floor=floor, most=most)
    total = int(found.sum() + CLOSE * max(1.0, found.sum()))
    return apportioned(total, found) if total else np.zeros(len(available), dtype=np.int64)


def targets(
    available: Counts | Floats, *, low: Floats | None = None, high: Floats | None = None, floor: Counts | None = None, most: float | None = None
) -> Floats:
    """Return how many rows of each group train, in parts of rows.

    `low` and `high` bound a group's share of all that train, `floor` is how many rows of it stay where `most` (of all) makes others go. Groups that
    give way do so in proportion. A group without rows has no `low`: nothing stands in for it. All zeros if no number of rows has such shares.
    """
    least = np.where(available > 0, 0.0 if low is None else low, 0.0)
    upper = np.ones(len(available)) if high is None else high
    total = _largest(available, least, upper, float(available.sum() if most is None else min(most, available.sum())))
    if total == 0:
        return np.zeros(len(available))
    highest = np.minimum(available, upper * total)
    lowest = np.minimum(least * total, highest)
    kept = lowest if floor is None else np.maximum(lowest, np.minimum(floor, highest))
    return _filled(available, kept if kept.sum() <= total else lowest, highest, total)


def _largest(available: Counts | Floats, low: Floats, high: Floats, most: float) -> float:
    """The largest number of rows, up to `most`, that has such shares: what the groups may give together is concave in it, so halving finds it."""

    def fits(total: float) -> bool:
        may = np.minimum(available, high * total)
        return bool(may.sum() >= total * (1 - CLOSE) and (low * total <= may + CLOSE * total).all() and low.sum() <= 1 + CLOSE)

    if fits(most):
        return most
    fit, too_many = 0.0, most
    for _ in range(HALVINGS):
        middle = (fit + too_many) / 2
        fit, too_many = (middle, too_many) if fits(middle) else (fit, middle)
    return 0.0 if fit < CLOSE * most else fit


def _filled(available: Counts | Floats, low: Floats, high: Floats, total: float) -> Floats:
    """The same share of each group, within its bounds, that adds up to `total`."""
    under, over = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (under + over) / 2
        under, over = (middle, over) if np.clip(middle * available, low, high).sum() < total else (under, middle)
    return np.clip(over * available, low, high)
