"""Tables of awkward values, types, names and shapes, each with what its values count as, written down by hand: what every engine has to agree on.

A category's text is that of Arrow's cast, a moment's its microsecond in UTC; a number counts as the float64 that is nearest.
"""

from __future__ import annotations

import math
import struct
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from keepfit.tables.arrow import Kind

ROWS = 36
SIX = 1_359_698_400
"""2013-02-01 06:00 in UTC."""
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
Counted = tuple[float | str | None, ...]


@dataclass(frozen=True)
class Awkward:
    """A column of `ROWS` rows and what each of them counts as: a float (NaN: missing) or a category (None: missing); nothing for one that only stands by."""

    values: pa.Array
    kind: Kind | None = None
    counts_as: Counted = ()


AwkwardTable = Mapping[str, Awkward]


def table_of(columns: AwkwardTable) -> pa.Table:
    """Return the columns as one table."""
    return pa.table({name: column.values for name, column in columns.items()})


def kinds_of(columns: AwkwardTable) -> dict[str, Kind]:
    """Return how the columns that count are counted."""
    return {name: column.kind for name, column in columns.items() if column.kind is not None}


def _rows(values: Iterable[Any]) -> list[Any]:
    """So many rows of the values, over and over."""
    several = list(values)
    return [several[row % len(several)] for row in range(ROWS)]


def numbers(values: Iterable[Any], type_: pa.DataType, *, read: Callable[[Any], float] = float) -> Awkward:
    """A column of numbers; NULL is missing."""
    rows = _rows(values)
    return Awkward(pa.array(rows, type_), "numeric", tuple(math.nan if value is None else read(value) for value in rows))


def categories(named: Iterable[tuple[Any, str | None]], type_: pa.DataType) -> Awkward:
    """A column of categories, of each value and its text."""
    rows = _rows(named)
    return Awkward(pa.array([value for value, _ in rows], type_), "categorical", tuple(text for _, text in rows))


def _single(value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])


# -- values -------------------------------------------------------------------------------------------------------------

EDGE = 1.0
DOUBLES = [
    *(math.nan, None, math.inf, -math.inf, 0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308),
    *(EDGE, math.nextafter(EDGE, 2), math.nextafter(EDGE, 0), 0.1, _single(0.1)),
]
SINGLES = [math.nan, None, math.inf, -math.inf, 0.0, -0.0, 0.1, 1.401298464324817e-45, 1.0, 1.0000001192092896, 16777216.0, 3.4028234663852886e38]
LARGE = [0, 2**53 - 1, 2**53, 2**53 + 1, 2**53 + 2, None, -(2**53) - 1]


def edge_numbers() -> AwkwardTable:
    """Numbers at the edges of their types and of each other's."""
    return {
        "double": numbers(DOUBLES, pa.float64()),
        "single": numbers(SINGLES, pa.float32(), read=_single),
        "half": numbers([0.5, -0.0, math.nan, None, 65504.0, math.inf, 0.0999755859375], pa.float16()),
        "int64": numbers([*LARGE, 2**63 - 1, -(2**63), -1], pa.int64()),
        "uint64": numbers([*(abs(value) if value else value for value in LARGE), 2**64 - 1, 2**63, 1], pa.uint64()),
        "int8": numbers([-128, 127, 0, None], pa.int8()),
        "uint32": numbers([2**32 - 1, 0, None, 1], pa.uint32()),
        "money": numbers([Decimal("0.10"), Decimal("-0.10"), Decimal("999999999999999999.99"), None, Decimal("9007199254740993.00")], pa.decimal128(20, 2)),
        "fine": numbers([Decimal("0.1000000001"), None, Decimal(-1), Decimal("1234567890123456789012345678.0000000001")], pa.decimal128(38, 10)),
        "flag": numbers([True, False, None, True], pa.bool_()),
        "nulls": numbers([None], pa.float64()),
        "nans": numbers([math.nan], pa.float64()),
        "untyped": numbers([None], pa.null()),
        "one value": numbers([7], pa.int32()),
        "some nans": numbers([math.nan, 3.5, math.nan, None], pa.float64()),
    }


