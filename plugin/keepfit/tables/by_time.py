"""A table's rows by their time: those of a period, those of each window, and from when until when they go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.records import Window
from keepfit.tables.windows import count_windows, parse_window_id, rows_per_window, windows_covering


def between(table: pa.Table, time: str, start: datetime | None, end: datetime | None) -> pa.Table:
    """Return the rows whose `time` lies in `[start, end)`; None is open, and a row without a time lies in no bounded period.

    >>> table = pa.table({"t": [datetime(2013, 2, day) for day in (1, 2, 3)]})
    >>> between(table, "t", datetime(2013, 2, 2), None).num_rows, between(table, "t", None, datetime(2013, 2, 2)).num_rows
    (2, 1)
    """
    inside = [keep(table[time], bound) for bound, keep in ((start, pc.greater_equal), (end, pc.less)) if bound is not None]
    return table.filter(reduce(pc.and_, inside)) if inside else table


def in_order(table: pa.Table, *columns: str) -> pa.Table:
    """Return the rows sorted by these columns, the first before the second."""
    return table.sort_by([(name, "ascending") for name in columns])


def sortable(table: pa.Table) -> list[str]:
    """Return the columns that rows can be sorted by: those of one value a row, that is not always NULL.

    >>> sortable(pa.table({"b": [1], "a": [[1]], "c": [None]}))
    ['b']
    """
    return [field.name for field in table.schema if not (pa.types.is_nested(field.type) or pa.types.is_null(field.type))]


def span_of(table: pa.Table, time: str) -> tuple[datetime, datetime] | None:
    """Return the first and the last time, None where no row has one.

    >>> span_of(pa.table({"t": pa.array([], pa.timestamp("us"))}), "t") is None
    True
    """
    found = pc.min_max(table[time]).as_py()
    return None if found["min"] is None else (found["min"], found["max"])


def times_of(tables: Iterable[pa.Table], time: str) -> npt.NDArray[np.datetime64]:
    """Return the times of all rows of all tables, table by table."""
    return np.concatenate([table[time].to_numpy() for table in tables])


def rows_of(table: pa.Table, time: str, window: Window) -> pa.Table:
    """Return the rows of a window that says when it begins and ends; none of one that does not."""
    if window.start is None or window.end is None:
        return table.slice(0, 0)
    return between(table, time, window.start, window.end)


def parts(table: pa.Table, time: str, windows: Iterable[Window]) -> list[pa.Table]:
    """Return the rows of each window."""
    return [rows_of(table, time, window) for window in windows]


def closed_parts(table: pa.Table, time: str, size: str, until: datetime | None) -> list[tuple[Window, pa.Table]]:
    """Return the windows of this size that close by `until` (None: with the last row) and the rows of each, from the one that holds the first row.

    Windows of a count of rows are cut in the table's order, and `until` is not asked; a table without rows has no windows.
    """
    step, span = rows_per_window(size), span_of(table, time)
    if step is not None:
        return [(window, table.slice(window.first_row, step)) for window in count_windows(size, table.num_rows)]
    windows = () if span is None else windows_covering(size, span[0], until or span[1])
    return list(zip(windows, parts(table, time, windows), strict=True))


def end_of(window: str, table: pa.Table, time: str) -> datetime:
    """Return when the window of this id ends; one of a count of rows just after its last row."""
    span = span_of(table, time)
    return parse_window_id(window).end or after(datetime(1970, 1, 1) if span is None else span[1])


def after(time: datetime) -> datetime:
    """Return the first moment that is later.

    >>> after(datetime(2013, 2, 1)).isoformat()
    '2013-02-01T00:00:00.000001'
    """
    return time + timedelta(microseconds=1)
