"""Labels as numbers, whatever stores them; what is no label of the task is refused."""

from __future__ import annotations

import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from keepfit.errors import DataError, UnknownNameError
from keepfit.params import Params, load_params
from keepfit.tables.frames import to_frame
from keepfit.tables.labels import labelled, labelled_if_any, labels


def params(task="classification"):
    return Params.model_validate({"model": {"name": "m", "task": task, "target": "y"}, "data": {"live": "rows.csv", "time": "t"}})


COLUMNS = {
    "integers": pa.array([1, 0, None], pa.int8()),
    "floats": pa.array([1.0, 0.0, float("nan")]),
    "booleans": pa.array([True, False, None]),
    "numbers as text": pa.array(["1", "0.0", None]),
    "decimals": pa.array([decimal.Decimal("1.0"), decimal.Decimal("0.0"), None]),
    "a dictionary of texts": pa.array(["1", "0", None]).dictionary_encode(),
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_labels_are_the_same_however_they_are_stored_in_a_table_or_a_frame(column):
    table = pa.table({"y": column})
    for rows in (table, to_frame(table)):
        np.testing.assert_array_equal(labels(params(), rows), [1.0, 0.0, np.nan])


def test_rows_without_any_label_have_none():
    np.testing.assert_array_equal(labels(params(), pa.table({"y": pa.nulls(2)})), [np.nan, np.nan])


@pytest.mark.parametrize(
    ("values", "task", "said"),
    [
        (["yes", "no"], "classification", "the target 'y' holds text"),
        ([0.0, 2.0, 3.5], "classification", "the target 'y' is not 0 and 1: 0, 2, 3.5 …"),
        ([1.0, float("inf")], "regression", "the target 'y' holds infinity"),
    ],
)
def test_what_is_no_label_is_refused(values, task, said):
    for rows in (pa.table({"y": values}), to_frame(pa.table({"y": values}))):
        with pytest.raises(DataError, match=said):
            labels(params(task), rows)


def test_a_target_that_is_not_there_is_named():
    with pytest.raises(UnknownNameError, match="'y'"):
        labels(params(), pa.table({"z": [1.0]}))


PARAMS = load_params("model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, features: {x: numeric}}\n")
FRAME = pd.DataFrame({"t": pd.Timestamp(2026, 1, 1), "x": [1.0, 2.0, 3.0], "y": [1.0, np.nan, 0.0]})


def test_rows_without_a_label_are_left_out():
    assert labelled(PARAMS, FRAME)["x"].tolist() == [1.0, 3.0]
    assert labelled_if_any(PARAMS, FRAME)["x"].tolist() == [1.0, 3.0]


def test_no_label_at_all_is_an_error_where_one_is_needed_and_no_rows_where_it_is_a_result():
    bare = FRAME.assign(y=np.nan)
    with pytest.raises(DataError, match="none of the 3 training rows has a label"):
        labelled(PARAMS, bare)
    assert len(labelled_if_any(PARAMS, bare)) == len(labelled_if_any(PARAMS, FRAME.head(0))) == 0


def test_a_feature_that_is_not_there_is_named_before_anything_is_learned():
    with pytest.raises(UnknownNameError, match="'x'"):
        labelled(PARAMS, FRAME.drop(columns="x"))
