"""When a source's rows came, as far as is known: its own times, and those of closed windows whose rows it has dropped by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.monitor.detectors.arrivals import Arrivals
from keepfit.records import Window
from keepfit.tables.period_rows import Clock

Times = npt.NDArray[np.datetime64]
Hours = dict[int, tuple[int, int]]


def arrivals_of(column: pa.ChunkedArray) -> Arrivals:
    """Return when the rows of a table in memory came."""
    return Arrivals.of(_times(column))


def dropped(came: Arrivals, closed: Mapping[Window, int]) -> tuple[Window, ...]:
    """Return the closed windows of time (with how many rows each had) of which the source holds fewer rows by now."""
    return tuple(window for window, rows in closed.items() if rows > rows_in(came, window))


def rows_in(came: Arrivals, window: Window) -> int:
    """Return how many rows came in a window of time; 0 of one that says none."""
    return 0 if window.start is None or window.end is None else came.before(window.end) - came.before(window.start)


def with_kept(came: Arrivals, kept: Sequence[tuple[Window, pa.ChunkedArray, int]]) -> Arrivals:
    """Return when rows came: as the source says, and of the windows that are kept by the times of the rows kept, which stand for so many rows.

    >>> hours = np.arange(np.datetime64("2013-01-01", "us"), np.datetime64("2013-01-03", "us"), np.timedelta64(1, "h"))
    >>> first = Window(id="2013-01-01", source="live", start=datetime(2013, 1, 1), end=datetime(2013, 1, 2))
    >>> found = with_kept(Arrivals.of(hours[20:]), [(first, pa.chunked_array([hours[:24]]), 24)])
    >>> dropped(Arrivals.of(hours[20:]), {first: 24}) == (first,), len(found.times)
    (True, 48)
    """
    if came.moments is not None and all(rows == len(column) for _, column, rows in kept):
        times = came.moments[_outside(came.moments, [window for window, _, _ in kept])]
        return Arrivals.of(np.concatenate([times, *(_times(column) for _, column, _ in kept)]))
    own = _outside(came.latest, [window for window, _, _ in kept])
    parts = [(came.hours[own], came.counts[own], came.latest[own]), *(_standing_for(column, rows) for _, column, rows in kept)]
    hours, counts, latest = (np.concatenate(each) for each in zip(*parts, strict=True))
    order = np.argsort(hours, kind="stable")
    return Arrivals(hours=hours[order], counts=counts[order], latest=latest[order])


def _outside(times: Times, windows: Sequence[Window]) -> npt.NDArray[np.bool_]:
    own = np.ones(len(times), dtype=np.bool_)
    for window in windows:
        low, high = np.searchsorted(times, [np.datetime64(window.start, "us"), np.datetime64(window.end, "us")])
        own[int(low) : int(high)] = False
    return own


def _standing_for(column: pa.ChunkedArray, rows: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Times]:
    """The hours of rows that were drawn, with counts as of all."""
    found = Arrivals.of(_times(column))
    each = rows / max(1, len(column))
    return found.hours, np.maximum(1, np.rint(found.counts * each)).astype(np.int64), found.latest


def _times(column: pa.ChunkedArray) -> Times:
    found: Times = column.to_numpy().astype("datetime64[us]")
    return found


# -- counted where the rows are -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SourceTimes:
    """When a table's rows came, by the hour, and how many of all its rows say no time."""

    arrivals: Arrivals
    rows: int
    untimed: int

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """The beginning of the first hour with rows and when the last row came; None without any."""
        if not len(self.arrivals.hours):
            return None
        first = self.arrivals.hours[0].astype("datetime64[h]").astype("datetime64[us]").item()
        return first, self.arrivals.latest[-1].astype("datetime64[us]").item()


@dataclass(frozen=True)
class _Counted:
    hours: Hours
    rows: int = 0
    untimed: int = 0


@dataclass(frozen=True)
class CountTimes:
    """A pass over the time column: rows by the hour, of those before `until`; its `found` is what a state says."""

    clock: Clock
    until: datetime | None = None

    @property
    def columns(self) -> Sequence[str]:
        """The time column."""
        return (self.clock.column,)

    def start(self, first_row: int) -> _Counted:  # noqa: ARG002 - where a part begins is nothing to it
        """Nothing yet."""
        return _Counted({})

    def add(self, state: _Counted, batch: pa.Table) -> _Counted:
        """Count a batch's rows."""
        timed = self.clock.timed(batch)
        times = _times(timed[self.clock.column])
        came = Arrivals.of(times if self.until is None else times[times < np.datetime64(self.until, "us")])
        own = zip(came.hours.tolist(), zip(came.counts.tolist(), came.latest.astype(np.int64).tolist(), strict=True), strict=True)
        added = _Counted(dict(own), rows=batch.num_rows, untimed=batch.num_rows - timed.num_rows)
        return self.join(state, added)

    def join(self, before: _Counted, after: _Counted) -> _Counted:
        """Add both up."""
        hours = dict(before.hours)
        for hour, (count, latest) in after.hours.items():
            known, last = hours.get(hour, (0, latest))
            hours[hour] = (known + count, max(last, latest))
        return replace(before, hours=hours, rows=before.rows + after.rows, untimed=before.untimed + after.untimed)

    @staticmethod
    def found(state: _Counted) -> SourceTimes:
        """Return what the pass counted."""
        hours = sorted(state.hours)
        counts = np.array([state.hours[hour][0] for hour in hours], np.int64)
        latest = np.array([state.hours[hour][1] for hour in hours], np.int64).astype("datetime64[us]")
        return SourceTimes(Arrivals(hours=np.array(hours, np.int64), counts=counts, latest=latest), state.rows, state.untimed)
