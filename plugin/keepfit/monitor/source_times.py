"""When a source's rows came, as far as is known: its own times, and those of closed windows whose rows it has dropped by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.monitor.detectors.arrivals import Arrivals
from keepfit.records import Window

Times = npt.NDArray[np.datetime64]


def ordered_times(column: pa.ChunkedArray) -> Times:
    """Return a column's times in order."""
    return np.sort(_times(column))


def dropped(times: Times, closed: Mapping[Window, int]) -> tuple[Window, ...]:
    """Return the closed windows (with how many rows each had) of which the source holds fewer rows by now; `times` are in order."""
    return tuple(window for window, rows in closed.items() if rows > _held(times, window).stop - _held(times, window).start)


def arrivals(times: Times, kept: Sequence[tuple[Window, pa.ChunkedArray]]) -> Arrivals:
    """Return when rows came: the source's `times` (in order), and of the windows that are kept theirs instead.

    >>> from datetime import datetime
    >>> hours = np.arange(np.datetime64("2013-01-01", "us"), np.datetime64("2013-01-03", "us"), np.timedelta64(1, "h"))
    >>> first = Window(id="2013-01-01", source="live", start=datetime(2013, 1, 1), end=datetime(2013, 1, 2))
    >>> dropped(hours[20:], {first: 24}) == (first,), len(arrivals(hours[20:], [(first, pa.chunked_array([hours[:24]]))]).times)
    (True, 48)
    """
    own = np.ones(len(times), dtype=np.bool_)
    for window, _ in kept:
        own[_held(times, window)] = False
    return Arrivals.of(np.concatenate([times[own], *(_times(column) for _, column in kept)]))


def _held(times: Times, window: Window) -> slice:
    low, high = np.searchsorted(times, [np.datetime64(window.start, "us"), np.datetime64(window.end, "us")])
    return slice(int(low), int(high))


def _times(column: pa.ChunkedArray) -> Times:
    found: Times = column.to_numpy().astype("datetime64[us]")
    return found
