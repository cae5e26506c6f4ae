"""The rows of a period, wherever a table is: a pass over them leaves out all others where it runs.

A row that says no time lies in no period. An engine that can tell where a period lies (by the footers of its files) has `limited`: at least the rows
of it; what is too much is left out here.

Blind to where in the period a part starts: a pass is given the place in the table, so that one which samples by place (`LayoutPass`, `DrawnPass`) takes
other rows where the table is cut. What is counted, and what is drawn by the rows' ids, is the same.

>>> from keepfit.tables.batches import TableRows
>>> table = pa.table({"t": [datetime(2013, 2, 1), datetime(2013, 3, 1), None], "x": [1, 2, 3]})
>>> march = PeriodRows(TableRows(table), Clock("t"), datetime(2013, 3, 1), datetime(2013, 4, 1))
>>> [batch["x"].to_pylist() for batch in march.batches(["x"])]
[[2]]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, reduce
from typing import Generic, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import UnknownNameError
from keepfit.tables.batches import Rows
from keepfit.tables.passes import RowPass, State, run_pass
from keepfit.tables.times import WHERE, normalise_time
from keepfit.tables.untimed import without_time

SLACK = timedelta(days=1)
"""A clock is at most 14 hours from UTC."""


@dataclass(frozen=True)
class Clock:
    """The time column, and the timezone whose clock the table's days are on."""

    column: str
    timezone: str = "UTC"

    def timed(self, batch: pa.Table) -> pa.Table:
        """Return the rows that say a time, with naive times of the table's own clock."""
        values = batch[self.column].combine_chunks()
        values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
        none = without_time(values)
        known = batch.filter(pc.invert(none)) if pc.any(none).as_py() else batch
        return normalise_time(known, self.column, timezone=self.timezone)


@runtime_checkable
class PrunedRows(Protocol):
    """Rows of an engine that knows where a period lies."""

    def limited(self, time: str, start: datetime | None, end: datetime | None) -> Rows:
        """Return rows with at least all whose `time` lies in `[start, end)` (None: open): in UTC, or without a zone as it is stored."""


@dataclass(frozen=True)
class PeriodRows:
    """The rows with a time in `[start, end)`; None is open. Raises `UnknownNameError` where the table has no such column."""

    rows: Rows
    clock: Clock
    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.clock.column not in self.rows.schema.names:
            raise UnknownNameError("column", self.clock.column, known=self.rows.schema.names, where=WHERE)

    @property
    def schema(self) -> pa.Schema:
        """The table's schema."""
        return self.rows.schema

    @property
    def rows_at_most(self) -> int:
        """As many as the rows have that may lie in the period."""
        return self._near.rows_at_most

    @property
    def columns_at_once(self) -> int:
        """As the table is best read."""
        return self.rows.columns_at_once

    @cached_property
    def _near(self) -> Rows:
        if (self.start is None and self.end is None) or not isinstance(self.rows, PrunedRows):
            return self.rows
        slack = timedelta(0) if self.clock.timezone == "UTC" else SLACK
        start, end = self.start and self.start - slack, self.end and self.end + slack
        return self.rows.limited(self.clock.column, start, end)

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows in the table's order."""
        period = _Between(self.clock, self.start, self.end)
        for batch in self._near.batches(period.with_time(columns)):
            yield period.rows_of(batch).select(list(columns))

    def run(self, look: RowPass[State]) -> State:
        """Run a pass over them where the rows are."""
        return run_pass(self._near, _OfPeriod(look, _Between(self.clock, self.start, self.end)))


@dataclass(frozen=True)
class _Between:
    clock: Clock
    first: datetime | None
    end: datetime | None

    def with_time(self, columns: Sequence[str]) -> list[str]:
        return list(dict.fromkeys([*columns, self.clock.column]))

    def rows_of(self, batch: pa.Table) -> pa.Table:
        """The period's rows of a batch, with times as they are stored."""
        name = self.clock.column
        timed = self.clock.timed(pa.table({name: batch[name], "place": np.arange(batch.num_rows)}))
        bounds = [keep(timed[name], bound) for bound, keep in ((self.first, pc.greater_equal), (self.end, pc.less)) if bound is not None]
        inside = timed.filter(reduce(pc.and_, bounds)) if bounds else timed
        return batch if inside.num_rows == batch.num_rows else batch.take(inside["place"])


@dataclass(frozen=True)
class _OfPeriod(Generic[State]):
    """A pass that is handed the rows of a period alone."""

    look: RowPass[State]
    period: _Between

    @property
    def columns(self) -> Sequence[str]:
        return self.period.with_time(self.look.columns)

    def start(self, first_row: int) -> State:
        return self.look.start(first_row)

    def add(self, state: State, batch: pa.Table) -> State:
        return self.look.add(state, self.period.rows_of(batch).select(list(self.look.columns)))

    def join(self, before: State, after: State) -> State:
        return self.look.join(before, after)
