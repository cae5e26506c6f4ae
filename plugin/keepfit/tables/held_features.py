"""What an as-of join needs of two tables, and what it makes of the places that it found: keys as texts, rows that are too old, columns beside the rows."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.ids import key_texts

TIME, RANK = "_time", "_rank"
HOUR = 3_600_000_000


def key_columns(table: pa.Table, keys: Sequence[str], moments: pa.Array, *, rank: str | None = None) -> pa.Table:
    """Return the keys as texts, the moments as `TIME` and the column `rank` as `RANK` (NULL without one).

    7, 7.0 and "7" are one key; NULL and NaN are none.

    >>> key_columns(pa.table({"k": [7.0, float("nan")]}), ["k"], pa.array([1, 2])).to_pylist()
    [{'k': '7', '_time': 1, '_rank': None}, {'k': None, '_time': 2, '_rank': None}]
    """
    columns = {key: key_texts(table[key].combine_chunks()) for key in keys}
    ranks = pa.nulls(table.num_rows, pa.int64()) if rank is None else table[rank]
    return pa.table({**columns, TIME: moments, RANK: ranks})


def held(places: pa.Array, at: pa.Array, since: pa.Array, *, hours: float | None) -> pa.Array:
    """Return the places, NULL where what holds `since` then is more than so many hours older than its row.

    >>> held(pa.array([0, 1]), pa.array([5 * HOUR, 5 * HOUR]), pa.array([HOUR, 4 * HOUR]), hours=2).to_pylist()
    [None, 1]
    """
    if hours is None:
        return places
    fresh = pc.less_equal(pc.subtract(at, since.take(places)), int(hours * HOUR))
    return pc.if_else(pc.fill_null(fresh, False), places, pa.nulls(len(places), places.type))


def beside(rows: pa.Table, columns: pa.Table, places: pa.Array) -> pa.Table:
    """Return the rows with those of `columns` at their places beside them, NULL without a place."""
    for name in columns.column_names:
        rows = rows.append_column(name, columns[name].combine_chunks().take(places))
    return rows


def without_time(moments: pa.Array) -> int:
    """Return how many moments are missing."""
    return int(moments.null_count)


def found_places(places: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return which rows have a place, and their places.

    >>> [found.to_pylist() for found in found_places(pa.array([None, 7]))]
    [[1], [7]]
    """
    there = pc.is_valid(places)
    return pc.indices_nonzero(there), places.filter(there)


def same_moment(table: pa.Table) -> pa.Array:
    """Return one moment for all rows: where no time tells rows of a key apart."""
    return pa.array([0] * table.num_rows, pa.int64())
