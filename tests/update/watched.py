"""A champion of one number that is as good as its scores say, with the profiles of twelve days: what tests of judging start from."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import numpy as np
import pyarrow as pa

from keepfit.monitor.champion import Champion, Scores
from keepfit.params import Params
from keepfit.profiles.reference import reference_with
from keepfit.records import ModelMeta, Pin, Window
from keepfit.tables.frames import to_frame

PARAMS = Params.model_validate(
    {
        "model": {"name": "m", "task": "classification", "target": "y"},
        "data": {"live": "rows.csv", "time": "t", "id": "id", "features": {"x": "numeric"}},
        "evaluate": {"metric": "roc_auc", "min_rows": 50},
        "monitor": {"evidence": "fixed", "min_rows": 60},
    }
)
PIN = Pin(model="m", version="1", digest="sha256:aa", trained_until=datetime(2013, 2, 1), evaluated_until=None, metric="roc_auc", value=0.76)
MARCH = Window(id="2013-03", source="rows.csv", start=datetime(2013, 3, 1), end=datetime(2013, 4, 1))
APRIL = Window(id="2013-04", source="rows.csv", start=datetime(2013, 4, 1), end=datetime(2013, 5, 1))


def rows(window: Window = MARCH, *, n=1200, shift=0.0, sign=1.0, seed=1) -> pa.Table:
    """Rows in the order of time over twelve days; y follows x (`sign` -1: the other way)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n) + shift
    y = (rng.random(n) < 1 / (1 + np.exp(-2 * sign * x))).astype(float)
    start = window.start or datetime(2013, 1, 1)
    times = [start + timedelta(days=12 * row / n) for row in range(n)]
    return pa.table({"id": [f"{window.id}-{row}" for row in range(n)], "t": pa.array(times, pa.timestamp("us")), "x": x, "y": y})


def scores(table: pa.Table) -> Scores:
    """What the model answers."""
    return Scores(1 / (1 + np.exp(-2 * np.array(table["x"].to_pylist(), float))))


@cache
def champion(params: Params = PARAMS) -> Champion:
    january = rows(Window(id="2013-01", source="rows.csv", start=datetime(2013, 1, 1), end=datetime(2013, 2, 1)), seed=0)
    meta = ModelMeta(
        model="m",
        task="classification",
        target="y",
        features={"x": "numeric"},
        flavor="command",
        estimator="E",
        rows=1200,
        trained_from=None,
        trained_until=None,
    )
    return Champion(params=params, meta=meta, reference=reference_with(params, to_frame(january), scores(january).values), basis="later")
