"""The rows of all windows in one table, each with its window, its time, its label and who must stay with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import DataError, UnknownNameError
from keepfit.params import DataParams
from keepfit.records import Window
from keepfit.tables.columns import WINDOW
from keepfit.tables.union import stacked

Texts = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class SortedRows:
    """All rows, sorted by id: the table with `_window`, and the columns that decide as arrays (labels NaN where unknown)."""

    table: pa.Table
    row_id: Texts
    window: Texts
    key: Texts
    time: npt.NDArray[np.datetime64]
    label: npt.NDArray[np.float64]
    windows: tuple[Window, ...]


def gather(tables: Mapping[str, pa.Table], windows: Sequence[Window], data: DataParams, *, id_column: str, target: str) -> SortedRows:
    """Put the tables of the windows one below the other.

    Raises `DataError` for no windows, an empty one, columns that do not fit together, or an id that comes twice; and
    `UnknownNameError` for a target that no window has.
    """
    known = _bounded_windows(tables, windows, data.time)
    table = _stacked({window.id: tables[window.id] for window in known}).sort_by(id_column)
    if target not in table.column_names:
        raise UnknownNameError("column", target, known=[name for name in table.column_names if name != WINDOW], where="params.yaml: model.target")
    ids = _objects(table[id_column])
    _check_unique(ids, id_column)
    return SortedRows(
        table=table,
        row_id=ids,
        window=_objects(table[WINDOW]),
        key=_objects(pc.cast(table[data.group], pa.string())) if data.group else ids,
        time=table[data.time].to_numpy(),
        label=_labels(table[target], target),
        windows=known,
    )


def _bounded_windows(tables: Mapping[str, pa.Table], windows: Sequence[Window], time: str) -> tuple[Window, ...]:
    """The windows in time order; a count window gets the times of its rows (its end just after its last)."""
    if not windows:
        raise DataError("no windows to compose", where="build/ingest", fix="dvc repro ingest")
    empty = [window.id for window in windows if not tables[window.id].num_rows]
    if empty:
        what = f"the window {empty[0]} has no rows" if len(empty) == 1 else f"{len(empty)} windows have no rows: {', '.join(empty[:SHOWN])}"
        raise DataError(what, where="data/windows", fix=f"keepfit window exclude {empty[0]} --reason '…'")
    bounded = []
    for window in windows:
        times = pc.min_max(tables[window.id][time]).as_py()
        start, end = window.start or times["min"], window.end or times["max"] + timedelta(microseconds=1)
        if not start <= times["min"] <= times["max"] < end:
            what = f"rows of the window {window.id} lie outside of it: {times['min']} to {times['max']}"
            raise DataError(what, where="data/windows", fix="cut the window again: [start, end) in the table's own clock")
        bounded.append(Window(id=window.id, source=window.source, start=start, end=end))
    return tuple(sorted(bounded, key=lambda window: window.order))


def _stacked(tables: Mapping[str, pa.Table]) -> pa.Table:
    named = [table.append_column(WINDOW, pa.repeat(pa.scalar(name, pa.string()), table.num_rows)) for name, table in tables.items()]
    return stacked(named, where="build/ingest").combine_chunks()


def _objects(column: pa.ChunkedArray) -> Texts:
    return np.array(column.to_pylist(), dtype=object)


def _check_unique(ids: Texts, id_column: str) -> None:
    repeated = np.flatnonzero(ids[1:] == ids[:-1])
    if len(repeated):
        shown = ", ".join(sorted({str(ids[at]) for at in repeated})[:SHOWN])
        raise DataError(
            f"{len(repeated)} ids in {id_column!r} come again: {shown}", where="params.yaml: data.id", fix="remove the repeated rows, or set data.id: null"
        )


def _labels(column: pa.ChunkedArray, target: str) -> npt.NDArray[np.float64]:
    try:
        values = pc.cast(column, pa.float64()).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as bad:
        raise DataError(
            f"the target {target!r} holds {column.type}, not numbers", where="params.yaml: model.positive", fix="name the value that counts as 1"
        ) from bad
    return np.asarray(values, dtype=np.float64)
