"""Labels whose rows the source shows under other ids."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from keepfit.params import load_params
from keepfit.tables.unmatched_labels import under_other_ids

PARAMS = load_params("model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, id: id}\n")


def rows(ids, labels, *, month=1):
    return pa.table({"id": ids, "t": [datetime(2026, month, 1 + day) for day in range(len(ids))], "y": pa.array(labels, pa.float64())})


CLOSED = rows(["a", "b", "c"], [None, None, 1.0])


def test_as_many_as_are_gone_and_wait_are_told():
    assert under_other_ids(CLOSED, rows(["A", "B", "c"], [1.0, 0.0, 1.0]), PARAMS) == ["A", "B"]
    assert under_other_ids(CLOSED, rows(["A", "b", "B"], [1.0, None, 0.0]), PARAMS) == ["A"]


def test_a_row_that_came_late_or_was_dropped_is_not_taken_for_it():
    assert under_other_ids(CLOSED, rows(["a", "b", "late"], [1.0, 0.0, 1.0]), PARAMS) == []
    assert under_other_ids(CLOSED, rows(["c"], [1.0]), PARAMS) == []


def test_rows_of_another_time_or_without_labels_say_nothing():
    assert under_other_ids(CLOSED, rows(["A", "B", "C"], [1.0, 0.0, 1.0], month=3), PARAMS) == []
    assert under_other_ids(CLOSED, rows(["A", "B", "C"], [None] * 3), PARAMS) == []
    assert under_other_ids(CLOSED, rows(["A"], [1.0]).select(["id", "t"]), PARAMS) == []
