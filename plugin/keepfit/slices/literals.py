"""The rows of a slice by its name alone: `carrier=EV`, or what a search found, `dep_minute in (840, 1020] & origin=JFK`; `overall` is all rows.

A name found by a search was cut at the numbers that it shows (`slices/codes.py`), so it means the same rows in every table, whatever model serves by then.
Blind to names that mean "any other value" (`carrier is other`): which values those are is known to one reference only, so they are refused.

>>> table = pa.table({"carrier": ["EV", "HA", None], "x": [1.0, 2.0, None]})
>>> [rows_of_slice(name, table, where="--slice").tolist() for name in ("carrier=EV", "x in (1, 2] & carrier=HA", "x is missing", "overall")]
[[True, False, False], [False, True, False], [False, False, True], [True, True, True]]
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.types as types

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.slices.masks import Mask, value_text
from keepfit.slices.name import OVERALL
from keepfit.slices.search import AND

INSIDE = re.compile(r"^(?P<column>.+) in (?P<open>[\[(])(?P<low>[^,()\[\]]+), (?P<high>[^,()\[\]]+)\]$")
SIDE = re.compile(r"^(?P<column>[^<>]+)(?P<sign><=|<|>)(?P<edge>[^<>=]+)$")
MISSING = " is missing"


def rows_of_slice(name: str, table: pa.Table, *, where: str) -> Mask:
    """Return which rows of a table are of the slice, of all its literals.

    Raises `UnknownNameError` for a column that the table lacks, `ParamsError` for what is no literal; `where` says what named it.
    """
    if name == OVERALL:
        return np.ones(table.num_rows, dtype=np.bool_)
    found: Mask = np.logical_and.reduce([_of_literal(part.strip(), table, where=where) for part in name.split(AND)])
    return found


def _of_literal(literal: str, table: pa.Table, *, where: str) -> Mask:
    column, equal, value = literal.partition("=")
    if equal and column in table.column_names:
        return _equal(table[column], value)
    if literal.endswith(MISSING):
        return np.array([value_text(one) == value_text(None) for one in _values(literal.removesuffix(MISSING), table, where=where)], dtype=np.bool_)
    inside, side = INSIDE.match(literal), SIDE.match(literal)
    if inside is not None:
        numbers, low, high = _numbers(inside["column"], table, where=where), _edge(inside["low"], where), _edge(inside["high"], where)
        return (numbers >= low if inside["open"] == "[" else numbers > low) & (numbers <= high)
    if side is not None:
        numbers, edge = _numbers(side["column"], table, where=where), _edge(side["edge"], where)
        return {"<=": numbers <= edge, "<": numbers < edge, ">": numbers > edge}[side["sign"]]
    if equal:
        raise _unknown(column, table, where)
    raise ParamsError(f"{literal!r} names no rows by itself", where=where, fix="column=value, column in (low, high], column<=number, column is missing")


def _equal(column: pa.ChunkedArray, value: str) -> Mask:
    """Rows of a value as slices write it (`3`, of 3.0 too); NULL is `(missing)`."""
    return np.array([value_text(one) == value for one in column.to_pylist()], dtype=np.bool_)


def _values(column: str, table: pa.Table, *, where: str) -> list[object]:
    if column not in table.column_names:
        raise _unknown(column, table, where)
    found: list[object] = table[column].to_pylist()
    return found


def _numbers(column: str, table: pa.Table, *, where: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = _values(column, table, where=where)
    kind = table.schema.field(column).type
    if not (types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind) or types.is_boolean(kind)):
        raise ParamsError(f"the column {column!r} holds no numbers", where=where, fix=f"{column}=VALUE")
    return np.array([np.nan if one is None else one for one in values], dtype=np.float64)


def _edge(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ParamsError(f"{text!r} is no number", where=where, fix="column in (low, high], column<=number or column>number") from None


def _unknown(column: str, table: pa.Table, where: str) -> UnknownNameError:
    return UnknownNameError("column", column, known=[name for name in table.column_names if not name.startswith("_")], where=where)
