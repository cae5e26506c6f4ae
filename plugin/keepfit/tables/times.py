"""The time column: ISO 8601, epochs and YYYYMMDD in any storage, made naive times of one clock.

Whole numbers are told apart by their size, which must be the same in the whole column: 20130201 is a day, 1359698400 seconds since 1970,
1359698400000 milliseconds (1973 to 2286 each; then micro- and nanoseconds), 20130201060000 a day with its time. Epochs are in UTC.

>>> table = normalise_time(pa.table({"t": ["2013-02-01T06:00:00+01:00"], "x": [1]}), "t")
>>> str(table["t"][0]), str(normalise_time(pa.table({"t": [1359694800]}), "t")["t"][0])
('2013-02-01 05:00:00', '2013-02-01 05:00:00')
"""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import DataError, UnknownNameError
from keepfit.tables.missing import MISSING_WORDS
from keepfit.tables.number_text import is_text, plain_texts

WHERE = "params.yaml: data.time"
ZONE = r"(?:Z|[+-]\d{2}:?\d{2})$"
DIGITS = r"^[0-9]{8,19}$"
EPOCHS = {"s": (10**8, 10**10), "ms": (10**11, 10**13), "us": (10**14, 10**16), "ns": (10**17, 10**19)}
DAYS, MOMENTS = (1900_01_01, 2101_00_00), (1900_01_01_00_00_00, 2101_00_00_00_00_00)
FORMS = "ISO 8601 (2013-02-01T06:00:00), seconds since 1970 or YYYYMMDD"


def normalise_time(table: pa.Table, column: str, *, timezone: str = "UTC") -> pa.Table:
    """Make the time column a naive `timestamp[us]` in this timezone: naive times are taken to be in it, times with a zone become times in it.

    Raises `DataError` for missing times, for what is no time, and for a column that mixes forms.
    """
    if column not in table.column_names:
        raise UnknownNameError("column", column, known=table.column_names, where=WHERE)
    values = _times(table[column].combine_chunks(), column)
    if values.null_count:
        raise DataError(f"{values.null_count} of {len(values)} rows have no time in {column!r}", where=WHERE, fix="drop them or fill them in")
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        values = pc.local_timestamp(pc.cast(values, pa.timestamp(values.type.unit, timezone)))
    naive = pc.cast(values, pa.timestamp("us"), safe=False)
    return table.set_column(table.column_names.index(column), column, naive)


def local_span(span: tuple[datetime, datetime] | None, *, zoned: bool, timezone: str) -> tuple[datetime, datetime] | None:
    """Return a first and a last time on this timezone's clock; `zoned`: they are in UTC, else on it already.

    >>> local_span((datetime(2013, 2, 1), datetime(2013, 2, 2)), zoned=True, timezone="Asia/Tokyo")[0]
    datetime.datetime(2013, 2, 1, 9, 0)
    """
    if span is None or not zoned:
        return span
    first, last = normalise_time(pa.table({"t": pa.array(span, pa.timestamp("us", "UTC"))}), "t", timezone=timezone)["t"].to_pylist()
    return first, last


def moments(table: pa.Table, column: str, *, timezone: str = "UTC", late: bool = False) -> pa.Array:
    """Return the time column as microseconds since 1970 in UTC, NULL where a row has no time; times without a zone are in this timezone.

    Where a clock is set back, an hour of it names two moments: `late` takes the second, else it is the first. Raises as `normalise_time` does.

    >>> night = pa.table({"t": ["2013-11-03T01:30:00"]})
    >>> [moments(night, "t", timezone="America/New_York", late=late).to_pylist()[0] // 3_600_000_000 % 24 for late in (False, True)]
    [5, 6]
    """
    if column not in table.column_names:
        raise UnknownNameError("column", column, known=table.column_names, where=WHERE)
    values = _times(table[column].combine_chunks(), column)
    if not pa.types.is_timestamp(values.type) or values.type.tz is None:
        values = pc.cast(values, pa.timestamp("us"), safe=False)
        which = "latest" if late else "earliest"
        values = values if timezone == "UTC" else pc.assume_timezone(values, timezone, ambiguous=which, nonexistent=which)
    return pc.cast(pc.cast(values, pa.timestamp("us", "UTC" if values.type.tz else None), safe=False), pa.int64())


