"""What comes again in a table: the same moment in a regular series, the same entity in many rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

ENTITY = re.compile(
    r"(^|_)(id|uuid|key|customer|client|user|account|patient|member|person|household|device|machine|vehicle|driver|session|tail_?num)$", re.IGNORECASE
)
REGULAR = 0.5
ROWS_A_MOMENT = 2.0
LEAST = {True: 20, False: 50}
LEAST_SHARE = 0.05
ROWS_AN_ENTITY = 1.1
BOTH_SIDES = 0.05


def repeated_times(times: npt.ArrayLike) -> int:
    """How many rows share their time with another, where times are steps of a regular series; 0 for events, which may fall together.

    Regular: most steps between distinct times are the same, and most times come once.

    >>> hours = np.datetime64("2026-01-01T00") + np.arange(100)
    >>> repeated_times(hours), repeated_times(np.append(hours, hours[:3]))
    (0, 6)
    """
    values = np.asarray(times, dtype="datetime64[us]")
    distinct, counts = np.unique(values[~np.isnat(values)], return_counts=True)
    if len(distinct) < 3 or counts.mean() >= ROWS_A_MOMENT:
        return 0
    steps, often = np.unique(np.diff(distinct), return_counts=True)
    return int(counts[counts > 1].sum()) if often.max() / often.sum() >= REGULAR and len(steps) else 0


def on_both_sides(name: str, keys: Sequence[object], *, holdout_share: float) -> tuple[float, float] | None:
    """Return rows an entity, and the share of holdout rows that have another row of their entity among the rest; None for what is no entity.

    `keys` are the column's texts or whole numbers, None where missing. An entity comes again, and is named like one or has many values; with
    rows dealt by chance, a row held out of an entity of k rows has a twin outside of the holdout with chance 1 - share^(k - 1).

    >>> on_both_sides("customer_id", [row // 2 for row in range(100)], holdout_share=0.2)  # doctest: +ELLIPSIS
    (2.0, 0.79...)
    """
    known = [key for key in keys if key is not None and key == key]
    _, counts = np.unique(np.asarray([str(key) for key in known]), return_counts=True)
    named = ENTITY.search(name) is not None
    if len(counts) < max(LEAST[named], 0 if named else LEAST_SHARE * len(known)) or len(known) / len(counts) < ROWS_AN_ENTITY:
        return None
    share = float((counts * (1 - holdout_share ** (counts - 1))).sum() / len(known))
    return (len(known) / len(counts), share) if share >= BOTH_SIDES else None
