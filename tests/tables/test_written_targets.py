from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

from keepfit.params import Params
from keepfit.tables.frames import to_frame
from keepfit.tables.targets import as_number
from keepfit.tables.written_targets import WRITTEN, as_written, classes_of, in_words, without_written, words_of


def params(positive=None):
    return Params.model_validate(
        {"model": {"name": "m", "task": "classification", "target": "y", "positive": positive}, "data": {"live": "rows.csv", "time": "t"}}
    )


def back(values, positive=None):
    """What the owner's command gets of a column that went through keepfit: its labelled rows."""
    frame = to_frame(as_number(pa.table({"y": values}), "y", positive=positive, keep=True))
    return as_written(frame[frame["y"].notna()].reset_index(drop=True), "y")["y"]


@pytest.mark.parametrize(
    ("values", "positive", "expected"),
    [
        (pa.array(["yes", "no", None, "yes"]), "yes", pd.Series(["yes", "no", "yes"])),
        (pa.array(["yes", "no", "never"]), "yes", pd.Series(["yes", "no", "never"])),
        (pa.array(["ja", "nein"]).dictionary_encode(), "ja", pd.Series(["ja", "nein"])),
        (pa.array(["né", '"'], pa.large_string()), "né", pd.Series(["né", '"'])),
        (pa.array([True, None, False]), None, pd.Series([True, False])),
        (pa.array([True, False]), "false", pd.Series([True, False])),
        (pa.array([1, None, 0]), None, pd.Series([1, 0])),
        (pa.array([2, 1], pa.int8()), "2", pd.Series([2, 1])),
        (pa.array([1.0, 0.0]), None, pd.Series([1.0, 0.0])),
        (pa.array([2.0, 1.5, float("nan")]), "2", pd.Series([2.0, 1.5])),
        (pa.array([Decimal(2), Decimal(1)], pa.decimal128(6, 2)), "2.00", pd.Series([2.0, 1.0])),
    ],
)
def test_the_owner_gets_the_values_and_the_type_that_were_there(values, positive, expected):
    found = back(values, positive)
    assert found.tolist() == expected.tolist()
    assert pd.api.types.infer_dtype(found) == pd.api.types.infer_dtype(expected)


def test_what_went_through_once_keeps_its_words():
    once = as_number(pa.table({"y": ["yes", "no"]}), "y", positive="yes", keep=True)
    assert as_number(once, "y", positive="yes", keep=True).equals(once)
    assert without_written(once).column_names == ["y"]


def test_rows_of_older_windows_get_the_value_of_their_class_and_none_is_guessed_where_a_class_has_none():
    frame = pd.DataFrame({"y": [1.0, 0.0, 1.0, 0.0], WRITTEN: ['"yes"', '"no"', None, None]})
    assert as_written(frame, "y")["y"].tolist() == ["yes", "no", "yes", "no"]
    assert as_written(frame.assign(**{WRITTEN: ['"yes"', None, None, None]}), "y")["y"].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert as_written(frame[["y"]], "y")["y"].tolist() == [1.0, 0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("values", "positive", "classes"),
    [
        (["yes", "no"], "yes", ("no", "yes")),
        (["a", "b", "c"], "a", ("b", "c", "a")),
        ([True, False], "false", ("true", "false")),
        ([2, 1], "2", ("1", "2")),
        ([1, 0], None, ("0", "1")),
        ([1.0, 2.0], "2", ("1", "2")),
    ],
)
def test_the_classes_are_what_the_owner_calls_them_with_the_positive_one_last(values, positive, classes):
    assert classes_of(params(positive), to_frame(as_number(pa.table({"y": values}), "y", positive=positive, keep=True))) == classes


def test_a_target_is_read_in_its_owners_words():
    table = as_number(pa.table({"left": ["yes", "no", None, "yes"]}), "left", positive="yes", keep=True)
    assert words_of(table) == ("no", "yes")
    assert in_words(table, "left", "yes")["left"].to_pylist() == ["yes", "no", None, "yes"]


def test_a_label_that_has_no_written_word_is_the_word_of_its_class():
    table = pa.table({"left": [1.0, 0.0, 0.0, None], WRITTEN: pa.array(['"yes"', '"no"', None, None], pa.string())})
    assert in_words(table, "left", "yes")["left"].to_pylist() == ["yes", "no", "no", None]
    bare = pa.table({"left": [1.0, 0.0]})
    assert words_of(bare) == ()
    assert in_words(bare, "left", "yes")["left"].to_pylist() == ["yes", None], "which word the other class has nobody wrote down"
