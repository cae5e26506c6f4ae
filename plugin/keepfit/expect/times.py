"""Times that a suite writes as text, as times: JSON has none, and a time column is compared with nothing else.

Great Expectations takes `"2024-01-01"` for a date, which no time can be compared with, and a text in a `value_set` for a text, which no
time equals: of such a set both `to_be_in_set` and `to_not_be_in_set` fail on every row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from keepfit.errors import ExpectationError

BOUNDS = ("min_value", "max_value")


def with_times(kwargs: Mapping[str, Any], times: Mapping[str, tzinfo | None], *, where: str) -> dict[str, Any]:
    """Return the kwargs with ISO texts that are compared with a time column as times; `times` are the table's time columns and their zones.

    A text without a zone is in the column's own. Raises `ExpectationError` for a text that is no time.

    >>> with_times({"column": "t", "min_value": "2024-01-01", "mostly": 0.9}, {"t": None}, where="suite s: a")
    {'column': 't', 'min_value': datetime.datetime(2024, 1, 1, 0, 0), 'mostly': 0.9}
    """

    def timed(column: Any, value: Any) -> Any:
        return _time(value, times[column], where) if column in times and isinstance(value, str) else value

    column, pair = kwargs.get("column"), (kwargs.get("column_A"), kwargs.get("column_B"))
    found = dict(kwargs)
    for key in BOUNDS:
        if key in kwargs:
            found[key] = timed(column, kwargs[key])
    if isinstance(kwargs.get("value_set"), list):
        found["value_set"] = [timed(column, value) for value in kwargs["value_set"]]
    if isinstance(kwargs.get("value_pairs_set"), list):
        found["value_pairs_set"] = [[timed(name, value) for name, value in zip(pair, values, strict=True)] for values in kwargs["value_pairs_set"]]
    if isinstance(kwargs.get("quantile_ranges"), dict):
        ranges = kwargs["quantile_ranges"]
        found["quantile_ranges"] = {**ranges, "value_ranges": [[timed(column, bound) for bound in bounds] for bounds in ranges["value_ranges"]]}
    return found


def _time(text: str, zone: tzinfo | None, where: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as bad:
        raise ExpectationError(f"{text!r} is compared with a column of times and is none", where=where, fix="2024-01-31 or 2024-01-31T12:00:00") from bad
    if found.tzinfo is not None and zone is None:
        raise ExpectationError(f"{text!r} has a zone, the column's times have none", where=where, fix="write the time as the column holds it, without a zone")
    return found.replace(tzinfo=zone) if found.tzinfo is None and zone is not None else found
