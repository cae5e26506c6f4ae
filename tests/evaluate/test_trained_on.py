"""Rows that trained a model are found by id, by a manifest, or by all that both tables hold, whatever it is stored as."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import DataError
from keepfit.evaluate.trained_on import rows_that_trained

TABLE = pa.table({"id": [1, 2, 3, 4], "x": [0.5, 1.0, 2.0, 2.0], "y": ["no", "yes", "no", "no"]})


def test_an_id_is_the_same_whatever_it_is_stored_as():
    assert rows_that_trained(TABLE, [pa.table({"id": ["2", "9"]}), pa.table({"id": [4.0]})], id="id") == [1, 3]


def test_of_a_manifest_the_rows_that_train_count_and_those_that_judge_or_are_held_out_do_not():
    manifest = pa.table({"row_id": ["1", "2", "3", "4"], "part": pa.array(["train", "evaluate", "replay", "holdout"]).dictionary_encode()})
    assert rows_that_trained(TABLE, [manifest], id="id") == [0, 2]


def test_without_an_id_a_row_is_the_same_that_says_the_same_and_no_two_rows_do():
    trained = pa.table({"y": ["yes", "no", "no"], "x": ["1", "2.0", "7"], "more": [1, 2, 3]})
    assert rows_that_trained(TABLE.drop_columns("id"), [trained], id=None) == [1]


def test_tables_with_nothing_in_common_are_refused():
    with pytest.raises(DataError, match="no column in common"):
        rows_that_trained(TABLE, [pa.table({"z": [1]})], id=None)


def test_no_table_says_nothing():
    assert rows_that_trained(TABLE, [], id="id") == []


@given(st.lists(st.integers(0, 30), unique=True, max_size=20), st.lists(st.integers(0, 30), unique=True, max_size=20))
def test_it_is_the_intersection_of_a_recount(judging, training):
    tables = [pa.table({"k": pa.array(keys, pa.int64()), "v": pa.array([key * 0.5 for key in keys], pa.float64())}) for keys in (judging, training)]
    expected = [place for place, key in enumerate(judging) if key in set(training)]
    assert rows_that_trained(tables[0], tables[1:], id="k") == rows_that_trained(tables[0], tables[1:], id=None) == expected
