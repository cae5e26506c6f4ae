"""The id of every row: made of its content, or the column that a person named."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.tables.row_ids import with_row_ids


def test_content_ids_do_not_depend_on_order_of_rows_or_columns_or_on_the_label():
    table = pa.table({"a": [1, 2], "b": ["x", None], "label": [0.0, None]})
    other = pa.table({"label": [1.0, 1.0], "b": [None, "x"], "a": [2, 1]})
    ids = with_row_ids(table, None, ignore=["label"])["row_id"].to_pylist()
    assert with_row_ids(other, None, ignore=["label"])["row_id"].to_pylist() == ids[::-1]


def test_a_repeated_row_gets_a_number_and_a_second_call_changes_nothing():
    table = with_row_ids(pa.table({"a": [1, 1, 2]}), None)
    first, second, third = table["row_id"].to_pylist()
    assert second == f"{first}-2"
    assert third != first
    assert with_row_ids(table, None).equals(table)


def test_null_and_an_empty_text_are_different_rows():
    ids = with_row_ids(pa.table({"a": ["", None]}), None)["row_id"].to_pylist()
    assert len(set(ids)) == 2
    assert not any("-" in row for row in ids)


def test_repeated_ids_are_named_and_at_most_five():
    table = pa.table({"id": [number for number in range(10) for _ in range(2)]})
    with pytest.raises(DataError, match=r"10 ids in 'id' are there more than once: 0, 1, 2, 3, 4 \("):
        with_row_ids(table, "id")


def test_an_id_column_becomes_text():
    assert with_row_ids(pa.table({"id": [7]}), "id")["id"].to_pylist() == ["7"]
