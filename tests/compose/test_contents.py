"""What a training set holds, by class and slice: counts that a person can check by hand."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from keepfit.compose.contents import SLICES, columns_for, contents
from keepfit.params import load_params

PARAMS = """model: {{name: parts, task: {task}, target: failed}}
data: {{live: rows.csv, time: at, features: {{line: categorical}}}}
evaluate: {{metric: {metric}, slices: {{line: {{min_rows: null}}, hour: {{min_rows: null}}}}}}
"""
PARTS = load_params(PARAMS.format(task="classification", metric="roc_auc"))


def table(failed, line, *, weight=None, hours=None):
    columns = {
        "failed": pa.array(failed, pa.float64()),
        "at": pa.array([datetime(2026, 1, 1, hour) for hour in hours or [8] * len(failed)], pa.timestamp("us")),
        "line": pa.array(line),
    }
    return pa.table(columns | ({} if weight is None else {"_weight": pa.array(weight, pa.float64())}))


def test_rows_shares_weights_and_labels_of_each_class_and_slice():
    found = contents(table([1, 0, 0, 0], ["a", "a", "b", None], weight=[3.0, 1.0, 1.0, 1.0], hours=[8, 8, 9, 9]), PARTS)
    assert (found.rows, found.labelled, found.shown) == (4, 4, ("0", "1"))
    assert [(one.name, one.rows, one.share, one.weight) for one in found.classes] == [("0", 3, 0.75, 0.5), ("1", 1, 0.25, 0.5)]
    line, hour = found.columns
    assert [(one.name, one.rows, one.share, one.weight, one.classes) for one in line.slices] == [
        ("line=a", 2, 0.5, 0.666667, (1, 1)),
        ("line=(missing)", 1, 0.25, 0.166667, (1, 0)),
        ("line=b", 1, 0.25, 0.166667, (1, 0)),
    ]
    assert [(one.name, one.rows) for one in hour.slices] == [("hour=8", 2), ("hour=9", 2)]  # derived from the time


def test_rows_without_a_label_are_counted_and_are_of_no_class():
    found = contents(table([1, None, 0], ["a", "a", "b"]), PARTS)
    assert (found.rows, found.labelled) == (3, 2)
    assert found.columns[0].slices[0].classes == (0, 1)


def test_rows_that_were_made_are_not_counted():
    both = table([1, 0, 1], ["a", "b", "b"]).append_column("_parent", pa.array([None, None, "r1"], pa.string()))
    assert "_parent" in columns_for(PARTS, both.column_names)
    assert contents(both, PARTS) == contents(table([1, 0], ["a", "b"]), PARTS)


def test_a_hidden_column_is_not_counted():
    found = contents(table([1, 0], ["a", "b"]), PARTS, hidden=["line"])
    assert [one.column for one in found.columns] == ["hour"]


def test_of_a_number_the_spread_and_the_mean_of_each_slice():
    found = contents(table([1.0, 2.0, 3.0, None], ["a", "a", "b", "c"]), load_params(PARAMS.format(task="regression", metric="mae")))
    assert (found.classes, found.spread.middle) == ((), 2.0)
    assert [(one.name, one.mean) for one in found.columns[0].slices] == [("line=a", 1.5), ("line=b", 3.0), ("line=c", None)]


def test_a_column_of_very_many_values_is_told_by_its_commonest():
    many = [f"v{row}" for row in range(5_000)] + ["often"] * 9
    line = contents(table([0.0, 1.0] + [0.0] * (len(many) - 2), many), PARTS).columns[0]
    assert (line.slices[0].name, len(line.slices), line.others) == ("line=often", SLICES, 5_001 - SLICES)
    assert sum(one.rows for one in line.slices) + line.other_rows == len(many)


def test_no_rows_at_all():
    found = contents(table([], pa.array([], pa.string())), PARTS)
    assert (found.rows, found.columns[0].slices) == (0, ())


def test_only_what_is_counted_is_read():
    assert columns_for(PARTS, ["failed", "at", "line", "heat", "_weight"]) == ["failed", "_weight", "at", "line"]


@pytest.mark.parametrize("value", ["<b>", "a=b", "", " "])
def test_any_text_is_a_slice(value):
    assert contents(table([1, 0], [value, value]), PARTS).columns[0].slices[0].name == f"line={value}"


def test_of_many_classes_the_commonest_stand_first_and_slices_are_told_by_six():
    names = [f"c{at}" for at in range(60)]
    params = load_params(PARAMS.format(task="classification", metric="log_loss").replace("target: failed", f"target: failed, classes: [{', '.join(names)}]"))
    found = contents(table([*map(float, range(60)), 7.0, 7.0, 3.0], ["a"] * 63), params)
    assert [one.name for one in found.classes[:3]] == ["c7", "c3", "c0"]
    assert (len(found.classes), found.other_classes, found.shown) == (40, 20, ("c0", "c1", "c2", "c3", "c4", "c7"))
    assert found.columns[0].slices[0].classes == (1, 1, 1, 2, 1, 3)
