"""How two columns are compared that may store their values differently: each as SQL of one common type.

Values are those that `tables/values.py` calls the same: NaN is missing, -0 is 0, true is 1, 1 is 1.0, "1" is 1 and "true" is true where the other side stores
numbers or booleans, a float32 is the number that its shortest text says (.1 stays .1), a time with a zone is its time in UTC, in microseconds, and a date its
midnight. A text with leading zeros is no number. Blind to integers above 2**53 beside floats.

>>> reading = reading_of("BIGINT", "DOUBLE")
>>> of(reading.before, "x"), of(reading.now, "y"), reading.kind
('CAST(x AS DOUBLE)', 'CASE WHEN isnan(y) THEN NULL ELSE y END', 'number')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepfit.records.data_diff import ValueKind
from keepfit.tables.classes import OTHER

WORDS = {
    "TINYINT": "int8", "SMALLINT": "int16", "INTEGER": "int32", "BIGINT": "int64", "HUGEINT": "int128",
    "UTINYINT": "uint8", "USMALLINT": "uint16", "UINTEGER": "uint32", "UBIGINT": "uint64", "UHUGEINT": "uint128",
    "FLOAT": "float32", "DOUBLE": "float64", "VARCHAR": "text", "BOOLEAN": "boolean", "BLOB": "bytes", "DATE": "date",
    "TIMESTAMP": "time", "TIMESTAMP_S": "time[s]", "TIMESTAMP_MS": "time[ms]", "TIMESTAMP_NS": "time[ns]",
    "TIMESTAMP WITH TIME ZONE": "time with a zone", "TIME": "time of day", "NULL": "nothing",
}  # fmt: skip
INTEGERS = tuple(name for name, word in WORDS.items() if word.startswith(("int", "uint")))
TIMES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE")
WHOLE, FRACTION = r"[+-]?(0|[1-9]\d*)(\.0*)?", r"[+-]?(0|[1-9]\d*)?(\.\d+)?([eE][+-]?\d{1,3})?"
AS_IS = "{0}"
NO_NAN = "CASE WHEN isnan({0}) THEN NULL ELSE {0} END"
OF_FLOAT = "CASE WHEN isnan({0}) THEN NULL ELSE CAST(CAST({0} AS VARCHAR) AS DOUBLE) END"
NUMBER_TEXT = "CASE WHEN {0} = floor({0}) AND abs({0}) < 1e15 THEN CAST(CAST({0} AS BIGINT) AS VARCHAR) ELSE CAST({0} AS VARCHAR) END"
TEXT_AS_NUMBER_TEXT = (
    f"CASE WHEN regexp_full_match({{0}}, '{WHOLE}') THEN regexp_replace(ltrim({{0}}, '+'), '\\.0*$', '') "
    f"WHEN regexp_full_match({{0}}, '{FRACTION}') AND TRY_CAST({{0}} AS DOUBLE) IS NOT NULL "
    f"THEN {NUMBER_TEXT.replace('{0}', 'TRY_CAST({0} AS DOUBLE)')} WHEN lower({{0}}) = 'nan' THEN NULL ELSE {{0}} END"
)
TEXT_AS_BOOLEAN_TEXT = "CASE WHEN lower({0}) IN ('true', '1', '1.0') THEN 'true' WHEN lower({0}) IN ('false', '0', '0.0') THEN 'false' ELSE {0} END"
TEXT_AS_TIME_TEXT = "coalesce(CAST(TRY_CAST({0} AS TIMESTAMP) AS VARCHAR), {0})"


@dataclass(frozen=True, kw_only=True)
class ColumnReading:
    """SQL of each side's values, with `{0}` for the column, in one type; `settled` is applied to a value where the other side's differs."""

    before: str
    now: str
    kind: ValueKind
    settled: str = AS_IS


def of(expression: str, column: str) -> str:
    """Return the SQL of a column's values."""
    return expression.replace("{0}", column)


def word(stored: str) -> str:
    """Return what people call a type of DuckDB's.

    >>> word("BIGINT"), word("DECIMAL(9,2)"), word("DOUBLE[]")
    ('int64', 'decimal(9,2)', 'list of float64')
    """
    if stored.endswith("[]"):
        return f"list of {word(stored[:-2])}"
    return WORDS.get(stored, stored.lower())


def kind_of(stored: str) -> ValueKind:
    """Return what a type's values are.

    >>> kind_of("DECIMAL(9,2)"), kind_of("DATE"), kind_of("DOUBLE[]")
    ('number', 'time', 'other')
    """
    if stored in INTEGERS or stored in ("FLOAT", "DOUBLE") or (stored.startswith("DECIMAL(") and stored.endswith(")")):
        return "number"
    if stored in TIMES:
        return "time"
    return "boolean" if stored == "BOOLEAN" else "text" if stored == "VARCHAR" or stored.startswith("ENUM(") else "other"


