"""Windows: which rows are looked at together; half-open calendar ranges, or a fixed number of rows.

Times are naive, in the table's own clock. Ids say their range; what is before what is said by `Window.order`, not by an id's text:
`2013-02` a month, `2013-W06` an ISO week (Monday to Sunday), `2013-02-05` a day, `rows-000001` a count window.

>>> [window.id for window in windows_between("month", datetime(2013, 2, 1), datetime(2013, 4, 15))]
['2013-02', '2013-03']
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from keepfit.errors import DataError, ParamsError
from keepfit.records import Window

LIVE = "live"
_COUNT = re.compile(r"^([1-9][0-9]*) rows$")
_IDS = {
    "month": re.compile(r"^\d{4}-\d{2}$"),
    "week": re.compile(r"^\d{4}-W\d{2}$"),
    "day": re.compile(r"^\d{4}-\d{2}-\d{2}$"),
}


def rows_per_window(size: str) -> int | None:
    """Return the number of rows of a count size, None for a calendar size.

    >>> rows_per_window("500 rows"), rows_per_window("week")
    (500, None)
    """
    count = _COUNT.match(size)
    return int(count[1]) if count else None


def window_of(size: str, t: datetime, *, source: str = LIVE) -> Window:
    """Return the calendar window that holds the time `t`.

    >>> window_of("week", datetime(2013, 1, 1)).start
    datetime.datetime(2012, 12, 31, 0, 0)
    """
    midnight = datetime(t.year, t.month, t.day)
    if size == "day":
        return Window(id=f"{midnight:%Y-%m-%d}", source=source, start=midnight, end=midnight + timedelta(days=1))
    if size == "week":
        year, week, weekday = midnight.isocalendar()
        monday = midnight - timedelta(days=weekday - 1)
        return Window(id=f"{year:04d}-W{week:02d}", source=source, start=monday, end=monday + timedelta(days=7))
    if size == "month":
        first = midnight.replace(day=1)
        return Window(id=f"{first:%Y-%m}", source=source, start=first, end=(first + timedelta(days=32)).replace(day=1))
    raise ParamsError(f"{size!r} is not a calendar window", where="params.yaml: data.window", fix="month, week or day; '<n> rows' is cut by count")


def windows_between(size: str, start: datetime, until: datetime, *, source: str = LIVE) -> tuple[Window, ...]:
    """Return the closed calendar windows that begin at or after `start` and end at or before `until`.

    A window that `start` cuts is left out: rows before `start` were seen by the model. `windows_covering` takes it in.
    """
    first = window_of(size, start, source=source)
    begin = first.start if first.start == start else first.end
    return () if begin is None else windows_covering(size, begin, until, source=source)


def windows_covering(size: str, first: datetime, until: datetime, *, source: str = LIVE) -> tuple[Window, ...]:
    """Return the closed calendar windows from the one that holds the time `first` on, up to those that end by `until`.

    >>> [window.id for window in windows_covering("month", datetime(2013, 1, 1, 5, 15), datetime(2013, 3, 1))]
    ['2013-01', '2013-02']
    """
    found = []
    window = window_of(size, first, source=source)
    while window.end is not None and window.end <= until:
        found.append(window)
        window = window_of(size, window.end, source=source)
    return tuple(found)


def count_windows(size: str, n_rows_total: int, *, begin: int = 0, after: int = 0, source: str = LIVE) -> tuple[Window, ...]:
    """Return the full count windows of a stream of `n_rows_total` rows (sorted by time, then row id) from row `begin` on.

    They are numbered on from window `after`; the last, unfilled one is left out. Their times are None: who reads the rows knows them.

    >>> [(window.id, window.first_row, window.last_row) for window in count_windows("100 rows", 350, begin=120, after=7)]
    [('rows-000008', 120, 220), ('rows-000009', 220, 320)]
    """
    step = rows_per_window(size)
    if step is None:
        raise ParamsError(f"{size!r} is not a count of rows", where="params.yaml: data.window", fix="'<n> rows'")
    starts = enumerate(range(begin, n_rows_total - step + 1, step), start=after + 1)
    return tuple(Window(id=count_window_id(number), source=source, first_row=row, last_row=row + step) for number, row in starts)


def count_window_id(number: int) -> str:
    """Return the id of the count window of this number, from 1 on.

    >>> count_window_id(7)
    'rows-000007'
    """
    return f"rows-{number:06d}"


def number_of(window_id: str) -> int | None:
    """Return the number of the count window that an id names, None for any other id.

    >>> number_of("rows-000007"), number_of("2013-02")
    (7, None)
    """
    return Window(id=window_id, source=LIVE).number


def parse_window_id(window_id: str, *, source: str = LIVE) -> Window:
    """Return the window that an id names; which rows a count window holds only its file knows.

    Raises `DataError` when the text is no window's id.

    >>> parse_window_id("2013-W06").end
    datetime.datetime(2013, 2, 11, 0, 0)
    """
    if number_of(window_id) is not None:
        return Window(id=window_id, source=source)
    try:
        return window_of(_calendar_size(window_id), _first_day(window_id), source=source)
    except ValueError as bad:
        raise DataError(f"{window_id!r} is no window's id", fix="ids look like 2013-02, 2013-W06, 2013-02-05 or rows-000001") from bad


def is_of_size(window_id: str, size: str) -> bool:
    """Whether an id names a calendar window of this size.

    >>> is_of_size("2013-02", "month"), is_of_size("2013-02-05", "month"), is_of_size("notes", "month")
    (True, False, False)
    """
    pattern = _IDS.get(size)
    return pattern is not None and pattern.match(window_id) is not None


def _calendar_size(window_id: str) -> str:
    found = next((size for size in _IDS if is_of_size(window_id, size)), None)
    if found is None:
        raise ValueError(window_id)
    return found


def _first_day(window_id: str) -> datetime:
    if "W" in window_id:
        return datetime.strptime(f"{window_id}-1", "%G-W%V-%u")
    return datetime.fromisoformat(window_id if window_id.count("-") == 2 else f"{window_id}-01")
