"""Pools that the contract tests of samplers and weights draw from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepfit.compose.samplers.sampler import Pool

ORDER = ("2013-01", "2013-02", "2013-03", "2013-04")


def pool(rows: int = 60, order=ORDER) -> Pool:
    """Windows of so many rows each, sorted by id; a third of the rows is of class 1."""
    window = np.repeat(np.array(order, dtype=object), rows)
    n = len(window)
    return Pool(
        row_id=np.array([f"r{number:05d}" for number in range(n)], dtype=object),
        window=window,
        time=np.datetime64("2013-01-01", "us") + np.arange(n) * np.timedelta64(11, "h"),
        label=(np.arange(n) % 3 == 0).astype(float),
        weight=np.ones(n),
        features=pa.table({"x": np.arange(n)}),
        order=order,
    )
