"""The windows that an own table closes, and where a first model's training ends, so that one is left to live through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from keepfit.errors import DataError
from keepfit.records import Window
from keepfit.tables.by_time import after
from keepfit.tables.windows import count_windows, windows_covering

FIRST_SHARE = 3
ENOUGH = 4
SIZES = ("month", "week", "day")


@dataclass(frozen=True, kw_only=True)
class FirstWindows:
    """The closed windows of a table, the size they are cut by, and how many labelled rows (or, of count windows, rows) each holds."""

    size: str
    windows: tuple[Window, ...]
    counts: tuple[int, ...]
    ends: tuple[datetime, ...]

    @property
    def usual_rows(self) -> int:
        """The median of the counts."""
        return sorted(self.counts)[len(self.counts) // 2]

    def first_end(self) -> datetime:
        """Return the end of the earliest windows that hold a third of the labelled rows, leaving at least one window to live through."""
        enough = sum(self.counts) / FIRST_SHARE
        last = next((at for at in range(len(self.windows) - 1) if sum(self.counts[: at + 1]) >= enough), len(self.windows) - 2)
        return self.ends[last]

    def end_by(self, asked: datetime) -> datetime:
        """Return the end of the last window with labels that is closed by a date; raises `DataError` where none is."""
        ends = [end for end, count in zip(self.ends, self.counts, strict=True) if count]
        closed = [end for end in ends if end <= asked]
        if not closed:
            first = f"; the first one ends on {ends[0]:%Y-%m-%d %H:%M}" if ends else ""
            raise DataError(f"no window with labels is closed by {asked:%Y-%m-%d}{first}", where="--as-of", fix="a later date, or a smaller --window")
        return closed[-1]


def first_windows(times: pd.Series[pd.Timestamp], labelled: pd.Series[bool], size: str | None) -> FirstWindows:
    """Return the windows of rows with these times, as asked, else of the longest of month, week and day that gives at least four.

    Raises `DataError` where fewer than two are closed.
    """
    windows, size = _windows(times, size)
    ordered = times.sort_values() if windows[0].end is None else times
    ends = tuple(window.end or after(ordered.iloc[(window.last_row or 1) - 1].to_pydatetime()) for window in windows)
    return FirstWindows(size=size, windows=windows, counts=_rows_in(windows, times[labelled]), ends=ends)


def _windows(times: pd.Series[pd.Timestamp], size: str | None) -> tuple[tuple[Window, ...], str]:
    start, end = times.min().to_pydatetime(), times.max().to_pydatetime()
    if size is not None and size.endswith("rows"):
        windows = count_windows(size, len(times))
    else:
        tried = {name: windows_covering(name, start, end) for name in ([size] if size else SIZES)}
        size = size or next((name for name, found in tried.items() if len(found) >= ENOUGH), SIZES[-1])
        windows = tried[size]
    if len(windows) < 2:
        raise DataError(
            f"{start:%Y-%m-%d} to {end:%Y-%m-%d} closes {len(windows)} windows of {size!r}; a first model needs one, and monitoring another",
            where="--window",
            fix="a smaller window: week, day or '500 rows'",
        )
    return windows, size


def _rows_in(windows: Sequence[Window], labelled: pd.Series[pd.Timestamp]) -> tuple[int, ...]:
    return tuple(
        (window.last_row or 0) - (window.first_row or 0)
        if window.start is None or window.end is None
        else int(((labelled >= window.start) & (labelled < window.end)).sum())
        for window in windows
    )
