"""Rows that stay with an engine (params.yaml: data.live, data.labels: {table, engine}): what is counted of them there, and which of them come here.

Here come the rows of a window, all of them where they are at most `data.sample_rows`, else so many that are drawn by their ids (`compose/drawn_rows.py`),
and the rows of ids that are asked for. One pass over the time column says which windows there are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.project import Project
from keepfit.flows.rows.engines import OpenedRows, open_rows
from keepfit.flows.rows.pruned import Pruning
from keepfit.params.row_source import EngineSource
from keepfit.tables.passes import run_pass
from keepfit.tables.period_rows import Clock, PeriodRows
from keepfit.tables.times import WHERE as TIME
from keepfit.tables.untimed import Untimed, are_few

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.monitor.source_times import SourceTimes
    from keepfit.records import Window
    from keepfit.tables.batches import Rows


@dataclass(frozen=True, kw_only=True)
class EngineTable:
    """A table of a project that an engine has; `where` it is named in params.yaml."""

    project: Project
    source: EngineSource
    where: str

    @cached_property
    def opened(self) -> OpenedRows:
        """The table, opened by its engine; raises `DataError` where there is none, or the engine is not installed."""
        path = self.project.root / self.source.table
        local = path if path.exists() or self.source.engine != "spark" else self.source.table
        return open_rows(local, engine=self.source.engine, where=self.where)

    @property
    def rows(self) -> Rows:
        """Its rows, where they are."""
        return self.opened.rows

    def of_ids(self, ids: Collection[str] | pa.ChunkedArray, columns: Collection[str], *, rows: Rows | None = None) -> pa.Table:
        """Return these columns of the rows of some ids, as they are stored; `rows` are some of the table's (None: all)."""
        from keepfit.compose.drawn_rows import RowsOfIds

        among = self.rows if rows is None else rows
        there = [name for name in among.schema.names if name in columns]
        return run_pass(among, RowsOfIds.of(there, self.project.params, ids)).table(_some(among.schema, there))


@dataclass(frozen=True, kw_only=True)
class LiveTable(EngineTable):
    """The live source as an engine's table: its windows of time up to `until` (None: all)."""

    until: datetime | None = None

    @cached_property
    def times(self) -> SourceTimes:
        """When its rows came, of one pass over the time column; raises `DataError` for a table without rows, or without times in more than few of them."""
        from keepfit.monitor.source_times import CountTimes

        clock = PeriodRows(self.rows, self._clock).clock  # refuses a table without the column
        found = CountTimes.found(run_pass(self.rows, CountTimes(clock, self.until)))
        if not found.rows:
            raise DataError(f"the table {self.source.table} has no rows", where=self.where, fix="another table; an empty partition, a filter?")
        if found.untimed and not are_few(found.untimed, found.rows):
            what = f"{found.untimed:,} of {found.rows:,} rows have no time in {clock.column!r}"
            raise DataError(what, where=TIME, fix="drop them or fill them in")
        return found

    @property
    def untimed(self) -> list[str]:
        """A sentence on the few rows that have no time."""
        return [Untimed(self.times.untimed).sentence("data.live")] if self.times.untimed else []

    def period(self, start: datetime | None, end: datetime | None) -> PeriodRows:
        """Return the rows of a period, where they are; of files those row groups that may have some."""
        return PeriodRows(Pruning(self._clock.column, start, end).of(self.rows), self._clock, start, end)

    def came(self, window: Window) -> int:
        """How many rows a window of time has."""
        from keepfit.monitor.source_times import rows_in

        return rows_in(self.times.arrivals, window)

    def drawn(self, window: Window) -> pa.Table:
        """Return a window's rows as they are stored: all, or at least `data.sample_rows` that are drawn; raises `DataError` for rows without an id."""
        from keepfit.compose.drawn_rows import ALL, DrawRows, bound_for, lowest_rows

        params, wanted, rows = self.project.params, self.project.params.data.sample_rows, self.came(window)
        period, names = self.period(window.start, self._end(window)), tuple(self.rows.schema.names)
        bound = bound_for(wanted, rows)
        while True:
            found = run_pass(period, DrawRows(columns=names, params=params, bound=bound))
            if found.unnamed:
                fix = "fill them in, or data.id: null"
                raise DataError(f"{found.unnamed:,} of {rows:,} rows of window {window.id} have no id", where="params.yaml: data.id", fix=fix)
            table = found.table(self.rows.schema)
            if bound >= ALL or table.num_rows >= wanted:
                return table if rows <= wanted else lowest_rows(table, params, wanted)
            bound = min(ALL, bound * 2)  # ids that are there many times, or rows that went meanwhile

    def windows(self, start: datetime | None = None) -> tuple[Window, ...]:
        """Return the windows of time that hold rows from `start` on."""
        from keepfit.tables.windows import window_of, windows_covering

        span, data = self.times.span, self.project.params.data
        last = None if span is None else window_of(data.window, span[1]).end
        if span is None or last is None:
            return ()
        return windows_covering(data.window, span[0] if start is None else max(start, span[0]), last, source=data.source_name)

    def _end(self, window: Window) -> datetime | None:
        """Where the window's rows end that count."""
        return min((time for time in (window.end, self.until) if time is not None), default=None)

    @property
    def _clock(self) -> Clock:
        return Clock(self.project.params.data.time, self.project.params.data.timezone)


def _some(schema: pa.Schema, names: list[str]) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([schema.field(name) for name in names])
