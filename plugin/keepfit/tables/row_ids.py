"""The id of every row: the column that a person named, as text, or one that keepfit makes of the row's content.

What is made is made of time and features alone (`ids.py`), or, in projects begun earlier, of all columns but the target.

>>> from keepfit.tables.times import normalise_time
>>> table = normalise_time(pa.table({"t": ["2013-02-01T06:00:00+01:00"], "x": [1]}), "t")
>>> with_row_ids(table, None)["row_id"].to_pylist()
['324dbcd4b7229c3f']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import DataError
from keepfit.tables.columns import ROW_ID, id_column, require_columns
from keepfit.tables.ids import feature_ids, key_texts

if TYPE_CHECKING:
    from keepfit.params import Params

SHOWN = 5
WHERE = "params.yaml: data.id"
WHOLE = r"^-?\d{1,18}$"


def with_ids(table: pa.Table, params: Params) -> pa.Table:
    """Give every row of a table with naive times its id, by `data.id` and `data.id_scheme`; raises `DataError` for missing or repeated ids."""
    data = params.data
    if data.id is None and data.id_scheme == "features" and ROW_ID not in table.column_names:
        return table.append_column(ROW_ID, pa.array(feature_ids(table, (data.time, *data.features)), pa.string()))
    if data.id is not None and data.id in table.column_names:
        table = table.set_column(table.column_names.index(data.id), data.id, keys_of(table, params))
    return with_row_ids(table, data.id, ignore=(params.model.target,))


def keys_of(table: pa.Table, params: Params) -> pa.Array:
    """Return what a table's id column says of each row, as text."""
    write = key_texts if params.data.id_scheme == "features" else as_text
    return write(table[id_column(params)].combine_chunks())


def with_row_ids(table: pa.Table, column: str | None, *, ignore: Collection[str] = ()) -> pa.Table:
    """Give every row a unique string id: the id column as text, or (None) a column `row_id` made from the row's content.

    A `row_id` that is there already stays. Content ids are the hex of an 8-byte blake2b over the columns in name order, without those in `ignore` (a label that
    arrives later must not change its row's id); the k-th repeat of a row gets `-k`. Raises `DataError` for missing or
    repeated ids, naming five.
    """
    if column is None and ROW_ID in table.column_names:
        column = ROW_ID
    if column is None:
        names = [name for name in table.column_names if name not in ignore]
        ids = pa.array(_content_ids(table.select(sorted(names))), pa.string())
        return _set(table, ROW_ID, ids)
    require_columns(table, [column], where=WHERE)
    ids = as_text(table[column].combine_chunks())
    if ids.null_count:
        raise DataError(f"{ids.null_count} of {len(ids)} rows have no id in {column!r}", where=WHERE, fix="fill them in, or data.id: null")
    repeated = [name for name, n in Counter(ids.to_pylist()).items() if n > 1]
    if repeated:
        raise _repeated(repeated, column)
    return _set(table, column, ids)


def require_new_ids(table: pa.Table, unread: Sequence[pa.ChunkedArray], params: Params) -> None:
    """Raise `DataError` if rows that were not read (their ids as they are stored) have an id of one that was."""
    name = id_column(params)
    own = table[name].combine_chunks()
    again: set[str] = set()
    for ids in unread:
        whole = pa.types.is_integer(ids.type)
        known = pc.cast(own.filter(pc.match_substring_regex(own, WHOLE)), ids.type) if whole else own
        keys = ids.combine_chunks() if whole else keys_of(pa.table({name: ids}), params)  # millions of numbers are not written as texts to be looked up
        again |= {str(key) for key in keys.filter(pc.is_in(keys, value_set=known)).to_pylist() if key is not None}
    if again:
        raise _repeated(again, name)


def _repeated(ids: Collection[str], column: str) -> DataError:
    return DataError(
        f"{len(ids)} ids in {column!r} are there more than once: {', '.join(sorted(ids)[:SHOWN])}",
        where=WHERE,
        fix="remove the repeated rows; if rows of one entity come again, name it as data.group and set data.id: null",
    )


def _content_ids(table: pa.Table) -> list[str]:
    if not table.column_names:
        raise DataError("the table has no columns to tell its rows apart", fix="name an id column (params.yaml: data.id)")
    columns = [pc.fill_null(as_text(table[name].combine_chunks()), "\x00") for name in table.column_names]
    header = "\x1f".join(table.column_names).encode()
    seen: Counter[str] = Counter()
    ids = []
    for text in pc.binary_join_element_wise(*columns, "\x1f").to_pylist():
        name = blake2b(text.encode(), digest_size=8, key=blake2b(header, digest_size=32).digest()).hexdigest()
        seen[name] += 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids


def as_text(values: pa.Array) -> pa.Array:
    """Text of each value; a whole number reads the same whether its column is int or float (NULLs elsewhere change that)."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_binary(values.type) or pa.types.is_large_binary(values.type) or pa.types.is_fixed_size_binary(values.type):
        return pa.array([None if value is None else value.hex() for value in values.to_pylist()], pa.string())
    if pa.types.is_nested(values.type):
        return pa.array([None if value is None else repr(value) for value in values.to_pylist()], pa.string())
    return pc.cast(values, pa.string())


def _set(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    at = table.column_names.index(name) if name in table.column_names else None
    return table.append_column(name, values) if at is None else table.set_column(at, name, values)
