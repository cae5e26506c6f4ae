"""Rows as a page shows them: texts only, and nothing of what is hidden."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa

from keepfit.params import load_params
from keepfit.records.data_view import SampleRow
from keepfit.tables.shown_rows import shown_rows

PARAMS = """model: {name: parts, task: classification, target: failed}
data: {live: rows.csv, time: at, id: part, features: {heat: numeric, line: categorical}}
"""
TABLE = pa.table(
    {
        "part": ["p1", "p2"],
        "at": pa.array([datetime(2026, 1, 1, 8, 30, 5)] * 2, pa.timestamp("us")),
        "heat": [0.123456789, None],
        "line": ["a", "secret"],
        "failed": [1.0, float("nan")],
    }
)


def shown(*, scores=None, params=PARAMS, hidden=(), table=TABLE):
    return shown_rows(load_params(params), table, scores=scores or {}, columns=["heat", "line"], id_column="part", hidden=hidden)


def test_values_are_texts_and_the_label_goes_by_its_class():
    assert shown(scores={"champion": np.array([0.25, 0.5])}, params=PARAMS.replace("target: failed", "target: failed, positive: left"))[0] == SampleRow(
        id="p1", time="2026-01-01 08:30", label="left", champion="0.250", cells=("0.123457", "a")
    )


def test_what_is_missing_is_a_dash():
    row = shown()[1]
    assert (row.label, row.cells) == ("–", ("–", "secret"))


def test_a_hidden_column_shows_nothing_wherever_it_stands():
    rows = shown(hidden=["line", "part", "at"])
    assert "secret" not in str(rows)
    assert (rows[0].id, rows[0].time) == ("(redacted)", "(redacted)")
    assert [row.cells[1] for row in rows] == ["(redacted)", "(redacted)"]


def test_of_many_classes_the_label_is_its_word_and_a_model_says_its_likeliest_one():
    params = PARAMS.replace("target: failed", "target: failed, classes: [cold, hot, wet]")
    first, second = shown(scores={"candidate": np.array([[0.1, 0.2, 0.7], [0.8, 0.1, 0.1]])}, params=params)
    assert (first.label, first.candidate, second.label, second.candidate) == ("hot", "wet 0.70", "–", "cold 0.80")


def test_a_number_is_shown_as_it_is():
    params = PARAMS.replace("classification", "regression")
    assert [one.label for one in shown(params=params, table=TABLE.set_column(4, "failed", pa.array([12.5, None])))] == ["12.5", "–"]
