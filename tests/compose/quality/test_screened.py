from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.quality.columns import ColumnsOfRows
from keepfit.compose.quality.screened import ASIDE, JUDGE, MOST_NEAR, TRAIN, Screened, by_time
from keepfit.errors import DataError

SIDES = {"t": TRAIN, "j": JUDGE, "-": ASIDE}


def screened(table, sides, label, *, order=None, kinds=None, numbers=False):
    table = pa.table(table)
    features = kinds or dict.fromkeys(table.column_names, "numeric")
    columns = ColumnsOfRows(stored=table.column, place=np.arange(len(sides)), all_names=table.column_names, inputs=features, time="when")
    side = np.array([SIDES[one] for one in sides], np.uint8)
    order = np.arange(len(side)) if order is None else np.array(order)
    return columns.screened(side, np.array(label, np.float64), order, numbers=numbers)


def pairs(found):
    return dict(zip(found[0].tolist(), found[1].tolist(), strict=True))


def test_a_row_that_says_the_same_in_all_columns_repeats_the_earlier_one():
    rows = screened({"a": [1.0, 1.0, 1.0], "b": ["x", "x", "y"]}, "ttt", [1, 1, 1])
    assert pairs(rows.duplicates()) == {1: 0}
    assert pairs(screened({"a": [1.0, 1.0]}, "tt", [1, 1], order=[1, 0]).duplicates()) == {0: 1}


def test_another_label_is_a_contradiction_no_repetition():
    rows = screened({"a": [1.0, 1.0, 1.0, 2.0]}, "tttt", [0, 0, 1, 1])
    assert pairs(rows.duplicates()) == {1: 0}
    assert pairs(rows.conflicts()) == {0: 2, 1: 2, 2: 0}


def test_rows_without_a_label_contradict_nothing():
    assert pairs(screened({"a": [1.0, 1.0]}, "tt", [0, np.nan]).conflicts()) == {}


def test_numbers_contradict_each_other_from_half_the_middle_range_on():
    label = [0.0, 4.0, 1.0, 2.0, 3.0, 1.6]
    rows = screened({"a": [1, 1, 2, 3, 4, 2]}, "tttttt", label, numbers=True)
    assert pairs(rows.conflicts()) == {0: 1, 1: 0}


def test_only_rows_that_may_train_are_found():
    rows = screened({"a": [1.0] * 4}, "tj-j", [1, 1, 1, 1])
    assert pairs(rows.duplicates()) == pairs(rows.conflicts()) == {}
    assert pairs(rows.contamination()) == {0: 1}


def test_a_row_of_the_same_features_and_another_label_is_no_contamination():
    assert pairs(screened({"a": [1.0, 1.0]}, "tj", [0, 1]).contamination()) == {}


def test_near_rows_on_both_sides_are_contamination_and_within_training_near_duplicates():
    spread = {"a": [0.0, 0.0001, 0.0002, 1.0, 2.0, 3.0]}
    rows = screened(spread, "jttttt", [1] * 6)
    assert pairs(rows.near_contamination()) == {1: 0, 2: 0}
    assert pairs(rows.near_duplicates()) == {2: 1}


def test_an_exact_duplicate_is_no_near_one():
    assert pairs(screened({"a": [1.0, 1.0, 2.0]}, "ttt", [1, 1, 1]).near_duplicates()) == {}


def test_texts_nearly_repeat_each_other():
    said = "the parcel has not arrived although the tracking page says so since monday"
    kinds = {"body": "text"}
    rows = screened({"body": [said, said + "!", "please reset my password, the mail never comes"]}, "ttt", [1, 1, 1], kinds=kinds)
    assert pairs(rows.near_duplicates()) == {1: 0}


def test_coincidence_is_the_share_of_rows_whose_features_and_label_an_earlier_row_has():
    assert screened({"a": [1, 1, 1, 2]}, "tttt", [0, 0, 1, 0]).coincidence == 0.25
    assert screened({"a": [1]}, "j", [0]).coincidence == 0


def test_more_rows_than_can_be_compared_are_refused_with_their_number():
    n = MOST_NEAR + 1
    rows = Screened(
        side=np.zeros(n, np.uint8),
        label=np.zeros(n),
        order=np.arange(n),
        whole=lambda: np.arange(n).astype(np.uint64),
        inputs=lambda: np.arange(n).astype(np.uint64),
        near=lambda at: None,
    )
    with pytest.raises(DataError, match="at most 2,000,000 rows, and there are 2,000,001"):
        rows.near_duplicates()


def test_rows_of_one_time_are_in_the_order_of_their_ids():
    time = np.array(["2026-01-02", "2026-01-01", "2026-01-01"], "datetime64[us]")
    assert by_time(time, ["a", "c", "b"], 3).tolist() == [2, 1, 0]
    assert by_time(None, None, 3).tolist() == [0, 1, 2]
