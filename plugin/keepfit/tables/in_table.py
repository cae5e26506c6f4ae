"""A batch of one of a table's files as rows of the table: with the columns that its folders' names give it, in the types that all files have together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from keepfit.tables.number_text import is_text
from keepfit.tables.together import fit


def with_parts(table: pa.Table, parts: Mapping[str, str | None]) -> pa.Table:
    """Return the table with the columns of its partition, as text; one that the file has itself stays.

    >>> with_parts(pa.table({"x": [1, 2]}), {"m": "01", "x": "3"}).to_pylist()
    [{'x': 1, 'm': '01'}, {'x': 2, 'm': '01'}]
    """
    for name, value in parts.items():
        if name not in table.column_names:
            table = table.append_column(name, pa.array([value] * table.num_rows, pa.string()))
    return table


def in_table(batch: pa.Table, columns: Sequence[str], schema: pa.Schema, *, parts: Mapping[str, str | None]) -> pa.Table:
    """Return these columns of a table with that schema for a batch of one of its files; texts may stay the dictionaries that they come in.

    >>> schema = pa.schema({"x": pa.float64(), "y": pa.string(), "m": pa.string()})
    >>> in_table(pa.table({"x": [1]}), ["x", "y", "m"], schema, parts={"m": "01"}).to_pylist()
    [{'x': 1.0, 'y': None, 'm': '01'}]
    """
    if not columns:
        return batch
    batch = with_parts(batch, {name: value for name, value in parts.items() if name in columns})
    types = {one.name: one.type for one in schema}
    kept = {one.name: one.type for one in batch.schema if is_text(one.type) and is_text(types[one.name])}
    return fit(batch, pa.schema([(name, kept.get(name, types[name])) for name in columns]))
