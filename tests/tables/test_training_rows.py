"""The rows as a training is given them."""

from __future__ import annotations

import pandas as pd

from keepfit.params import load_params
from keepfit.tables.training_rows import user_columns, weights_of

TEXT = "model: {{name: m, task: regression, target: y}}\ndata: {{live: rows.csv, time: t{more}}}\n"
FRAME = pd.DataFrame({"row_id": ["a", "b"], "x": [1.0, 2.0], "_window": "2026-01", "_weight": 1.0})


def test_a_user_gets_no_column_of_ours_but_weights_that_say_something():
    params = load_params(TEXT.format(more=""))
    assert list(user_columns(params, FRAME)) == ["x"]
    assert list(user_columns(params, FRAME.assign(_weight=[1.0, 3.0]))) == ["x", "_weight"]
    assert list(user_columns(load_params(TEXT.format(more=", id: row_id")), FRAME)) == ["row_id", "x"]


def test_weights_are_there_or_none():
    assert weights_of(FRAME).tolist() == [1.0, 1.0]
    assert weights_of(FRAME.drop(columns="_weight")) is None
