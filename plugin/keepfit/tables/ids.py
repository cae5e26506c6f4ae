"""Ids made from a row's time and features alone (`data.id_scheme: features`): what else an export gains or loses does not change them.

A value has one text whatever its column is stored as: 1, 1.0, true and "True" are the same, as are a time in seconds and in microseconds,
text and a dictionary of text; NULL, NaN and the empty text are missing. That two different values may share a text ("01" and 1) costs
nothing: rows that repeat are numbered.

>>> import pyarrow as pa
>>> clock = pa.array(["2013-02-01"] * 3, pa.string())
>>> short, wide = pa.table({"t": clock, "v": [1, None, 7]}), pa.table({"new": [1, 2, 3], "v": [1.0, None, 7.0], "t": clock})
>>> feature_ids(short, ["t", "v"]) == feature_ids(wide, ["t", "v"])
True
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

MISSING = "\x00"
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?", re.ASCII)
WORDS = {"true": "1", "false": "0"}


def feature_ids(table: pa.Table, columns: Iterable[str]) -> list[str]:
    """Return an id a row: the hex of an 8-byte blake2b over the columns by name; the k-th repeat of a row gets `-k`.

    A column that the table lacks counts as missing in every row.
    """
    import pyarrow.compute as pc

    names = sorted(set(columns))
    key = blake2b("\x1f".join(("features", *names)).encode(), digest_size=32).digest()
    texts = [_column(table, name) for name in names]
    seen: Counter[str] = Counter()
    ids = []
    for text in pc.binary_join_element_wise(*texts, "\x1f").to_pylist():
        made = blake2b(text.encode(), digest_size=8, key=key).hexdigest()
        seen[made] += 1
        ids.append(made if seen[made] == 1 else f"{made}-{seen[made]}")
    return ids


def key_texts(values: pa.Array) -> pa.Array:
    """Return the text of each key of an id column: text as it is, a whole number without point or exponent however it is stored."""
    import pyarrow as pa

    values = _plain(values)
    if pa.types.is_string(values.type):
        return values
    return _each(values, lambda value: None if (text := _text(value)) == MISSING else text)


def _column(table: pa.Table, name: str) -> pa.Array:
    import pyarrow as pa

    if name not in table.column_names:
        return pa.array([MISSING] * table.num_rows, pa.string())
    return _each(_plain(table[name].combine_chunks()), _text)


def _plain(values: pa.Array) -> pa.Array:
    """Decoded, text as `string`, times in microseconds of UTC, a narrow float as the number that its shortest text says (.1 stays .1)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = values.type
    if pa.types.is_dictionary(kind):
        return _plain(values.dictionary_decode())
    if pa.types.is_timestamp(kind):
        return pc.cast(values, pa.timestamp("us", None if kind.tz is None else "UTC"), safe=False)
    if pa.types.is_float32(kind):
        return pc.cast(pc.cast(values, pa.string()), pa.float64())
    return pc.cast(values, pa.string()) if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else values


def _each(values: pa.Array, write: Callable[[object], str | None]) -> pa.Array:
    """Write each value once, however often it is there."""
    import pyarrow as pa

    if pa.types.is_nested(values.type) or pa.types.is_null(values.type):
        return pa.array([write(value) for value in values.to_pylist()], pa.string())
    coded = values.dictionary_encode(null_encoding="encode")
    texts = [write(value) for value in coded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(coded.indices)


def _text(value: object) -> str:
    """The one text of a value."""
    if value is None or value == "" or value != value:
        return MISSING
    if isinstance(value, (bool, int, float, Decimal)):
        return _number(value)
    if isinstance(value, (date, datetime)):
        return _moment(value)
    if isinstance(value, bytes):
        return value.hex()
    return _of_words(value) if isinstance(value, str) else repr(value)


def _of_words(word: str) -> str:
    """The number or the time that a text writes, else the text itself."""
    if word.lower() in WORDS:
        return WORDS[word.lower()]
    try:
        if NUMBER.fullmatch(word):
            return _number(Decimal(word))
        if MOMENT.fullmatch(word):
            return _moment(datetime.fromisoformat(word))
    except (ValueError, InvalidOperation):
        pass
    return word


def _number(value: float | Decimal) -> str:
    """Whole numbers as such; others as the shortest text of the nearest float."""
    if isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value()):
        return str(int(value))
    number = float(value)
    return str(int(Decimal(repr(number)))) if number.is_integer() else repr(number)


def _moment(value: date | datetime) -> str:
    """ISO 8601; midnight is its day."""
    if not isinstance(value, datetime):
        return value.isoformat()
    naive = value.replace(tzinfo=None)
    return naive.date().isoformat() if naive == datetime(naive.year, naive.month, naive.day) else naive.isoformat(" ")
