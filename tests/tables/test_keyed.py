"""Rows by their keys."""

from __future__ import annotations

import pyarrow as pa

from keepfit.tables.keyed import strangers, with_keys, without_rows

TABLE = pa.table({"id": ["a", "b", "c"], "x": [1, 2, 3]})


def test_rows_are_kept_or_left_out_by_their_ids():
    assert with_keys(TABLE, ["c", "a", "z"], "id")["x"].to_pylist() == [1, 3]
    assert without_rows(TABLE, {"b"}, "id")["x"].to_pylist() == [1, 3]
    assert without_rows(TABLE, (), "id") is TABLE


def test_strangers_are_in_their_own_order_and_a_missing_key_is_nobodys():
    keys = pa.chunked_array([["z", "a"], [None, "y"]], pa.string())
    assert strangers(keys, TABLE["id"]).to_pylist() == ["z", None, "y"]
