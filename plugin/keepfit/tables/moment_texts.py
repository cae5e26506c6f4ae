"""Moments as texts: a categorical timestamp is told apart by its microsecond in UTC, whatever unit and zone it is stored in.

So one moment is one category in a column of milliseconds, of nanoseconds or with a zone, and in each engine, which have different units. Layouts that were
stored before name a column's moments by its own unit and zone (`2013-02-01 06:00:00.000`, `2013-02-01 07:00:00.000+0100`); `named_now` finds what they name.

Blind to what lies below a microsecond: moments of nanoseconds that differ in it alone are one category, the first of those that a layout names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{3}|\d{6}|\d{9}))?(?:Z|([+-])(\d\d)(\d\d))?")


def holds_moments(type_: Any) -> bool:
    """Whether a column of this type, or its dictionary, holds timestamps; dates are none."""
    return bool(pa.types.is_timestamp(type_.value_type if pa.types.is_dictionary(type_) else type_))


def in_utc(moments: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return timestamps, or a dictionary of some, as `timestamp[us]` without a zone, in UTC; what is below a microsecond is cut off towards 1970.

    >>> in_utc(pa.array([1_500], pa.timestamp("ns", "Europe/Berlin"))).cast(pa.string()).to_pylist()
    ['1970-01-01 00:00:00.000001']
    """
    moments = moments.cast(moments.type.value_type) if pa.types.is_dictionary(moments.type) else moments
    instants = pc.cast(moments, pa.timestamp("us", moments.type.tz), safe=False)
    return pc.cast(pc.cast(instants, pa.int64()), pa.timestamp("us"))  # by the number: the zone's name may be unknown here


def named_now(names: Sequence[str]) -> list[str]:
    """Return the names of a layout's moments as `in_utc` writes them; what is no moment stays as it is.

    >>> named_now(["2013-02-01 06:00:00.000", "2013-02-01 07:00:00+0100", "soon"])
    ['2013-02-01 06:00:00.000000', '2013-02-01 06:00:00.000000', 'soon']
    """
    return [_named_now(name) for name in names]


def _named_now(name: str) -> str:
    found = WRITTEN.fullmatch(name)
    if found is None:
        return name
    seconds, fraction, sign, hours, minutes = found.groups()
    try:
        ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        moment = datetime.fromisoformat(f"{seconds}+00:00") - ahead
        nanos = int((fraction or "").ljust(9, "0"))
        moment += timedelta(microseconds=nanos // 1000 if moment >= EPOCH else -(-nanos // 1000))  # Arrow cuts towards 1970
    except (ValueError, OverflowError):
        return name
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")
