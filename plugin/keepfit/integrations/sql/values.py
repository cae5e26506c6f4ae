"""A driver's values as Arrow's: what the database declares is kept, what it leaves open is read from the values.

A number of undeclared precision is whole or a fraction; a value that Arrow has no type for is its text; so are all values of a column that mixes
words with numbers, as SQLite allows.

>>> column([1, None, 2.5], None).type, column([1, "n/a"], None).to_pylist()
(DataType(double), ['1', 'n/a'])
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

PLAIN = (bool, int, float, str, bytes, date, datetime, timedelta, Decimal)
WHOLE, NUMERIC, DIGITS = 2**63, 1700, 38
POSTGRES = {
    **dict.fromkeys((20, 21, 23), pa.int64()),
    **dict.fromkeys((25, 1042, 1043), pa.string()),
    16: pa.bool_(),
    700: pa.float32(),
    701: pa.float64(),
    1082: pa.date32(),
    1114: pa.timestamp("us"),
    1184: pa.timestamp("us", "UTC"),
}
"""PostgreSQL's numbers of types whose values Arrow has."""


def column(values: Sequence[Any], declared: pa.DataType | None) -> pa.Array:
    """Return values in the declared type, or (None, or where one does not fit it) in the type that they have."""
    if declared is not None:
        try:
            return pa.array(values, declared)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            pass  # a numeric that is NaN, say
    kinds = {type(value) for value in values if value is not None}
    if Decimal in kinds and kinds <= {Decimal, int, float}:
        return _numbers(values)
    if not all(issubclass(kind, PLAIN) for kind in kinds):
        values = [None if value is None else _plain(value) for value in values]
    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _numbers(values: Sequence[Any]) -> pa.Array:
    """Decimals of no declared precision: whole numbers where all of them are written so, else fractions."""
    known = [Decimal(value) for value in values if value is not None]
    if all(value.is_finite() and value == value.to_integral_value() and value.as_tuple().exponent in range(64) for value in known):
        if all(-WHOLE <= value < WHOLE for value in known):
            return pa.array([None if value is None else int(value) for value in values], pa.int64())
        return pa.array([None if value is None else str(int(value)) for value in values], pa.string())
    return pa.array([None if value is None else float(value) for value in values], pa.float64())


def _plain(value: Any) -> Any:
    if isinstance(value, PLAIN) or (isinstance(value, time) and value.tzinfo is None):
        return value
    if isinstance(value, memoryview | bytearray):
        return bytes(value)
    return json.dumps(value, sort_keys=True, default=str, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _text(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else value if isinstance(value, str) else str(_plain(value))


def declared(code: Any, precision: int | None, scale: int | None) -> pa.DataType | None:
    """Return Arrow's type of a PostgreSQL type by its number; None where the values tell.

    >>> declared(1700, 12, 2), declared(1700, None, None)
    (Decimal128Type(decimal128(12, 2)), None)
    """
    if code == NUMERIC:
        return pa.decimal128(precision, scale or 0) if precision is not None and precision <= DIGITS else None
    return POSTGRES.get(code)
