"""Labels that come late: each arrival has its number, and what came before it stays."""

from __future__ import annotations

import pyarrow as pa

from keepfit.params import load_params
from keepfit.tables.late_labels import answered, arrivals, ids_since, with_arrival

PARAMS = load_params("model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, id: id}\n")
ROWS = pa.table({"id": ["a", "b", "c"], "y": [1.0, None, None]})


def test_only_rows_that_wait_are_answered():
    came = answered(ROWS, pa.table({"id": ["a", "c", "z"], "y": [0.0, 1.0, 1.0]}), PARAMS)
    assert came.to_pydict() == {"id": ["c"], "y": [1.0]}
    assert answered(ROWS, pa.table({"id": ["a"], "y": [0.0]}), PARAMS) is None
    assert answered(ROWS.select(["id"]), pa.table({"id": pa.array([], pa.string()), "y": pa.array([], pa.float64())}), PARAMS) is None


def test_arrivals_are_numbered_and_told_apart():
    assert (arrivals(None), ids_since(None, 0, PARAMS)) == (0, ())
    first = with_arrival(None, pa.table({"id": ["b"], "y": [1.0]}), 1)
    second = with_arrival(first, pa.table({"id": ["c"], "y": [0.0]}), 2)
    assert (arrivals(first), arrivals(second)) == (1, 2)
    assert (ids_since(second, 0, PARAMS), ids_since(second, 1, PARAMS), ids_since(second, 2, PARAMS)) == (("b", "c"), ("c",), ())
