"""The rows of a Parquet file that may lie in a period: the row groups whose times, as the footer tells, are not all before or after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from keepfit.integrations.tables import read_columns, read_table
from keepfit.tables.part import TablePart, may_be_read_in_part

SLACK = timedelta(days=2)
"""A footer's times are in their own zone, at most 14 hours from the table's clock; what is too much is left out afterwards."""


@dataclass(frozen=True, kw_only=True)
class AskedRows:
    """Rows with `time` in `[start, end)` (None: open), the column of their `id` (None: made of content), and the columns that texts would need whole."""

    time: str
    start: datetime | None
    end: datetime | None
    id: str | None
    words: Sequence[str]


def read_period(path: Path, asked: AskedRows) -> TablePart:
    """Return at least the rows that are asked for; the whole file where its footer does not tell. Raises as `read_table` does."""
    found = _groups(path, asked) if path.suffix == ".parquet" and path.is_file() and (asked.start or asked.end) else None
    if found is None:
        return TablePart(table=read_table(path))
    groups, others, rows, span = found
    unread = read_columns(path, [asked.id], groups=others)[asked.id] if asked.id is not None else None
    return TablePart(table=read_table(path, groups=groups), rows=rows, span=span, unread=unread)


def _groups(path: Path, asked: AskedRows) -> tuple[list[int], list[int], int, tuple[datetime, datetime]] | None:
    """The row groups to read and the others, and rows and times of all; None where all are to be read."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        schema, footer = file.schema_arrow, file.metadata
        if not may_be_read_in_part(schema, asked.time, asked.words) or (asked.id is not None and schema.names.count(asked.id) != 1):
            return None
        at = footer.schema.names.index(asked.time) if footer.schema.names.count(asked.time) == 1 else None
        found = [None if at is None else footer.row_group(number).column(at).statistics for number in range(footer.num_row_groups)]
    except (pa.ArrowException, OSError):
        return None  # `read_table` says what is wrong with it
    known = [one for one in found if one is not None and one.has_min_max and one.null_count == 0]
    if len(known) < len(found):
        return None
    spans = [(_naive(one.min), _naive(one.max)) for one in known]
    groups = [number for number, (first, last) in enumerate(spans) if _meets(first, last, asked)]
    others = [number for number in range(len(spans)) if number not in groups]
    whole = min(first for first, _ in spans), max(last for _, last in spans)
    return (groups, others, footer.num_rows, whole) if others else None


def groups_between(
    path: Path, time: str, start: datetime | None, end: datetime | None, *, among: Sequence[int] | None = None
) -> tuple[tuple[int, int], ...] | None:
    """Return the row groups (of those `among`), each with its rows, that may have rows in `[start, end)`; None where the footer does not tell that of times."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        footer = file.metadata
        if not may_be_read_in_part(file.schema_arrow, time, ()) or footer.schema.names.count(time) != 1:
            return None
        at, numbers = footer.schema.names.index(time), range(footer.num_row_groups) if among is None else among
        groups = [(number, footer.row_group(number)) for number in numbers]
        told = [(number, group.num_rows, group.column(at).statistics) for number, group in groups]
    except (pa.ArrowException, OSError):
        return None  # whoever reads it says what is wrong with it
    asked = AskedRows(time=time, start=start, end=end, id=None, words=())
    unknown = {number for number, _, times in told if times is None or not times.has_min_max or not isinstance(times.min, date)}
    return tuple((number, rows) for number, rows, times in told if number in unknown or _meets(_naive(times.min), _naive(times.max), asked))


def _naive(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    assert isinstance(value, date)
    return datetime(value.year, value.month, value.day)


def _meets(first: datetime, last: datetime, asked: AskedRows) -> bool:
    return (asked.start is None or last >= asked.start - SLACK) and (asked.end is None or first < asked.end + SLACK)
