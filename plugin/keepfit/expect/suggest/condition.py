"""Rows of one slice: as a table's rows, and as the condition that an expectation's line says."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from keepfit.slices.masks import value_text
from keepfit.slices.name import Slice
from keepfit.tables.columns import require_columns


def rows_of_slice(table: pa.Table, where: Slice) -> pa.Table:
    """Return the rows of a slice, all of them for `overall`; raises `UnknownNameError` for a column that is not there."""
    if where.column is None:
        return table
    require_columns(table, [where.column], where=f"slice {where.name}")
    return table.filter(pa.array([value_text(value) == where.value for value in table[where.column].to_pylist()], pa.bool_()))


def condition_of(where: Slice) -> dict[str, Any]:
    """Return the arguments that bind a line to the rows of a slice.

    >>> condition_of(Slice("origin", "JFK"))["row_condition"], condition_of(Slice("hour", "7"))["row_condition"], condition_of(Slice())
    ('origin == "JFK"', 'hour == 7', {})
    """
    if where.column is None:
        return {}
    value = str(where.value)
    number = value.lstrip("-").replace(".", "", 1).isdigit()
    column = where.column if where.column.isidentifier() else f"`{where.column}`"
    shown = value if number else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return {"row_condition": f"{column} == {shown}", "condition_parser": "pandas"}
