"""Labels joined by key: which stand, and that looking a few up does not cost as much as all there are."""

from __future__ import annotations

import time
from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from keepfit.flows.project import Project
from keepfit.flows.rows.labels import fill
from keepfit.flows.rows.window_store import WindowStore
from keepfit.integrations.tables import to_frame
from keepfit.params import load_params
from keepfit.tables.written_targets import as_written

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


WORDS = """
model: {name: m, task: classification, target: churned, positive: "yes"}
data: {live: rows.csv, labels: labels.csv, time: t, id: id, features: {x: numeric}}
"""


def test_labels_in_words_that_come_from_a_table_of_their_own_or_late_reach_the_owners_command_as_words(tmp_path):
    (tmp_path / "params.yaml").write_text(WORDS)
    (tmp_path / "rows.csv").write_text("id,t,x\n" + "".join(f"r{row},2026-01-{row + 1:02},{row}\n" for row in range(8)))
    (tmp_path / "labels.csv").write_text("id,churned\nr0,yes\nr1,no\nr2,never\n")
    project = Project(tmp_path)
    store = WindowStore(project, None, datetime(2026, 2, 1))
    january = store.windows[0]
    assert owners(store.rows(january)) == ["yes", "no", "never"]
    (tmp_path / "labels.csv").write_text("id,churned\nr0,yes\nr1,no\nr2,never\nr3,yes\nr4,no\n")
    later = WindowStore(project, None, datetime(2026, 2, 1))
    assert later.collect(january) == 2
    assert WindowStore(project, None, datetime(2026, 2, 1)).rows(january)["churned"].to_pylist() == [1.0, 0.0, 0.0, 1.0, 0.0, None, None, None]
    assert owners(WindowStore(project, None, datetime(2026, 2, 1)).rows(january)) == ["yes", "no", "never", "yes", "no"]
    assert later.disagreeing(january) == ()


def owners(rows):
    """The target of the labelled rows as the training command gets it."""
    frame = to_frame(rows)
    return as_written(frame[frame["churned"].notna()], "churned")["churned"].tolist()