def edge_categories() -> AwkwardTable:
    """Numbers, booleans and times as categories."""
    doubles = [(1.0, "1"), (1e7, "10000000"), (1e-5, "0.00001"), (-0.0, "-0"), (0.0, "0"), (math.nan, None), (None, None), (1e17, "1e+17"), (math.inf, "inf")]
    singles = [(0.1, "0.1"), (1.0, "1"), (-0.0, "-0"), (16777216.0, "16777216"), (1e-7, "1e-7"), (None, None), (math.nan, None)]
    moments = {
        f"{unit} {zone or 'plain'}": categories(
            [(SIX * each, "2013-02-01 06:00:00.000000"), (None, None), (-each, "1969-12-31 23:59:59.000000"), (0, "1970-01-01 00:00:00.000000")],
            pa.timestamp(unit, zone),
        )
        for unit, each in UNITS.items()
        for zone in (None, "UTC", "Europe/Berlin")
    }
    return {
        "double": categories(doubles, pa.float64()),
        "single": categories(singles, pa.float32()),
        "int64": categories([(2**53, "9007199254740992"), (2**53 + 1, "9007199254740993"), (-(2**63), "-9223372036854775808"), (None, None)], pa.int64()),
        "uint64": categories([(2**64 - 1, "18446744073709551615"), (2**64 - 2, "18446744073709551614"), (0, "0")], pa.uint64()),
        "money": categories([(Decimal("1.50"), "1.50"), (Decimal("-0.10"), "-0.10"), (None, None), (Decimal("0.00"), "0.00")], pa.decimal128(20, 2)),
        "flag": categories([(True, "true"), (False, "false"), (None, None)], pa.bool_()),
        "untyped": categories([(None, None)], pa.null()),
        "day": categories(
            [(date(2013, 2, 1), "2013-02-01"), (None, None), (date(1969, 12, 31), "1969-12-31"), (date(9999, 12, 31), "9999-12-31")], pa.date32()
        ),
        "micro": categories([(SIX * 10**6 + 1, "2013-02-01 06:00:00.000001"), (SIX * 10**6, "2013-02-01 06:00:00.000000")], pa.timestamp("us")),
        "milli": categories([(SIX * 10**3 + 1, "2013-02-01 06:00:00.001000"), (SIX * 10**3, "2013-02-01 06:00:00.000000")], pa.timestamp("ms")),
        **moments,
    }


TEXTS = ["a", "a ", "A", " a", "", "nan", "NaN", "NULL", "None", "a\nb", "a\tb", "a\0b", "\0", "a", "\u00e9", "e\u0301", "\u65e5\u672c", "\U0001f642", None]
SENTENCES = ["late again, and nobody said why", "all fine", None, "", "the second letter never came"]


def edge_texts() -> AwkwardTable:
    """Texts that are nearly equal, in every type that holds texts; sentences, too."""
    named = [(text, text) for text in TEXTS]
    few = [("b", "b"), ("a ", "a "), (None, None), ("", ""), ("b", "b")]
    return {
        "text": categories(named, pa.string()),
        "large": categories(named, pa.large_string()),
        "view": categories(named, pa.string_view()),
        "coded": Awkward(categories(named, pa.string()).values.dictionary_encode(), "categorical", categories(named, pa.string()).counts_as),
        "few": Awkward(categories(few, pa.string()).values.dictionary_encode(), "categorical", categories(few, pa.string()).counts_as),
        "nulls": categories([(None, None)], pa.string()),
        "empty": categories([("", "")], pa.string()),
        "many": categories([(f"t{row}", f"t{row}") for row in range(ROWS)], pa.string()),
        "sentences": Awkward(pa.array(_rows(SENTENCES), pa.string()), "text"),
    }


EVERYTHING = "everything"
NAMES = [
    "a.b",
    "with space",
    'quo"te',
    "select",
    "tick`s",
    "it's",
    "a\\b",
    "semi;colon",
    "Umlaut-\u00dc",
    "c0",
    "count",
    "%s",
    "{x}",
    "0",
    "line\nbreak",
    "x",
    "X",
]


def odd_names() -> AwkwardTable:
    """A number in a column of each name, each of them others; `x` beside `X`."""
    return {name: numbers([place, place + 0.5, None, -place], pa.float64()) for place, name in enumerate(NAMES, start=1)}


def odd_types() -> AwkwardTable:
    """One column of each type that some engine does not know, beside two that all do; those of no kind only stand by."""
    quarters = [(time(6, 0, 1), "06:00:01.000000"), (None, None)]
    return {
        "x": numbers([1, 2, None], pa.int64()),
        "time": categories(quarters, pa.time64("us")),
        "clock": categories([(time(6, 0, 1), "06:00:01.000"), (None, None)], pa.time32("ms")),
        "half": categories([(0.5, "0.5"), (None, None), (-0.0, "-0")], pa.float16()),
        "wide": numbers([Decimal("1.50"), None, Decimal("12345678901234567890123456789012345678901.25")], pa.decimal256(50, 2)),
        "nanos": categories([(1_500, "1970-01-01 00:00:00.000001"), (None, None)], pa.timestamp("ns")),
        "id": Awkward(pa.ExtensionArray.from_storage(pa.uuid(), pa.array(_rows([uuid.UUID(int=2**127 + 1).bytes, None]), pa.binary(16)))),
        "while": Awkward(pa.array(_rows([timedelta(days=1), None]), pa.duration("us"))),
        "bytes": Awkward(pa.array(_rows([b"\xff\x00", None]), pa.binary())),
        "two bytes": Awkward(pa.array(_rows([b"\xff\x00", None]), pa.binary(2))),
        "list": Awkward(pa.array(_rows([[1.5], [], None]), pa.list_(pa.float64()))),
        "record": Awkward(pa.array(_rows([{"a.b": 1, "a b": None}, None]), pa.struct({"a.b": pa.int64(), "a b": pa.string()}))),
        "map": Awkward(pa.array(_rows([[("k", 1)], None]), pa.map_(pa.string(), pa.int8()))),
        "c": categories([("a", "a"), (None, None)], pa.string()),
    }


