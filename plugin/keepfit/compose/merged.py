"""The wide rows of all windows in the order of their ids, a block at a time: each window is read once, and no more of it is in memory than a piece.

Windows whose rows lie in the order of their ids, as ingest leaves them, are merged; one whose rows do not is read whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.compose.sources import Positions, SortedRows, WideRows, column_of
from keepfit.tables.columns import WINDOW
from keepfit.tables.from_numpy import from_numpy, texts
from keepfit.tables.settled import settled, settled_schema

BLOCK = 1 << 16
PIECE, LEAST, IN_MEMORY = 1 << 14, 1 << 9, 1 << 18
"""Rows that are read of a window at a time, at least and at most, and of all windows."""


@dataclass(frozen=True)
class WideColumns:
    """The columns of all windows together, and those that Arrow cannot widen, as they are read (`tables/union.py`), window below window."""

    schema: pa.Schema
    held: Mapping[str, pa.ChunkedArray]
    id_column: str

    @classmethod
    def of(cls, rows: SortedRows) -> WideColumns:
        """Lay the windows' columns beside one another; raises `DataError` for one that is not the same thing in all."""
        schemas = [settled_schema(rows.wide[window.id].schema) for window in rows.windows]
        named = [schema.append(pa.field(WINDOW, pa.string())) for schema in schemas]
        try:
            return cls(_united(named), {}, rows.id_column)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            names = dict.fromkeys(name for schema in schemas for name in schema.names)
            held = {name: column_of(rows.wide, name) for name in names if not _fit([schema.field(name) for schema in schemas if name in schema.names])}
        types = {name: column.type for name, column in held.items()}
        return cls(_united([pa.schema([field.with_type(types.get(field.name, field.type)) for field in schema]) for schema in named]), held, rows.id_column)

    @cached_property
    def read(self) -> pa.Schema:
        """The columns that are read of each window: all but the ids, which are at hand."""
        return self.schema.remove(self.schema.get_field_index(self.id_column))

    def fitted(self, table: pa.Table) -> pa.Table:
        """Return the rows with all columns but the ids, each in its type."""
        return table if table.schema.equals(self.read) else pa.concat_tables([pa.Table.from_batches([], self.read), table], promote_options="permissive")

    def with_ids(self, table: pa.Table, ids: pa.ChunkedArray) -> pa.Table:
        """Return the rows with their ids where these stand."""
        return table.add_column(self.schema.get_field_index(self.id_column), self.schema.field(self.id_column), ids)


def _united(schemas: Sequence[pa.Schema]) -> pa.Schema:
    return pa.unify_schemas(schemas, promote_options="permissive").with_metadata(schemas[0].metadata)


def _fit(fields: Sequence[pa.Field]) -> bool:
    try:
        _united([pa.schema([field]) for field in fields])
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return False
    return True


def merged(rows: SortedRows, layout: WideColumns, chosen: Positions) -> Iterator[tuple[slice, pa.Table]]:
    """Yield the rows at the `chosen` positions (which ascend), blocks of them with the place of each block in `chosen`; each row with its `_window`."""
    ends = np.cumsum([0, *(rows.wide[window.id].num_rows for window in rows.windows)])
    piece = max(LEAST, min(PIECE, IN_MEMORY // len(rows.windows)))
    window, place = rows.window[chosen], rows.place[chosen]
    by_window = np.argsort(window, kind="stable")
    counts = np.bincount(window, minlength=len(rows.windows))
    parts = np.split(place[by_window], np.cumsum(counts)[:-1])
    readers = [
        _Reader(rows.wide[one.id].drop_columns([rows.id_column]), part - ends[at], _cut(layout, ends[at : at + 2]), piece)
        for at, (one, part) in enumerate(zip(rows.windows, parts, strict=True))
    ]
    names = pa.array([one.id for one in rows.windows], pa.string())
    for start in range(0, len(chosen), BLOCK):
        block = slice(start, min(start + BLOCK, len(chosen)))
        yield block, layout.with_ids(_block(readers, layout, window[block], names), rows.ids(chosen[block]))


def _cut(layout: WideColumns, ends: Positions) -> dict[str, pa.ChunkedArray]:
    return {name: column.slice(int(ends[0]), int(ends[1] - ends[0])) for name, column in layout.held.items()}


def _block(readers: Sequence[_Reader], layout: WideColumns, window: npt.NDArray[np.int32], names: pa.Array) -> pa.Table:
    """The next rows, which are of these windows one after the other."""
    order = np.argsort(window, kind="stable")
    counts = np.bincount(window, minlength=len(readers))
    tables = []
    for at in np.flatnonzero(counts).tolist():
        table = readers[at].take(int(counts[at]))
        tables.append(layout.fitted(table.append_column(WINDOW, texts(np.full(table.num_rows, at), names))))
    whole = pa.concat_tables(tables).combine_chunks()
    if len(tables) == 1:
        return whole
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return whole.take(from_numpy(back))


class _Reader:
    """Hands out the wanted rows of one window in the order in which they are asked for."""

    def __init__(self, rows: WideRows, wanted: Positions, held: Mapping[str, pa.ChunkedArray], piece: int) -> None:
        ascending = bool((wanted[1:] > wanted[:-1]).all())
        self.pieces = _streamed(rows, wanted, held, piece) if ascending else iter([_settled(rows.select(rows.schema.names), held, 0).take(from_numpy(wanted))])
        self.ready: list[pa.Table] = []

    def take(self, n: int) -> pa.Table:
        """Return the next `n` rows."""
        while sum(table.num_rows for table in self.ready) < n:
            self.ready.append(next(self.pieces))
        found = pa.concat_tables(self.ready) if len(self.ready) > 1 else self.ready[0]
        self.ready = [found.slice(n)] if n < found.num_rows else []
        return found.slice(0, n)


def _streamed(rows: WideRows, wanted: Positions, held: Mapping[str, pa.ChunkedArray], piece: int) -> Iterator[pa.Table]:
    seen = done = 0
    for batch in rows.to_reader(max_chunksize=piece):
        until = int(np.searchsorted(wanted, seen + batch.num_rows))
        at = wanted[done:until] - seen
        if len(at):
            table = _settled(pa.Table.from_batches([batch]), held, seen)
            yield table if len(at) == batch.num_rows else table.take(from_numpy(at))
        seen, done = seen + batch.num_rows, until


def _settled(table: pa.Table, held: Mapping[str, pa.ChunkedArray], start: int) -> pa.Table:
    for name, column in held.items():
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, column.slice(start, table.num_rows))
    return settled(table)
