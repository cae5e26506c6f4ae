"""Which rows of a table trained a model, by tables that are known to hold training rows: who judges a model on what it has seen learns how well it remembers.

By id, where both tables have that column, or where one is keepfit's own manifest (`row_id` and `part`: of `train` and `replay`). Else by what both hold: a
row is the same if every column that both have says the same, whatever it is stored as (`tables/ids.py`), and no other row of the table does.

>>> table, trained = pa.table({"id": [1, 2, 3], "x": [5, 6, 7]}), pa.table({"x": [7.0, 9.0], "id": [30, 40]})
>>> rows_that_trained(table, [trained], id="id"), rows_that_trained(table, [trained], id=None)
([], [])
>>> rows_that_trained(table.drop_columns("id"), [trained.drop_columns("id")], id=None)
[2]

Blind to a training row that was written otherwise (rounded, renamed, corrected), and without an id to rows that stand in the table twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import DataError
from keepfit.tables.columns import ROW_ID
from keepfit.tables.ids import feature_ids, key_texts

PART, TRAINS = "part", ("train", "replay")
REPEAT = "-"


def rows_that_trained(table: pa.Table, trained_on: Sequence[pa.Table], *, id: str | None) -> list[int]:  # noqa: A002 - the option's name
    """Return the places of the table's rows that are among the training rows; raises `DataError` for tables that have no column in common."""
    found: set[int] = set()
    for trained in trained_on:
        found |= set(_by_id(table, trained, id) if _has_ids(trained, id) else _by_values(table, trained))
    return sorted(found)


def _has_ids(trained: pa.Table, name: str | None) -> bool:
    return name is not None and (name in trained.column_names or _is_manifest(trained))


def _is_manifest(trained: pa.Table) -> bool:
    return {ROW_ID, PART} <= set(trained.column_names)


def _by_id(table: pa.Table, trained: pa.Table, name: str | None) -> list[int]:
    assert name is not None
    if _is_manifest(trained) and name not in trained.column_names:
        trained = trained.filter(pc.is_in(_texts(trained[PART]), value_set=pa.array(TRAINS))).rename_columns({ROW_ID: name})
    known = key_texts(trained[name].combine_chunks())
    return _places(pc.is_in(key_texts(table[name].combine_chunks()), value_set=known))


def _by_values(table: pa.Table, trained: pa.Table) -> list[int]:
    shared = [name for name in table.column_names if name in trained.column_names]
    if not shared:
        raise DataError("the tables of training rows have no column in common with the table", where="--trained-on", fix="--id COLUMN, or the rows themselves")
    own, others = feature_ids(table, shared), set(feature_ids(trained, shared))
    alike = Counter(one.partition(REPEAT)[0] for one in own)
    return [place for place, one in enumerate(own) if one in others and alike[one] == 1]


def _texts(column: pa.ChunkedArray) -> pa.Array:
    values = column.combine_chunks()
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _places(mask: pa.Array) -> list[int]:
    return [place for place, hit in enumerate(mask.to_pylist()) if hit]
