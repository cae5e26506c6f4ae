"""How the promise is shared: each group's part, so that a rich configuration does not make columns deaf."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from keepfit.records import ShareGroup

Group = Literal["columns"] | ShareGroup

BUDGET: dict[Group, float] = {"columns": 0.5, "performance": 0.25, "pairs": 0.125, "slices": 0.125}


def weights_of(groups: Sequence[Group], *, beside: Collection[Group] = ()) -> npt.NDArray[np.float64]:
    """Return the share of the promise of each member of these groups, evenly within a group; what an absent group leaves is shared.

    `beside` are groups that are watched apart: their part stays theirs.

    >>> weights_of(["columns", "columns", "pairs"]).round(3).tolist()
    [0.4, 0.4, 0.2]
    >>> weights_of(["columns", "columns"], beside=["performance", "slices"]).round(3).tolist()
    [0.286, 0.286]
    """
    total = sum(BUDGET[group] for group in {*groups, *beside})
    return np.array([BUDGET[group] / groups.count(group) for group in groups]) / total
