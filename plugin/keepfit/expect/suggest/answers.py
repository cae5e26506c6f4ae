"""What an expectation says of a window, answered from the window's facts: pass, fail, or None where they do not tell.

The types that `keepfit suggest` proposes, and what of other people's lines can be answered as cheaply; everything else is None and has to be asked of the
library. A test holds each answer against Great Expectations on the same rows.

>>> facts = WindowFacts(window="2013-02", rows=4, columns={"x": ColumnFacts(kind="number", n=3, missing=1)})
>>> answer(PRESENT, {"column": "x", "mostly": 0.8}, facts), answer(ROWS, {"min_value": 4}, facts), answer("expect_a_query", {}, facts)
(False, True, None)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from keepfit.expect.suggest.facts import ColumnFacts, WindowFacts

EXISTS = "expect_column_to_exist"
ROWS = "expect_table_row_count_to_be_between"
PRESENT = "expect_column_values_to_not_be_null"
MEAN, STDEV = "expect_column_mean_to_be_between", "expect_column_stdev_to_be_between"
BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
UNIQUE, ROWS_UNIQUE = "expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"
OTHERWISE = frozenset({"column", "column_list", "mostly", "min_value", "max_value", "value_set"})
"""What an answer knows of; a line with any other argument (a condition on rows, a strict bound) is the library's."""


def observed(kind: str, kwargs: Mapping[str, Any], facts: WindowFacts) -> float | None:
    """Return what the library would observe: a share of rows, a mean, a spread, a number of rows; None where the facts do not tell."""
    if kwargs.keys() - OTHERWISE:
        return None
    if kind == EXISTS:
        return float(str(kwargs.get("column")) in facts.columns)
    if kind == ROWS:
        return float(facts.rows)
    if kind in (UNIQUE, ROWS_UNIQUE):
        key = (str(kwargs["column"]),) if kind == UNIQUE else tuple(kwargs["column_list"])
        return 1 - facts.copies[key] / facts.rows if key in facts.copies and facts.rows else None
    column = facts.columns.get(str(kwargs.get("column")))
    return None if column is None or kind not in OF_COLUMN else OF_COLUMN[kind](column, kwargs)


def answer(kind: str, kwargs: Mapping[str, Any], facts: WindowFacts) -> bool | None:
    """Return whether the window meets the expectation; None where its facts do not tell."""
    value = observed(kind, kwargs, facts)
    if value is None:
        return None
    if kind in (ROWS, MEAN, STDEV):
        low, high = kwargs.get("min_value"), kwargs.get("max_value")
        return (low is None or value >= low) and (high is None or value <= high)
    return value >= float(kwargs.get("mostly", 1))


def _present(column: ColumnFacts, _: Mapping[str, Any]) -> float | None:
    rows = column.n + column.missing
    return column.n / rows if rows else None


def _in_set(column: ColumnFacts, kwargs: Mapping[str, Any]) -> float | None:
    wanted: Collection[object] = kwargs.get("value_set") or ()
    if column.counts is None or not column.n:
        return None
    return sum(count for value, count in column.counts.items() if value in wanted) / column.n


def _between(column: ColumnFacts, kwargs: Mapping[str, Any]) -> float | None:
    """Of a range only whether all values lie in it: 1 or 0."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if "mostly" in kwargs or column.low is None or column.high is None or not all(isinstance(bound, int | float | None) for bound in (low, high)):
        return None
    return float((low is None or column.low >= low) and (high is None or column.high <= high))


OF_COLUMN: Mapping[str, Callable[[ColumnFacts, Mapping[str, Any]], float | None]] = {
    PRESENT: _present,
    MEAN: lambda column, _: column.mean,
    STDEV: lambda column, _: column.stdev,
    IN_SET: _in_set,
    BETWEEN: _between,
}
