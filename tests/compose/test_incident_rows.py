from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepfit.compose.holdout import in_holdout
from keepfit.compose.incident_rows import IncidentRows, incident_rows
from keepfit.params import Params

PARAMS = Params.model_validate({
    "model": {"name": "m", "task": "classification", "target": "y", "classes": ("billing", "outage", "contract")},
    "data": {"live": "rows.csv", "time": "t", "id": "id", "group": "customer", "features": {"x": "numeric"}, "holdout_share": 0.4},
})  # fmt: skip
N = 600


def table():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, N).astype(float)
    y[::5] = np.nan
    at = np.datetime64("2013-02-01") + np.arange(N) * np.timedelta64(47, "m")
    return pa.table({
        "id": [f"r{row}" for row in range(N)], "customer": [f"c{row % 70}" for row in range(N)], "x": rng.normal(size=N),
        "t": pa.array(at.astype("datetime64[us]")), "y": pa.array(y, from_pandas=True),
    })  # fmt: skip


def test_rows_are_held_out_by_their_group_and_those_set_aside_do_not_count():
    rows = table()
    held = in_holdout(rows["customer"], share=0.4, salt="keepfit")
    inside, labelled = rows["x"].to_numpy() > 0, ~np.isnan(rows["y"].to_numpy(zero_copy_only=False))
    found = incident_rows(rows, "x>0", PARAMS, quarantined=(), where="--slice")
    assert found == IncidentRows(of_slice=int(inside.sum()), held=int((inside & held).sum()), labelled=int((inside & held & labelled).sum()))
    aside = [f"r{row}" for row in np.flatnonzero(inside & held)[:7]]
    assert incident_rows(rows, "x>0", PARAMS, quarantined=aside, where="--slice").held == found.held - 7


def test_a_class_of_many_is_a_slice_by_its_text_and_a_part_of_the_day_by_its_name():
    rows = table()
    outage = int((rows["y"].to_numpy(zero_copy_only=False) == 1).sum())
    assert incident_rows(rows, "class=outage", PARAMS, quarantined=(), where="--slice").of_slice == outage
    evening = Params.model_validate(PARAMS.model_dump() | {"evaluate": {"slices": {"day_part": {}}}})
    hours = rows["t"].to_numpy().astype("datetime64[h]").astype(int) % 24
    assert incident_rows(rows, "day_part=evening", evening, quarantined=(), where="--slice").of_slice == int((hours >= 18).sum())
