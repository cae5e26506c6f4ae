"""Values that were no numbers, kept with the rows they were left out of: row id and text, in the table's own metadata.

A table in memory and a Parquet file carry it along; rows that are filtered out take theirs with them, since only ids that are there count.

>>> table = with_unreadable(pa.table({"id": ["a", "b"], "x": [1.0, None]}), {"x": {"b": "TOTAL"}}, key="id")
>>> unreadable_in(table), unreadable_in(table.slice(0, 1))
({'x': {'b': 'TOTAL'}}, {})
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa

NAME = b"keepfit.unreadable"
Cells = Mapping[str, Mapping[str, str]]  # column -> row id -> what stands there


def with_unreadable(table: pa.Table, cells: Cells, *, key: str) -> pa.Table:
    """Return the table with these values noted, beside none noted before; `key` is the column of row ids."""
    found = {name: dict(sorted(rows.items())) for name, rows in sorted(cells.items()) if rows}
    if not found:
        return table.replace_schema_metadata(None)
    return table.replace_schema_metadata({NAME: json.dumps({"key": key, "cells": found}, ensure_ascii=False).encode()})


def unreadable_in(table: pa.Table) -> dict[str, dict[str, str]]:
    """Return what is noted of the rows that are there, by column and row id."""
    noted = (table.schema.metadata or {}).get(NAME)
    if noted is None:
        return {}
    said = json.loads(noted)
    if said["key"] not in table.column_names:
        return {}
    there = set(table[said["key"]].to_pylist())
    found = {name: {row: text for row, text in rows.items() if row in there} for name, rows in said["cells"].items()}
    return {name: rows for name, rows in found.items() if rows}


def notes_of(table: pa.Table) -> dict[bytes, bytes] | None:
    """Return the table's metadata as far as it is ours."""
    noted = (table.schema.metadata or {}).get(NAME)
    return None if noted is None else {NAME: noted}


def noted_ids(notes: Mapping[bytes, bytes] | None) -> list[str]:
    """Return the ids of the rows of which something is noted."""
    cells = json.loads(notes[NAME])["cells"] if notes and NAME in notes else {}
    return sorted({row for rows in cells.values() for row in rows})


def notes_for(notes: Mapping[bytes, bytes] | None, there: Collection[str]) -> dict[bytes, bytes] | None:
    """Return what is noted of these rows; None for nothing.

    >>> notes = with_unreadable(pa.table({"id": ["a"]}), {"x": {"a": "TOTAL", "b": "?"}}, key="id").schema.metadata
    >>> noted_ids(notes), notes_for(notes, ["b"])[NAME], notes_for(notes, [])
    (['a', 'b'], b'{"key": "id", "cells": {"x": {"b": "?"}}}', None)
    """
    if not notes or NAME not in notes:
        return None
    said, among = json.loads(notes[NAME]), set(there)
    found = {name: {row: text for row, text in rows.items() if row in among} for name, rows in said["cells"].items()}
    cells = {name: rows for name, rows in found.items() if rows}
    return {NAME: json.dumps({"key": said["key"], "cells": cells}, ensure_ascii=False).encode()} if cells else None


def with_own_notes(table: pa.Table) -> pa.Table:
    """Return the table with no other metadata than what is noted of its own rows."""
    noted = (table.schema.metadata or {}).get(NAME)
    if noted is None:
        return table.replace_schema_metadata(None)
    return with_unreadable(table, unreadable_in(table), key=json.loads(noted)["key"])


# -- before rows have ids -----------------------------------------------------------------------------------------------

SUFFIX = "\x00unreadable"


def beside(table: pa.Table, name: str, texts: pa.Array) -> pa.Table:
    """Return the table with the texts of a column's unreadable values in a column beside it (NULL elsewhere)."""
    return table.append_column(name + SUFFIX, texts)


def taken_apart(table: pa.Table) -> tuple[pa.Table, dict[str, pa.ChunkedArray]]:
    """Return the table without the columns that `beside` made, and those by the column they belong to."""
    own = [name for name in table.column_names if name.endswith(SUFFIX)]
    return table.drop_columns(own), {name.removesuffix(SUFFIX): table[name] for name in own}


def by_row(beside_: Mapping[str, pa.ChunkedArray], ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return each column's unreadable texts by row id."""
    return {name: {row: text for row, text in zip(ids, texts.to_pylist(), strict=True) if text is not None} for name, texts in beside_.items()}
