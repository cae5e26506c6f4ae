"""One table in every shape in which people hold one."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa


def frame(rows: int = 600, *, seed: int = 0, shift: float = 0.0) -> pd.DataFrame:
    """Numbers with gaps, whole numbers, texts with gaps, categories, booleans, times with a zone, and a target."""
    rng = np.random.default_rng(seed)
    made = pd.DataFrame({"age": rng.normal(40 + shift, 10, rows).round(2), "visits": rng.integers(0, 9, rows)})
    made.loc[::7, "age"] = None
    made["city"] = rng.choice(["a", "b", "c"], rows)
    made.loc[::11, "city"] = None
    made["plan"] = pd.Categorical(rng.choice(["free", "paid"], rows))
    made["active"] = rng.random(rows) < 0.5
    made["at"] = pd.Timestamp("2026-01-01", tz="Europe/Berlin") + pd.to_timedelta(np.arange(rows), unit="min")
    made["late"] = (rng.random(rows) < 0.3).astype(int)
    return made


SHAPES = {
    "pandas": lambda made: made,
    "polars": pl.from_pandas,
    "arrow": lambda made: pa.Table.from_pandas(made, preserve_index=False),
    "arrow batch": lambda made: pa.RecordBatch.from_pandas(made, preserve_index=False),
    "arrow reader": lambda made: pa.Table.from_pandas(made, preserve_index=False).to_reader(),
    "duckdb": lambda made: duckdb.connect().from_arrow(pa.Table.from_pandas(made, preserve_index=False)),
}