def _times(values: pa.Array, column: str) -> pa.Array:
    """The values as dates or timestamps, with a zone where they name an instant."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if is_text(values.type):
        return _of_texts(plain_texts(values), column)
    if pa.types.is_null(values.type) and not len(values):  # a header line only: no rows, no types
        return values.cast(pa.timestamp("us"))
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
        return _of_numbers(values, column)
    if not (pa.types.is_timestamp(values.type) or pa.types.is_date(values.type)):
        raise DataError(f"the time column {column!r} holds {values.type}, not times", where=WHERE, fix=FORMS)
    return values


def _of_texts(texts: pa.Array, column: str) -> pa.Array:
    text = pc.utf8_trim_whitespace(texts)
    text = pc.if_else(pc.is_in(text, value_set=pa.array(MISSING_WORDS)), pa.nulls(len(text), pa.string()), text)
    known = len(text) - text.null_count
    digits = pc.sum(pc.match_substring_regex(text, DIGITS)).as_py() or 0
    if digits == known and known:
        return _of_numbers(pc.cast(text, pa.uint64()), column)
    zoned = pc.match_substring_regex(text, ZONE)
    with_zone = pc.sum(zoned).as_py() or 0
    if 0 < with_zone < known:
        raise DataError(f"the time column {column!r} mixes times with and without a zone ({with_zone} of {known} with)", fix="write all of them one way")
    if with_zone:  # 2013-02-01 is no time with a zone, though its end looks like one
        text = pc.replace_substring_regex(text, r"([+-]\d{2})(\d{2})$", r"\1:\2")
    return _iso(text, column, zone="UTC" if with_zone else None)


def _iso(text: pa.Array, column: str, *, zone: str | None) -> pa.Array:
    """Times from ISO 8601; of a fraction of a second nine digits are read."""
    try:
        return pc.cast(text, pa.timestamp("us", zone))
    except pa.ArrowInvalid as bad:
        said = (str(bad).splitlines() or [""])[0][:200]
        try:
            return pc.cast(text, pa.timestamp("ns", zone))
        except pa.ArrowInvalid:
            raise DataError(f"the time column {column!r} is not ISO 8601: {said}", where=WHERE, fix=f"one form in all rows: {FORMS}") from bad


def _of_numbers(values: pa.Array, column: str) -> pa.Array:
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_finite(values), values, pa.nulls(len(values), values.type))
    span = pc.min_max(values)
    low, high = span["min"].as_py(), span["max"].as_py()
    if low is None:
        return pa.nulls(len(values), pa.timestamp("us"))
    for (first, end), pattern, iso in (
        (DAYS, r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3"),
        (MOMENTS, r"^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$", r"\1-\2-\3 \4:\5:\6"),
    ):
        if first <= low and high < end:
            whole = pc.cast(pc.cast(values, pa.int64(), safe=False), pa.string())
            return _iso(pc.replace_substring_regex(whole, pattern=pattern, replacement=iso), column, zone=None)
    for unit, (first, end) in EPOCHS.items():
        if first <= low and high < end:
            return _since_1970(values, unit)
    kind = f"numbers from {low:g} to {high:g}"
    raise DataError(f"the time column {column!r} holds {values.type}, not times: {kind}", where=WHERE, fix=f"one form in all rows: {FORMS}")


def _since_1970(values: pa.Array, unit: str) -> pa.Array:
    if pa.types.is_floating(values.type) and unit in ("s", "ms"):  # with a fraction
        values, unit = pc.round(pc.multiply(values, 10**6 if unit == "s" else 10**3)), "us"
    return pc.cast(pc.cast(values, pa.int64(), safe=False), pa.timestamp(unit, "UTC"))
