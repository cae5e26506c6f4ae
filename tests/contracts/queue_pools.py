"""Pools that the contract test of queue strategies, and the tests of queues, select from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepfit.compose.draws import ranks, row_hashes
from keepfit.compose.queue.strategy import QueuePool
from keepfit.compose.strata import coded

KINDS = {"size": "numeric", "town": "categorical"}


def queue_pool(rows: int, *, seed: int = 0, turned: bool = False, classes: int = 2) -> QueuePool:
    """Rows with two models' answers, a number with gaps and a town that one row in ten has; `turned`: the same rows, the last first."""
    at = np.arange(rows)[::-1] if turned else np.arange(rows)
    town = np.where(at % 10 == 3, "Oslo", np.where(at % 2 == 0, "Rome", "Bern"))
    size = np.where(at % 7 == 5, np.nan, (at * 37) % 101)
    return QueuePool(
        rank=ranks(row_hashes([f"r{number}" for number in at]), f"seed {seed}"),
        features=pa.table({"size": pa.array(size, from_pandas=True), "town": pa.array(town.astype(str).tolist(), pa.string())}),
        kinds=KINDS,
        answers=_answers(at, 29, classes),
        rival=_answers(at, 31, classes),
        slices={"town": coded("town", pa.array(town.astype(str).tolist(), pa.string()))},
    )


def _answers(at, step: int, classes: int):
    """The probability of 1, or of each class."""
    if classes == 2:
        return ((at * step) % 97) / 97
    raw = np.stack([((at * step * (k + 1)) % 89 + 1) / 90 for k in range(classes)], axis=1) if len(at) else np.zeros((0, classes))
    return raw / raw.sum(axis=1, keepdims=True) if len(at) else raw
