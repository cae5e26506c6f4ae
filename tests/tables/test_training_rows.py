"""The rows as a training is given them."""

from __future__ import annotations

import pandas as pd

from keepfit.params import load_params
from keepfit.tables.training_rows import natural, training_key, user_columns, weights_of

TEXT = "model: {{name: m, task: regression, target: y}}\ndata: {{live: rows.csv, time: t{more}}}\n"
FRAME = pd.DataFrame({"row_id": ["a", "b"], "x": [1.0, 2.0], "_window": "2026-01", "_weight": 1.0})


def test_a_user_gets_no_column_of_ours_but_weights_that_say_something():
    params = load_params(TEXT.format(more=""))
    assert list(user_columns(params, FRAME)) == ["x"]
    assert list(user_columns(params, FRAME.assign(_weight=[1.0, 3.0]))) == ["x", "_weight"]
    assert list(user_columns(load_params(TEXT.format(more=", id: row_id")), FRAME)) == ["row_id", "x"]


def test_a_users_own_command_learns_which_row_was_made_of_which():
    params = load_params(TEXT.format(more=", id: row_id"))
    assert list(user_columns(params, FRAME.assign(_parent=[None, "a"]))) == ["row_id", "x", "_parent"]


def test_weights_are_there_or_none():
    assert weights_of(FRAME).tolist() == [1.0, 1.0]
    assert weights_of(FRAME.drop(columns="_weight")) is None


MADE = pd.DataFrame({"row_id": ["a", "a~jitter.1"], "t": pd.Timestamp("2026-01-01"), "y": [1.0, 1.0], "x": [1.0, 1.5], "_parent": [None, "a"]})


def test_rows_that_were_made_are_told_from_those_that_came():
    assert natural(MADE)["row_id"].tolist() == ["a"]
    assert natural(FRAME) is FRAME


def test_what_was_made_is_told_by_its_values_as_it_may_be_made_otherwise_under_one_id():
    params = load_params(TEXT.format(more=", id: row_id, features: {x: numeric}"))
    key = training_key(params, MADE)
    assert training_key(params, MADE.assign(x=[1.0, 1.75])) != key
    assert training_key(params, MADE.assign(x=[7.0, 1.5])) == key, "of a row that came the id says which it is"
    assert training_key(params, MADE.iloc[::-1]) == key
    came = MADE.iloc[:1]
    assert training_key(params, came.drop(columns="_parent")) != key
