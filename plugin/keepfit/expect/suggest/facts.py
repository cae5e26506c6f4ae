"""What expectations ask of a window, counted once: rows, values that are missing, mean and spread, how often each category is there, rows that repeat.

One pass of Arrow over each column; every line that is considered is then judged on these few numbers, not by the library on the rows. They are what Great
Expectations 1.24 observes on the same rows in pandas: NaN is missing, the spread is of n - 1, a row that has a copy repeats as its copy does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.records import Window

MOST_VALUES = 200
"""A column of more values than these is no list that a person reviews."""
Kind = Literal["number", "category", "other"]
Value = str | int | float


@dataclass(frozen=True, kw_only=True)
class ColumnFacts:
    """A column of a window: `n` rows have a value, `missing` have none. Of numbers the mean and the spread (n - 1), None where they are not finite.

    `counts` says how often each value is there, None of a column that is no category or has too many; `distinct` how many there are.
    """

    kind: Kind
    n: int
    missing: int
    mean: float | None = None
    stdev: float | None = None
    low: float | None = None
    high: float | None = None
    distinct: int = 0
    counts: Mapping[Value, int] | None = None


@dataclass(frozen=True, kw_only=True)
class WindowFacts:
    """A window: its rows, when it begins and over how many `days` it goes (None: not known), its columns, and by which columns how many rows have a copy."""

    window: str
    rows: int
    start: datetime | None = None
    days: float | None = None
    columns: Mapping[str, ColumnFacts]
    copies: Mapping[tuple[str, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FactsAsked:
    """What is counted of a table: all columns but those `left_out`, those of `categories` value by value, and the copies of rows by each of `keys`.

    Of `hidden` columns only which rows have a value: their own are not to be shown, or are free text.
    """

    left_out: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    keys: tuple[tuple[str, ...], ...] = ()


def facts_of(table: pa.Table, window: Window, asked: FactsAsked) -> WindowFacts:
    """Return what is to be known of a window's rows.

    >>> table = pa.table({"x": [1.0, None, 3.0], "of": ["a", "b", "a"]})
    >>> found = facts_of(table, Window(id="2013-02", source="live"), FactsAsked(keys=(("of",),)))
    >>> found.columns["x"].mean, found.columns["x"].missing, dict(found.columns["of"].counts), found.copies
    (2.0, 1, {'a': 2, 'b': 1}, {('of',): 2})
    """
    names = [name for name in table.column_names if name not in asked.left_out and not name.startswith("_")]
    return WindowFacts(
        window=window.id,
        rows=table.num_rows,
        start=window.start,
        days=None if window.start is None or window.end is None else (window.end - window.start) / timedelta(days=1),
        columns={name: _present(table[name]) if name in asked.hidden else _column(table[name], as_category=name in asked.categories) for name in names},
        copies={key: _copies(table, key) for key in asked.keys if set(key) <= set(table.column_names)},
    )


def known_values(facts: Collection[WindowFacts], column: str) -> set[Value] | None:
    """Return every value that the windows have in a column; None where one of them has too many to list."""
    found: set[Value] = set()
    for one in facts:
        counts = one.columns[column].counts
        if counts is None:
            return None
        found |= counts.keys()
    return found if len(found) <= MOST_VALUES else None


def unlistable(facts: Sequence[WindowFacts]) -> list[str]:
    """Return the columns of words that have too many different ones to be listed, or get new ones with every window."""
    words = [name for name in facts[0].columns if all(name in one.columns and one.columns[name].kind == "category" for one in facts)] if facts else []
    return [name for name in words if known_values(facts, name) is None]


def _column(values: pa.ChunkedArray, *, as_category: bool) -> ColumnFacts:
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if pa.types.is_dictionary(values.type):
        values = values.cast(kind)
    if pa.types.is_floating(kind):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, kind), values)
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or (as_category and number and not pa.types.is_decimal(kind)):
        return _category(values)
    return _number(values) if number else _present(values)


def _present(values: pa.ChunkedArray) -> ColumnFacts:
    return ColumnFacts(kind="other", n=len(values) - values.null_count, missing=values.null_count)


def _number(values: pa.ChunkedArray) -> ColumnFacts:
    there = values.drop_null().cast(pa.float64())
    n = len(there)
    if not n or not pc.all(pc.is_finite(there)).as_py():
        return ColumnFacts(kind="number", n=n, missing=values.null_count)
    span = pc.min_max(there).as_py()
    return ColumnFacts(
        kind="number",
        n=n,
        missing=values.null_count,
        mean=pc.mean(there).as_py(),
        stdev=pc.stddev(there, ddof=1).as_py() if n > 1 else None,
        low=span["min"],
        high=span["max"],
        distinct=pc.count_distinct(there).as_py(),
    )


def _category(values: pa.ChunkedArray) -> ColumnFacts:
    there = values.drop_null()
    counted = pc.value_counts(there)
    few = len(counted) <= MOST_VALUES
    counts = {one["values"]: one["counts"] for one in counted.to_pylist()} if few else None
    return ColumnFacts(kind="category", n=len(there), missing=values.null_count, distinct=len(counted), counts=counts)


def _copies(table: pa.Table, key: tuple[str, ...]) -> int:
    """How many rows have the same values in these columns as another row."""
    groups = table.select(list(key)).group_by(list(key)).aggregate([([], "count_all")])
    counts = groups["count_all"]
    return int(pc.sum(pc.if_else(pc.greater(counts, 1), counts, 0)).as_py() or 0)