def many_values() -> AwkwardTable:
    """Numbers of more values than there are bins, with ties, NaN, NULL and the infinities among them; texts of which most are rare."""
    rng = np.random.default_rng(0)
    normal = [None if row % 7 == 0 else math.nan if row % 11 == 0 else math.inf if row % 13 == 0 else float(rng.normal()) for row in range(ROWS)]
    return {
        "normal": numbers(normal, pa.float64()),
        "single": numbers([None if value is None else _single(value) for value in normal], pa.float32(), read=_single),
        "steps": numbers([row // 2 for row in range(ROWS)], pa.int16()),
        "cents": numbers([Decimal(row) / 100 for row in range(ROWS)], pa.decimal128(20, 2)),
        "rare": categories([(f"v{row % 30:02}", f"v{row % 30:02}") for row in range(ROWS)], pa.string()),
    }


THEMES: Mapping[str, Callable[[], AwkwardTable]] = {
    "numbers": edge_numbers,
    "categories": edge_categories,
    "texts": edge_texts,
    "names": odd_names,
    "types": odd_types,
    "many values": many_values,
}


UNREAD_BY_SPARK = (
    *("numbers: half", "types: half", "types: time", "types: clock", "types: wide", "types: id"),
    *("types: nanos", "categories: ns plain", "categories: ns UTC", "categories: ns Europe/Berlin", "types: while"),
)
"""Columns of everything of which one makes Spark refuse the whole Parquet file (float16, times of day, wide decimals, UUIDs, nanoseconds), and durations,
which it takes for whole numbers."""


def everything() -> AwkwardTable:
    """The columns of all themes side by side: one table, for engines whose jobs cost more than their columns."""
    return {name if theme == "names" else f"{theme}: {name}": column for theme, make in THEMES.items() for name, column in make().items()}


# -- shapes -------------------------------------------------------------------------------------------------------------


def write_in_parts(table: pa.Table, folder: Path) -> Path:
    """Write the table as files of several row groups, the second file without a row; return the folder."""
    for number, rows in enumerate((table.slice(0, 10), table.slice(0, 0), table.slice(10, 1), table.slice(11))):
        write_table(rows, folder / f"part-{number}.parquet", row_group_size=7)
    return folder


def write_table(rows: pa.Table | Mapping[str, Any], path: Path, **how: Any) -> None:
    """Write a Parquet file, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table(rows), path, **how)


def _column(kind: Kind, type_: pa.DataType, values: Sequence[Any], texts: Sequence[str | None] | None = None) -> Awkward:
    """A column as it is read: numbers count as themselves, categories as their texts or as themselves."""
    counts = [math.nan if value is None else float(value) for value in values] if kind == "numeric" else list(values if texts is None else texts)
    return Awkward(pa.array(values, type_), kind, tuple(counts))


def no_rows(folder: Path) -> AwkwardTable:
    """A folder whose only file has no row."""
    write_table({"x": pa.array([], pa.float64()), "c": pa.array([], pa.string())}, folder / "a.parquet")
    return {"x": _column("numeric", pa.float64(), []), "c": _column("categorical", pa.string(), [])}


def one_row(folder: Path) -> AwkwardTable:
    """A folder of one row, a NaN in it."""
    write_table({"x": pa.array([math.nan]), "y": [2**53 + 1], "c": [""]}, folder / "a.parquet")
    return {"x": _column("numeric", pa.float64(), [math.nan]), "y": _column("numeric", pa.int64(), [2**53 + 1]), "c": _column("categorical", pa.string(), [""])}


def partitions(folder: Path) -> AwkwardTable:
    """Partitions within partitions: months with their zeros, one that is missing, names with a space and a slash, one without a row."""
    for place, rows in (("m=01/k=a%20b", [1.0, None]), ("m=02/k=a%2Fb", []), ("m=1/k=x", [3.0]), ("m=__HIVE_DEFAULT_PARTITION__/k=x", [4.0, 4.0])):
        write_table({"x": pa.array(rows, pa.float64())}, folder / place / "part.parquet")
    months, keys = ["01", "01", "1", None, None], ["a b", "a b", "x", "x", "x"]
    return {
        "x": _column("numeric", pa.float64(), [1.0, None, 3.0, 4.0, 4.0]),
        "m": _column("categorical", pa.string(), months),
        "k": _column("categorical", pa.string(), keys),
    }


def other_types_later(folder: Path) -> AwkwardTable:
    """Types that change from file to file: int32 before int64, whole numbers before fractions and text, a dictionary after texts, a column that comes later."""
    first = {
        "i": pa.array([1, None], pa.int32()),
        "f": [1, 2**53 + 1],
        "t": [7, None],
        "d": ["a", None],
        "n": pa.nulls(2),
        "m": pa.array([1, 2], pa.timestamp("ms")),
    }
    later = {
        "i": [2**40, -1],
        "f": [0.5, math.nan],
        "t": ["x", "7"],
        "d": pa.array(["b", "a"]).dictionary_encode(),
        "n": [1, 2],
        "m": pa.array([1, 0], pa.timestamp("us")),
    }
    write_table(first, folder / "a.parquet")
    write_table(later | {"late": [1.5, None]}, folder / "b.parquet")
    moments = ["1970-01-01 00:00:00.001000", "1970-01-01 00:00:00.002000", "1970-01-01 00:00:00.000001", "1970-01-01 00:00:00.000000"]
    return {
        "i": _column("numeric", pa.int64(), [1, None, 2**40, -1]),
        "f": _column("numeric", pa.float64(), [1.0, float(2**53), 0.5, math.nan]),
        "t": _column("categorical", pa.string(), ["7", None, "x", "7"]),
        "d": _column("categorical", pa.string(), ["a", None, "b", "a"]),
        "n": _column("numeric", pa.int64(), [None, None, 1, 2]),
        "m": _column("categorical", pa.timestamp("us"), [1_000, 2_000, 1, 0], moments),
        "late": _column("numeric", pa.float64(), [None, None, 1.5, None]),
    }


def many_row_groups(folder: Path) -> AwkwardTable:
    """A row group a row, and after it one row group of more rows than a batch holds."""
    few, many = [float(row % 3) for row in range(9)], [float(row % 40) for row in range(70_000)]
    write_table({"x": few, "c": list(map(str, few))}, folder / "a.parquet", row_group_size=1)
    write_table({"x": many, "c": list(map(str, many))}, folder / "b.parquet")
    values = few + many
    return {"x": _column("numeric", pa.float64(), values), "c": _column("categorical", pa.string(), list(map(str, values)))}


def written_by_others(folder: Path) -> AwkwardTable:
    """Files that Polars and DuckDB wrote, and times as Spark writes them (INT96), of a year beyond what nanoseconds hold."""
    import duckdb
    import polars as pl

    end, text = 253_402_214_400_000_000, "9999-12-31 00:00:00.000000"
    rows = {"x": [math.nan, None, 1.5, -0.0], "c": ["a", None, "", "a "], "b": [True, None, False, True], "t": [end, 0, None, end]}
    frame = pl.DataFrame(rows).with_columns(pl.col("t").cast(pl.Datetime("us")))
    folder.mkdir(parents=True)
    frame.write_parquet(folder / "a.parquet")
    typed = pa.table(rows).set_column(3, "t", pa.array(rows["t"], pa.timestamp("us")))
    duckdb.connect().from_arrow(typed).write_parquet(str(folder / "b.parquet"))
    write_table(typed, folder / "c.parquet", use_deprecated_int96_timestamps=True)
    return {
        "x": _column("numeric", pa.float64(), rows["x"] * 3),
        "c": _column("categorical", pa.string(), rows["c"] * 3),
        "b": _column("categorical", pa.bool_(), rows["b"] * 3, ["true", None, "false", "true"] * 3),
        "t": _column("categorical", pa.timestamp("us"), rows["t"] * 3, [text, "1970-01-01 00:00:00.000000", None, text] * 3),
    }


SHAPES: Mapping[str, Callable[[Path], AwkwardTable]] = {
    "no rows": no_rows,
    "one row": one_row,
    "partitions": partitions,
    "other types later": other_types_later,
    "many row groups": many_row_groups,
    "written by others": written_by_others,
}


def write_theme(name: str, folder: Path) -> AwkwardTable:
    """Write the tables of a theme or shape into a new folder; return its columns as they are read."""
    if name in SHAPES:
        return SHAPES[name](folder)
    columns = everything() if name == EVERYTHING else THEMES[name]()
    write_in_parts(table_of(columns), folder)
    return columns
