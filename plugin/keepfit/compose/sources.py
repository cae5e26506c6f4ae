"""The rows of all windows as what decides over them: window, time, label and who must stay together, a few bytes a row. The wide rows stay where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.draws import Hashes, row_hashes
from keepfit.errors import DataError, UnknownNameError
from keepfit.params import DataParams
from keepfit.records import Window
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.settled import settled
from keepfit.tables.text_order import text_order
from keepfit.tables.union import stacked

Texts = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]
SHOWN, MOST = 5, 1000
WHERE = "build/ingest"
BLOCK, FEW = 1 << 20, 1 << 16
LARGEST = 1 << 31  # bytes of text in one Arrow array


class WideRows(Protocol):
    """The rows of one window, wherever they lie: a table in memory is one, and so is a Parquet file (`integrations/tables/window_file.py`)."""

    @property
    def schema(self) -> pa.Schema:
        """Names and types of the columns."""

    @property
    def num_rows(self) -> int:
        """How many rows there are."""

    def select(self, columns: list[str]) -> pa.Table:
        """Return these columns of all rows."""

    def drop_columns(self, columns: list[str]) -> WideRows:
        """Return the rows without these columns."""

    def to_reader(self, max_chunksize: int | None = None) -> pa.RecordBatchReader:
        """Return what reads all columns of all rows in their order, at most so many rows at a time."""


@dataclass(frozen=True, kw_only=True)
class SortedRows:
    """All rows in the order of their ids, as the columns that decide: ids, the place of each row's window in `windows`, time, label (NaN where unknown).

    `place` is where a row lies: its number if all windows of `windows` are counted one after the other. `key` (the group, or the id) says who stays together.
    `classes`: those that the labels are codes of, where there are more than two; one more code is of a class that is not among them.
    """

    row_id: pa.ChunkedArray
    window: npt.NDArray[np.int32]
    key: pa.ChunkedArray
    time: npt.NDArray[np.datetime64]
    label: npt.NDArray[np.float64]
    place: Positions
    windows: tuple[Window, ...]
    wide: Mapping[str, WideRows]
    id_column: str
    classes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.window)

    @cached_property
    def names(self) -> Texts:
        """The windows' ids, by their places."""
        return np.array([window.id for window in self.windows], dtype=object)

    @property
    def unlisted(self) -> Mask:
        """Which rows are labelled with a class that is not listed: there is no code that a model could learn of them."""
        found: Mask = self.label == len(self.classes) if self.classes else np.zeros(len(self), dtype=np.bool_)
        return found

    @property
    def hashes(self) -> Hashes:
        """A hash of each row's id, from which draws make its rank (`compose/draws.py`)."""
        found, done = np.empty(len(self), np.uint64), 0
        for block in (chunk.slice(at, FEW) for chunk in self.row_id.chunks for at in range(0, len(chunk), FEW)):
            found[done : done + len(block)] = row_hashes(block)
            done += len(block)
        return found

    def column_names(self) -> list[str]:
        """All columns that a window has."""
        return column_names(self.wide)

    def ids(self, among: Positions) -> pa.ChunkedArray:
        """The ids at these positions, which ascend."""
        if not len(among):
            return self.row_id.slice(0, 0)
        near = self.row_id.slice(int(among[0]), int(among[-1] - among[0]) + 1)
        return near.take(from_numpy(among - among[0]))

    def columns(self, names: Sequence[str], among: Positions) -> pa.Table:
        """Return these columns of the rows at these positions: those of them that a window has."""
        there, place = set(column_names(self.wide)), from_numpy(self.place[among])
        found = {name: column_of(self.wide, name).take(place) for name in names if name in there}
        return pa.table(found)

    def to_write(self) -> SortedRows:
        """Return the rows without the times and labels that only decide: they are a third of the memory, and what is written is read anew."""
        return replace(self, time=self.time[:0].copy(), label=self.label[:0].copy(), key=self.key.slice(0, 0))


def column_names(wide: Mapping[str, WideRows]) -> list[str]:
    """Return all columns that a window has."""
    return list(dict.fromkeys(name for rows in wide.values() for name in rows.schema.names))