def reading_of(before: str, now: str) -> ColumnReading:
    """Return how columns of these types are pair."""
    if "NULL" in (before, now):
        return _with_nothing(before, now)
    kinds = kind_of(before), kind_of(now)
    if before == now:
        return ColumnReading(before=AS_IS, now=AS_IS, kind=kinds[0], settled=_settled(before))
    if kinds == ("number", "number"):
        common = _common_number(before, now)
        return ColumnReading(before=_as_number(before, common), now=_as_number(now, common), kind="number")
    if kinds == ("time", "time"):
        return ColumnReading(before=as_time(before), now=as_time(now), kind="time")
    if set(kinds) == {"boolean", "number"}:
        return ColumnReading(before=_flat_number(before), now=_flat_number(now), kind="number")
    if "text" in kinds and set(kinds) <= set(_TEXTS):
        other = next(kind for kind in kinds if kind != "text") if set(kinds) != {"text"} else "text"
        return ColumnReading(before=_as_text(before, other), now=_as_text(now, other), kind="text")
    return ColumnReading(before="CAST({0} AS VARCHAR)", now="CAST({0} AS VARCHAR)", kind="other")


def class_reading(before: Sequence[str], now: Sequence[str]) -> ColumnReading:
    """Return how codes of classes are held against each other, as the texts that they stand for on either side.

    >>> class_reading(("a", "it's"), ("a",)).now
    "['a', 'another class'][CAST(CASE WHEN isnan(CAST({0} AS DOUBLE)) THEN NULL ELSE CAST({0} AS DOUBLE) END AS INTEGER) + 1]"
    """
    return ColumnReading(before=class_text(before), now=class_text(now), kind="text")


def class_text(names: Sequence[str]) -> str:
    """Return SQL of the text that a code stands for."""
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in (*names, OTHER))
    return f"[{listed}][CAST({of(NO_NAN, 'CAST({0} AS DOUBLE)')} AS INTEGER) + 1]"


def _with_nothing(before: str, now: str) -> ColumnReading:
    """One side never holds a value."""
    other = next((one for one in (before, now) if one != "NULL"), "INTEGER")
    sides = [f"CAST(NULL AS {other})" if one == "NULL" else AS_IS for one in (before, now)]
    return ColumnReading(before=sides[0], now=sides[1], kind=kind_of(other), settled=_settled(other))


def _settled(stored: str) -> str:
    if stored in ("FLOAT", "DOUBLE"):
        return NO_NAN
    return "CAST({0} AS TIMESTAMP)" if stored == "TIMESTAMP_NS" else AS_IS


def _common_number(before: str, now: str) -> str:
    whole = before in INTEGERS and now in INTEGERS
    return "DOUBLE" if not whole else "HUGEINT" if any(one.startswith("UB") or "HUGE" in one for one in (before, now)) else "BIGINT"


def _as_number(stored: str, common: str) -> str:
    if stored == "DOUBLE":
        return NO_NAN
    if stored == "FLOAT":
        return OF_FLOAT
    return f"CAST({{0}} AS {common})"


def _flat_number(stored: str) -> str:
    return _as_number(stored, "DOUBLE") if stored != "BOOLEAN" else "CAST(CAST({0} AS INTEGER) AS DOUBLE)"


def as_time(stored: str) -> str:
    """Return SQL of a time in UTC without a zone, in microseconds; a text that says no time is NULL."""
    if stored == "VARCHAR":
        return "TRY_CAST({0} AS TIMESTAMP)"
    return "make_timestamp(epoch_us({0}))" if stored == "TIMESTAMP WITH TIME ZONE" else "CAST({0} AS TIMESTAMP)"


_TEXTS = {"number": TEXT_AS_NUMBER_TEXT, "boolean": TEXT_AS_BOOLEAN_TEXT, "time": TEXT_AS_TIME_TEXT, "text": "CAST({0} AS VARCHAR)"}


def _as_text(stored: str, other: ValueKind) -> str:
    """A value as the text that says it, where the other side stores text; a text as what it says in that kind."""
    kind = kind_of(stored)
    if kind == "text":
        return _TEXTS[other]
    if kind == "number":
        return "CAST({0} AS VARCHAR)" if stored in INTEGERS else NUMBER_TEXT.replace("{0}", f"({_as_number(stored, 'DOUBLE')})")
    return f"CAST({as_time(stored)} AS VARCHAR)" if kind == "time" else "CAST({0} AS VARCHAR)"
