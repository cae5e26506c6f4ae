"""Which rows of a source may train, batch by batch, and the cell of the recipe's quotas that each lies in.

What is decided of a row depends on the row alone (its time, id, group, label and slices), so a source may be cut anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.draws import Hashes, ranks, row_hashes
from keepfit.compose.holdout import in_holdout
from keepfit.compose.quality.admissible import Floats
from keepfit.compose.quotas import numbered
from keepfit.compose.sources import Mask, Positions
from keepfit.compose.strata import OWN, coded
from keepfit.errors import DataError
from keepfit.params import Params
from keepfit.records import CLASS, Window
from keepfit.tables.columns import id_column, require_columns
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.join_labels import fill
from keepfit.tables.label_delay import as_due
from keepfit.tables.row_ids import keys_of
from keepfit.tables.settled import settled
from keepfit.tables.targets import target_as_number
from keepfit.tables.time_features import DERIVED, sliced_by, with_time_features
from keepfit.tables.times import normalise_time

WHERE = "params.yaml: data.id"
Cell = tuple[Any, ...]
"""A window's place, the label where the recipe has quotas of classes (else None), and the text of each slicing column."""


@dataclass(frozen=True)
class Passed:
    """The rows of the windows that passed by, whether they may train or not: how many, and the sum of their ranks, which tells other rows from the same."""

    rows: int = 0
    mark: int = 0

    def __add__(self, other: Passed) -> Passed:
        """Both."""
        return Passed(self.rows + other.rows, (self.mark + other.mark) % 2**64)


@dataclass(frozen=True, kw_only=True)
class Trainable:
    """Rows of a batch that may train: where they stand in it, each one's rank in the draw, and the place of its cell in `cells`; what `passed` by."""

    at: Positions
    rank: Hashes
    cell: Positions
    cells: tuple[Cell, ...]
    passed: Passed


@dataclass(frozen=True, kw_only=True)
class TrainableRows:
    """Of which rows a recipe draws: labelled ones of these windows (in the order of time) that are not held out.

    `by` are the columns that have quotas. `labels` are joined by id to rows without one, and those that are due at `now` count.
    """

    params: Params
    windows: tuple[Window, ...]
    by: tuple[str, ...]
    draw: str
    now: datetime
    labels: pa.Table | None = None

    def columns(self, there: Collection[str]) -> tuple[str, ...]:
        """Return what is looked at, of the columns that there are; raises `UnknownNameError` for one that is missing."""
        data, sliced = self.params.data, [name for name in self.slices if name not in DERIVED or name in there]
        wanted = [data.time, id_column(self.params), *([data.group] if data.group else []), *sliced]
        require_columns(pa.table({name: [] for name in there}), wanted, where="params.yaml: data.live")
        target = self.params.model.target
        return tuple(dict.fromkeys([*wanted, *([target] if target in there else [])]))

    @property
    def slices(self) -> tuple[str, ...]:
        """The slicing columns that have quotas."""
        return tuple(name for name in self.by if name not in OWN)

    def of(self, batch: pa.Table, limit: Mapping[Cell, int] | None = None) -> Trainable:
        """Return the rows of a batch that may train; `limit`: only those whose rank is not above their cell's. Raises `DataError` for one without an id."""
        table, at = self._inside(batch)
        rank = ranks(row_hashes(table[id_column(self.params)]), self.draw)
        passed = Passed(len(rank), int(np.add.reduce(rank, dtype=np.uint64)))
        table = as_due(fill(target_as_number(table, self.params), self.labels, self.params), self.params, self.now)
        label = self._labels(table)
        cell, cells = self._cells(table, label)
        may = ~np.isnan(label)
        if self.params.model.classes:
            may &= label != len(self.params.model.classes)
        if limit is not None:
            may &= np.array([limit.get(one, 0) for one in cells], dtype=np.uint64)[cell] >= rank
        keep = np.flatnonzero(may)
        keep = keep[~self._held(table.take(from_numpy(keep)))]  # the dear question is asked last
        return Trainable(at=at[keep], rank=rank[keep], cell=cell[keep], cells=cells, passed=passed)

    def _inside(self, batch: pa.Table) -> tuple[pa.Table, Positions]:
        """The rows with a time within one of the windows, with naive times, and where they stand in the batch."""
        time = self.params.data.time
        timed = pc.is_valid(batch[time]).to_numpy()
        table = normalise_time(batch.filter(from_numpy(timed)), time, timezone=self.params.data.timezone)
        inside = self._window(table[time].to_numpy()) >= 0
        return self._named(settled(table.filter(from_numpy(inside)))), np.flatnonzero(timed)[inside]

    def _window(self, times: npt.NDArray[np.datetime64]) -> Positions:
        """The place of the window that each time lies in; -1: none."""
        starts, ends = self._bounds
        place = np.searchsorted(starts, times, side="right") - 1
        found: Positions = np.where((place >= 0) & (times < ends[place.clip(min=0)]), place, -1)
        return found

    @cached_property
    def _bounds(self) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
        return (np.array([one.start for one in self.windows], "datetime64[us]"), np.array([one.end for one in self.windows], "datetime64[us]"))

    def _named(self, table: pa.Table) -> pa.Table:
        """The rows with their ids as text."""
        key = id_column(self.params)
        ids = keys_of(table, self.params)
        if ids.null_count:
            raise DataError(f"{ids.null_count} of {len(ids)} rows have no id in {key!r}", where=WHERE, fix="fill them in, or name another column")
        return table.set_column(table.column_names.index(key), key, ids)

    def _labels(self, table: pa.Table) -> Floats:
        target = self.params.model.target
        if target not in table.column_names:
            return np.full(table.num_rows, np.nan)
        return np.asarray(pc.cast(table[target], pa.float64()).to_numpy(), dtype=np.float64)

    def _held(self, table: pa.Table) -> Mask:
        data = self.params.data
        keys = pc.cast(table[data.group], pa.string()) if data.group else table[id_column(self.params)]
        return in_holdout(keys, share=data.holdout_share, salt=data.holdout_salt)

    def _cells(self, table: pa.Table, label: Floats) -> tuple[Positions, tuple[Cell, ...]]:
        """The place of each row's cell among those that there are."""
        derived = sliced_by(self.params, table.column_names)
        whole = with_time_features(table, derived)
        columns = [coded(name, whole[name]) for name in self.slices]
        window = self._window(whole[self.params.data.time].to_numpy())
        values, classes = np.unique(label, return_inverse=True) if CLASS in self.by else (np.zeros(1), np.zeros(len(label), np.int64))
        sizes = [len(self.windows), len(values), *(len(one.names) for one in columns)]
        keys = np.ravel_multi_index([window, classes, *(one.codes for one in columns)], sizes)
        there, cell, _ = numbered(keys, float(np.prod(sizes, dtype=np.float64)))
        names = [[text.removeprefix(f"{one.column}=") for text in one.names] for one in columns]
        classed = CLASS in self.by
        cells = tuple(
            (place, float(values[of]) if classed else None, *(texts[code] for texts, code in zip(names, rest, strict=True)))
            for place, of, *rest in zip(*(each.tolist() for each in np.unravel_index(there, sizes)), strict=True)
        )
        return cell, cells
