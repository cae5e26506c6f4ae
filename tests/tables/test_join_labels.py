"""Labels joined by key: which stand, and that looking a few up does not cost as much as all there are."""

from __future__ import annotations

import time

import numpy as np
import pyarrow as pa
import pytest

from keepfit.params import load_params
from keepfit.tables.join_labels import fill, known_labels, together, waiting

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


def test_the_first_label_of_a_row_stands_and_what_has_no_label_says_nothing():
    claims = together(pa.table({"id": ["a", "b", "a"], "y": [1.0, None, 0.0]}), pa.table({"id": ["b"], "y": [0.0]}))
    assert known_labels(claims, PARAMS).to_pydict() == {"id": ["a", "b"], "y": [1.0, 0.0]}
    assert known_labels(claims.select(["id"]), PARAMS).num_rows == 0


def test_a_row_waits_until_it_has_a_label():
    rows = pa.table({"id": ["a", "b"], "y": [1.0, None]})
    assert waiting(rows, "y")["id"].to_pylist() == ["b"]
    assert waiting(rows.select(["id"]), "y")["id"].to_pylist() == ["a", "b"]
