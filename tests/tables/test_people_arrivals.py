"""How a window is judged by what people said: a change is an arrival, what is the same again is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from keepfit.params import load_params
from keepfit.records import Label
from keepfit.tables.late_labels import arrivals
from keepfit.tables.people_arrivals import fresh_since, judged_otherwise, with_people_arrival
from keepfit.tables.people_labels import people_labels

PARAMS = load_params("model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, id: id}\n")
OWN = pa.table({"id": ["a", "b", "c", "d"], "y": [1.0, None, 0.0, None]})


def now(*said):
    """How the rows are judged by (row, label, selected)."""
    labels = [Label(row=row, label=text, origin="annotator", known_at=datetime(2026, 1, 1, tzinfo=UTC), selected=selected) for row, text, selected in said]
    return judged_otherwise(OWN, people_labels(labels, PARAMS.model), PARAMS)


def test_only_rows_that_judge_otherwise_are_told():
    found = now(("a", "1", None), ("b", "1", None), ("c", "1", None), ("d", "1", "active"))
    assert found.to_pylist() == [{"id": "b", "y": 1.0, "fresh": True}, {"id": "c", "y": 1.0, "fresh": False}]
    assert now(("a", "1", "active")).to_pylist() == [{"id": "a", "y": None, "fresh": False}]
    assert now().num_rows == 0


def test_each_change_is_one_arrival_and_the_same_again_is_none():
    first, changed = with_people_arrival(None, now(("b", "1", None)), PARAMS, number=1)
    assert (changed, arrivals(first), fresh_since(first, 0, PARAMS)) == (1, 1, ("b",))
    assert with_people_arrival(first, now(("b", "1", None)), PARAMS, number=2) == (first, 0)
    second, changed = with_people_arrival(first, now(("b", "0", None), ("d", "1", None)), PARAMS, number=2)
    assert (changed, arrivals(second), fresh_since(second, 1, PARAMS)) == (2, 2, ("b", "d"))


def test_a_label_that_was_taken_back_is_an_arrival_once_and_may_come_again():
    first, _ = with_people_arrival(None, now(("b", "1", None)), PARAMS, number=1)
    gone, changed = with_people_arrival(first, now(), PARAMS, number=2)
    assert (changed, arrivals(gone), fresh_since(gone, 0, PARAMS)) == (1, 2, ())
    assert with_people_arrival(gone, now(), PARAMS, number=3) == (gone, 0)
    again, changed = with_people_arrival(gone, now(("b", "1", None)), PARAMS, number=3)
    assert (changed, fresh_since(again, 2, PARAMS)) == (1, ("b",))


def test_nothing_said_is_nothing_kept():
    assert with_people_arrival(None, now(), PARAMS, number=1) == (None, 0)
