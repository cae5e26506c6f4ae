"""Rows on which people disagree are asked about again as they were selected the first time: a second look makes no row likelier to have been chosen."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from keepfit.compose.queue.again import as_selected, asked_again, one_after_the_other
from keepfit.compose.queue.drawing import DrawnQueue
from keepfit.params import load_params
from keepfit.records import Queue, QueueRow

PARAMS = load_params("""
model: {name: m, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, features: {x: numeric}}
""")
TABLES = {"2013-01": pa.table({"id": ["a", "b"], "x": [1.0, 2.0]}), "2013-02": pa.table({"id": ["c"], "x": [3.0]})}


def queue(day, *rows):
    made = datetime(2026, 11, day, tzinfo=UTC)
    return Queue(name=f"q{day}", made_at=made, strategy="margin", seed=0, format="csv", model="m", rows=rows)


FIRST = queue(1, QueueRow(row="a", selected="random", probability=0.1))
SECOND = queue(2, QueueRow(row="a", selected="active", probability=1.0), QueueRow(row="c", selected="active", probability=0.9))


def test_a_row_is_as_the_first_queue_selected_it_and_one_that_none_did_counts_as_chosen():
    found = as_selected({"a", "z"}, [SECOND, FIRST])
    assert (found["a"].selected, found["a"].probability) == ("random", 0.1)
    assert (found["z"].selected, found["z"].probability) == ("active", None)


def test_rows_of_the_windows_come_with_their_window_and_no_more_than_there_is_room_for():
    ties = as_selected({"a", "c", "z"}, [FIRST, SECOND])
    assert [(row.row, row.window) for row in asked_again(TABLES, PARAMS, ties, most=9).rows] == [("a", "2013-01"), ("c", "2013-02")]
    assert [row.row for row in asked_again(TABLES, PARAMS, ties, most=1).rows] == ["a"]
    assert asked_again(TABLES, PARAMS, {}, most=9).rows == ()


def test_new_rows_come_behind_them():
    again = asked_again(TABLES, PARAMS, as_selected({"c"}, [SECOND]), most=9)
    new = DrawnQueue(rows=(QueueRow(row="b", selected="random", probability=0.5),), table=again.table.slice(0, 0), in_slices=4)
    both = one_after_the_other(again, new)
    assert ([row.row for row in both.rows], both.in_slices, both.table["id"].to_pylist()) == (["c", "b"], 4, ["c"])
