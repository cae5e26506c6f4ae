"""Which label of a row counts, from when on, and which rows may judge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.params import Params
from keepfit.params.model import ModelParams
from keepfit.records import Label
from keepfit.records.labels import ORIGINS
from keepfit.tables.people_labels import people_labels, value_of

AT = datetime(2026, 11, 1, tzinfo=UTC)
BINARY = ModelParams(name="m", task="classification", target="y")


def label(row, text, origin="annotator", *, day=0, selected=None):
    return Label(row=row, label=text, origin=origin, known_at=AT + timedelta(days=day), selected=selected)


def held(said, own, **more):
    """What holds of rows a, b, … with these own labels (None: none)."""
    keys = pa.array([chr(ord("a") + place) for place in range(len(own))])
    found = people_labels(said, BINARY, **more).of(keys, np.array([np.nan if one is None else float(one) for one in own]))
    labels = [None if np.isnan(one) else one for one in found.label]
    return labels, [ORIGINS[code] for code in found.origin], found.asked.tolist()


def test_gold_and_annotators_correct_the_source_a_proxy_and_a_rule_of_thumb_only_stand_in():
    said = [label("a", "1", "gold"), label("b", "1", "annotator"), label("c", "1", "proxy"), label("d", "1", "weak")]
    labels, origins, _ = held([*said, label("e", "1", "weak")], [0, 0, 0, 0, None])
    assert labels == [1.0, 1.0, 0.0, 0.0, 1.0]
    assert origins == ["gold", "annotator", "source", "source", "weak"]


def test_a_better_origin_wins_over_a_newer_label_and_among_equals_the_newest():
    said = [label("a", "1", "gold"), label("a", "0", "annotator", day=5), label("b", "1"), label("b", "0", day=5)]
    assert held(said, [None, None])[0] == [1.0, 0.0]


def test_a_label_counts_from_when_it_was_known():
    said = [label("a", "1"), label("a", "0", day=5), label("b", "1", day=6)]
    assert held(said, [None, None], until=AT + timedelta(days=5))[0] == [0.0, None]
    assert held(said, [None, None], until=AT + timedelta(days=4))[0] == [1.0, None]
    assert people_labels(said, BINARY, until=AT - timedelta(seconds=1)) is None


def test_rows_that_were_chosen_never_judge_unless_chance_drew_them_too():
    said = [
        label("a", "1", selected="active"),
        label("b", "1", selected="ticket"),
        label("c", "1", selected="random"),
        label("d", "1"),
        label("e", "1", selected="active"),
        label("e", "1", selected="random", day=1),
        label("f", "1", selected="active"),
        label("f", "0", "gold", day=1),
    ]
    assert held(said, [None] * 6)[2] == [True, True, False, False, False, True]


def test_a_chosen_row_whose_own_label_stands_judges_as_before():
    assert held([label("a", "1", "weak", selected="active")], [0])[1:] == (["source"], [False])


def test_rows_train_with_what_people_said_and_judge_without_what_was_chosen():
    params = Params.model_validate({"model": {"name": "m", "task": "classification", "target": "y"}, "data": {"live": "x", "time": "t", "id": "id"}})
    people = people_labels([label("a", "1", selected="active"), label("b", "1"), label("z", "1")], BINARY)
    rows = pa.table({"id": ["a", "b", "c"], "y": [0.0, 0.0, 0.0]})
    assert people.training(rows, params)["y"].to_pylist() == [1.0, 1.0, 0.0]
    assert people.judging(rows, params)["y"].to_pylist() == [None, 1.0, 0.0]
    assert people.judging(rows.drop_columns("y"), params)["y"].to_pylist() == [None, 1.0, None]


@pytest.mark.parametrize(
    ("text", "changed", "value"),
    [
        ("1", {}, 1.0),
        ("false", {}, 0.0),
        ("yes", {"positive": "yes"}, 1.0),
        ("never", {"positive": "yes"}, 0.0),
        ("outage", {"classes": ("billing", "outage", "other")}, 1.0),
        ("legal", {"classes": ("billing", "outage", "other")}, 3.0),
        ("-2.5", {"task": "regression"}, -2.5),
    ],
)
def test_a_label_is_the_number_that_keepfit_works_with(text, changed, value):
    assert value_of(text, ModelParams(**{"name": "m", "task": "classification", "target": "y", **changed}), where="labels") == value


@pytest.mark.parametrize(("text", "task"), [("yes", "classification"), ("much", "regression"), ("inf", "regression")])
def test_a_label_that_is_none_of_the_model_is_one_sentence(text, task):
    with pytest.raises(DataError, match=f"the label '{text}' is not") as bad:
        people_labels([label("a", text)], ModelParams(name="m", task=task, target="y"))
    assert bad.value.where == "labels: row a"
