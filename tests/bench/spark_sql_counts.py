"""The peer of a pass on Spark: the same bins counted by Spark SQL alone, as an engineer would write it who wants nothing but the counts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from keepfit.records import CategoricalProfile, NumericProfile

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from keepfit.profiles.layout import Layout

Counts = dict[str, tuple[int, ...]]


def counts_by_sql(session: SparkSession, table: str, layout: Layout) -> Counts:
    """Return each column's counts: numbers by bin, then those missing or infinite; categories in the layout's order, then the others, then NULL."""
    numbers = {name: column for name, column in layout.items() if isinstance(column, NumericProfile)}
    texts = {name: column for name, column in layout.items() if isinstance(column, CategoricalProfile)}
    return _numbers(session, table, numbers) | _texts(session, table, texts)


def _numbers(session: SparkSession, table: str, columns: Mapping[str, NumericProfile]) -> Counts:
    """One scan of aggregates; a CASE that finds each value its bin, grouped or stacked, takes half as long again."""
    asked = [part for name, column in columns.items() for part in _aggregates(name, column.edges)]
    row = iter(session.sql(f"SELECT count(*), {', '.join(asked)} FROM {table}").collect()[0])
    rows, found = next(row), {}
    for name, column in columns.items():
        finite, lowest, *at_most = (next(row) for _ in range(len(column.edges) + 2))
        bounds = (0, *(count - lowest for count in at_most), finite)
        found[name] = (*(after - before for before, after in pairwise(bounds)), rows - finite)
    return found


def _aggregates(name: str, edges: tuple[float, ...]) -> list[str]:
    """How many values are finite, minus infinity, and at most each edge."""
    finite, lowest = f"NOT isnan({name}) AND abs({name}) < double('infinity')", f"{name} = double('-infinity')"
    return [f"count_if({finite})", f"count_if({lowest})", *(f"count_if({name} <= {edge!r}D)" for edge in edges)]


def _texts(session: SparkSession, table: str, columns: Mapping[str, CategoricalProfile]) -> Counts:
    found: Counts = {}
    for name, column in columns.items():
        seen = dict(session.sql(f"SELECT {name}, count(*) FROM {table} GROUP BY {name}").collect())
        known = tuple(seen.get(category, 0) for category in column.categories)
        found[name] = (*known, sum(seen.values()) - sum(known) - seen.get(None, 0), seen.get(None, 0))
    return found
