"""Labels joined by key: which stand, and that looking a few up does not cost as much as all there are."""

from __future__ import annotations

import time

import numpy as np
import pyarrow as pa
import pytest

from keepfit.flows.rows.labels import fill
from keepfit.params import load_params

PARAMS = load_params("model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, id: id}\n")


def labels_of(count):
    return pa.table({"id": [f"row-{row:09d}" for row in range(count)], "y": (np.arange(count) % 2).astype(float)})


@pytest.mark.parametrize("count", [2, 5, 1000])
def test_a_label_that_is_missing_is_taken_by_key_and_one_that_is_there_stays(count):
    rows = pa.table({"id": ["row-000000001", "row-000000000", "elsewhere", "row-000000001x"], "y": [None, 1.0, None, None]})
    assert fill(rows, labels_of(count), PARAMS)["y"].to_pylist() == [1.0, 1.0, None, None]
    assert fill(rows.select(["id"]), labels_of(count), PARAMS)["y"].to_pylist() == [1.0, 0.0, None, None]


def test_a_small_window_is_looked_up_without_hashing_the_labels_of_years():
    """Every closed window with a row that still waits is looked up at every run: hashing all labels each time took 14 times as long."""
    labels, rows = labels_of(400_000), labels_of(400).select(["id"])

    def seconds(table, known):
        started = time.process_time()
        fill(table, known, PARAMS)
        return time.process_time() - started

    window = min(seconds(rows, labels) for _ in range(3))
    everything = min(seconds(labels.select(["id"]), labels) for _ in range(3))
    assert window < everything / 4
