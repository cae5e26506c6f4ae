"""What time it is, for those who begin a flow: below them time comes as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from keepfit.errors import DataError


def now_in(timezone: str) -> datetime:
    """Return the time that it is now where the windows are cut, without a zone, as the rows' times are."""
    return datetime.now(_zone(timezone)).replace(tzinfo=None)


def moment(given: datetime | date | str | None, timezone: str, *, where: str) -> datetime:
    """Return a time in the windows' clock: now where none is given, a time with a zone as it reads there, a date as its first moment.

    Raises `DataError` for a text that is no time.

    >>> moment("2026-03-01T00:30:00+01:00", "UTC", where="until"), moment(date(2026, 3, 1), "UTC", where="until")
    (datetime.datetime(2026, 2, 28, 23, 30), datetime.datetime(2026, 3, 1, 0, 0))
    """
    if given is None:
        return now_in(timezone)
    if isinstance(given, str):
        given = _read(given, where)
    if not isinstance(given, datetime):
        return datetime(given.year, given.month, given.day)
    return given if given.tzinfo is None else given.astimezone(_zone(timezone)).replace(tzinfo=None)


def _read(text: str, where: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as bad:
        raise DataError(f"{text[:40]!r} is no time", where=where, fix="write it as 2026-03-01 or 2026-03-01T12:00:00") from bad


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)