def column_of(wide: Mapping[str, WideRows], name: str) -> pa.ChunkedArray:
    """Return a column of all windows one below the other, in a type that does not depend on what wrote it; NULL where a window has none."""
    empty = {key: pa.table({name: pa.nulls(rows.num_rows)}) for key, rows in wide.items() if name not in rows.schema.names}
    return stacked([empty[key] if key in empty else settled(rows.select([name])) for key, rows in wide.items()], where=WHERE)[name]


def gather(tables: Mapping[str, WideRows], windows: Sequence[Window], data: DataParams, *, id_column: str, target: str) -> SortedRows:
    """Read what decides over the rows of the windows.

    Raises `DataError` for no windows, an empty one, columns that do not fit together, or an id that comes twice; and
    `UnknownNameError` for a target that no window has.
    """
    if not windows:
        raise DataError("no windows to compose", where=WHERE, fix="dvc repro ingest")
    _check_filled(tables, windows)
    known = _bounded_windows({window.id: tables[window.id].select([data.time])[data.time] for window in windows}, windows)
    wide = {window.id: tables[window.id] for window in known}
    if target not in column_names(wide):
        raise UnknownNameError("column", target, known=column_names(wide), where="params.yaml: model.target")
    ids = column_of(wide, id_column)
    order, again = text_order(ids)
    ids = _taken(ids, order)
    _check_unique(ids, again, id_column)
    found = SortedRows(
        row_id=ids,
        window=np.repeat(np.arange(len(known), dtype=np.int32), [tables[window.id].num_rows for window in known])[order],
        key=_taken(pc.cast(column_of(wide, data.group), pa.string()), order) if data.group else ids,
        time=column_of(wide, data.time).to_numpy()[order],
        label=_labels(column_of(wide, target), target)[order],
        place=order,
        windows=known,
        wide=wide,
        id_column=id_column,
    )
    pa.default_memory_pool().release_unused()  # what the ids were before they were in order
    return found


def _check_filled(tables: Mapping[str, WideRows], windows: Sequence[Window]) -> None:
    empty = [window.id for window in windows if not tables[window.id].num_rows]
    if empty:
        what = f"the window {empty[0]} has no rows" if len(empty) == 1 else f"{len(empty)} windows have no rows: {', '.join(empty[:SHOWN])}"
        raise DataError(what, where="data/windows", fix=f"keepfit window exclude {empty[0]} --reason '…'")


def _bounded_windows(times: Mapping[str, pa.ChunkedArray], windows: Sequence[Window]) -> tuple[Window, ...]:
    """The windows in time order; a count window gets the times of its rows (its end just after its last)."""
    bounded = []
    for window in windows:
        span = pc.min_max(times[window.id]).as_py()
        start, end = window.start or span["min"], window.end or span["max"] + timedelta(microseconds=1)
        if not start <= span["min"] <= span["max"] < end:
            what = f"rows of the window {window.id} lie outside of it: {span['min']} to {span['max']}"
            raise DataError(what, where="data/windows", fix="cut the window again: [start, end) in the table's own clock")
        bounded.append(Window(id=window.id, source=window.source, start=start, end=end))
    return tuple(sorted(bounded, key=lambda window: window.order))


def _taken(texts: pa.ChunkedArray, order: Positions) -> pa.ChunkedArray:
    """The texts at these positions, in chunks; Arrow would put all chunks together for each."""
    large = pa.large_string() if texts.nbytes >= LARGEST else pa.string()
    whole = texts.cast(large).combine_chunks()
    blocks = [whole.take(from_numpy(order[at : at + BLOCK])).cast(pa.string()) for at in range(0, len(order), BLOCK)]
    return pa.chunked_array(blocks, pa.string())


def _check_unique(ids: pa.ChunkedArray, again: Positions, id_column: str) -> None:
    if len(again):
        shown = ", ".join(sorted({str(ids[int(at)].as_py()) for at in again[:MOST]})[:SHOWN])
        fix = "remove the repeated rows, or set data.id: null"
        raise DataError(f"{len(again)} ids in {id_column!r} come again: {shown}", where="params.yaml: data.id", fix=fix)


def _labels(column: pa.ChunkedArray, target: str) -> npt.NDArray[np.float64]:
    try:
        values = pc.cast(column, pa.float64()).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as bad:
        raise DataError(
            f"the target {target!r} holds {column.type}, not numbers", where="params.yaml: model.positive", fix="name the value that counts as 1"
        ) from bad
    return np.asarray(values, dtype=np.float64)
