"""Rows by their keys: those of some ids, those without, and how many of one table are none of another."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc


def with_keys(table: pa.Table, ids: Collection[str], column: str) -> pa.Table:
    """Return the rows that have one of the ids."""
    return table.filter(pc.is_in(table[column], value_set=_texts(ids)))


def without_rows(table: pa.Table, ids: Collection[str], column: str) -> pa.Table:
    """Return the table without the rows that have one of the ids."""
    return table.filter(pc.invert(pc.is_in(table[column], value_set=_texts(ids)))) if ids else table


def strangers(keys: pa.ChunkedArray, others: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the keys that are none of the others, in their order.

    >>> strangers(pa.chunked_array([["a", "b"]]), pa.chunked_array([["b"]])).to_pylist()
    ['a']
    """
    return keys.filter(pc.invert(pc.is_in(keys, value_set=others.combine_chunks())))


def _texts(ids: Collection[str]) -> pa.Array:
    return pa.array(list(ids), pa.string())
