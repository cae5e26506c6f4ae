"""What a condition compares: a column's values as what they are (numbers, booleans, texts, times), and a constant read as the column it is compared with.

>>> import pyarrow as pa
>>> flags = operand("flag", pa.chunked_array([["True", "False", "maybe", None]]))
>>> flags.sort, flags.like("True")[1].as_py(), flags.like(True)[0].to_pylist()
('text', 'True', [True, False, None, None])
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.curation.grammar import LARGEST, Plain
from keepfit.tables.values import NUMBER, WORDS, in_form, is_number, is_text, plain_of

Sort = Literal["number", "boolean", "text", "time", "nothing", "other"]
ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?", re.ASCII)
PLURAL: Mapping[Sort, str] = {
    "number": "numbers", "boolean": "booleans", "text": "texts", "time": "times", "nothing": "nothing", "other": "values that cannot be compared",
}  # fmt: skip
WRITTEN_AS: Mapping[Sort, str] = {"number": "1.5", "boolean": "true or false", "time": '"2013-02-01" or "2013-02-01 06:30:00"', "other": "COLUMN is null"}


@dataclass(frozen=True, kw_only=True)
class Operand:
    """The values of all rows, NULL where one is missing; `sort` is what they are: numbers are int64, float32 or float64, times `timestamp[us]` without a zone.

    `zoned`: the times came with a zone and are in UTC now.
    """

    name: str
    sort: Sort
    values: pa.ChunkedArray
    zoned: bool = False

    def like(self, value: Plain) -> tuple[pa.ChunkedArray, pa.Scalar] | None:
        """Return the values and a constant as one type; None where the constant is nothing of the column's sort."""
        read = _LIKE.get(self.sort)
        return None if read is None else read(self, value)

    def floats(self) -> pa.ChunkedArray:
        """Return numbers as float64, a narrow float as the number that its shortest text says: .1 stays .1."""
        values = pc.cast(self.values, pa.string()) if pa.types.is_float32(self.values.type) else self.values
        return pc.cast(values, pa.float64(), safe=False)

    def texts(self) -> pa.ChunkedArray:
        """Return texts, or times, of the same type whatever stores them."""
        return pc.cast(self.values, pa.large_string()) if self.sort == "text" else self.values


def operand(name: str, column: pa.ChunkedArray) -> Operand:
    """Return a column as what it holds."""
    values = plain_of(column)
    type_, types = values.type, pa.types
    if types.is_null(type_):
        return Operand(name=name, sort="nothing", values=values)
    if types.is_boolean(type_):
        return Operand(name=name, sort="boolean", values=values)
    if is_number(type_):
        return Operand(name=name, sort="number", values=numbers(values))
    if is_text(type_):
        return Operand(name=name, sort="text", values=values)
    if types.is_timestamp(type_) or types.is_date(type_):
        zoned = types.is_timestamp(type_) and type_.tz is not None
        return Operand(name=name, sort="time", values=in_form(values, "time", kind="categorical").values, zoned=zoned)
    return Operand(name=name, sort="other", values=values)


def numbers(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return numbers as int64, float32 or float64, NaN as NULL."""
    if pa.types.is_decimal(values.type):
        return pc.cast(pc.cast(values, pa.string()), pa.float64())  # Arrow's own cast is off by a bit in one of ten
    if pa.types.is_integer(values.type):
        try:
            return pc.cast(values, pa.int64())
        except pa.ArrowInvalid:  # above 2**63
            return pc.cast(values, pa.float64(), safe=False)
    return pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)


# -- constants ----------------------------------------------------------------------------------------------------------

Alike = tuple[pa.ChunkedArray, pa.Scalar]


def _number(of: Operand, value: Plain) -> Alike | None:
    found = _number_of(value) if isinstance(value, str) else value + 0
    if found is None or not math.isfinite(found):
        return None
    if pa.types.is_float32(of.values.type) and math.isfinite(narrow := _narrow(found)):
        return of.values, pa.scalar(narrow, pa.float32())
    if pa.types.is_integer(of.values.type) and float(found).is_integer() and abs(found) <= LARGEST:
        return of.values, pa.scalar(int(found), pa.int64())
    return of.floats(), pa.scalar(float(found), pa.float64())


def _number_of(text: str) -> int | float | None:
    word = text.strip()
    if not NUMBER.fullmatch(word):
        return None
    return int(word) if word.isdigit() and len(word) < len(str(LARGEST)) else float(word)


def _narrow(value: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.float32(value))


def _boolean(of: Operand, value: Plain) -> Alike | None:
    found = WORDS.get(value.lower()) if isinstance(value, str) else bool(value) if value in (0, 1) else None
    return None if found is None else (of.values, pa.scalar(found))


def _text(of: Operand, value: Plain) -> Alike | None:
    if isinstance(value, str):
        return of.values, pa.scalar(value, of.values.type)
    if isinstance(value, bool):
        return in_form(of.values, "boolean", kind="categorical").values, pa.scalar(value)
    return in_form(of.values, "number", kind="categorical").values, pa.scalar(float(value))


def _time(of: Operand, value: Plain) -> Alike | None:
    if not isinstance(value, str) or not ISO.fullmatch(value.strip()):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if found.tzinfo is not None and not of.zoned:
        return None
    naive = found if found.tzinfo is None else found.astimezone(UTC).replace(tzinfo=None)
    return of.values, pa.scalar(naive, pa.timestamp("us"))


_LIKE: Mapping[Sort, Callable[[Operand, Plain], Alike | None]] = {"number": _number, "boolean": _boolean, "text": _text, "time": _time}
