"""Tables read in batches: two passes over the reference (what to count on, then the counts), one over the current rows.

Memory is a batch, the layout's sample and the counts, whatever the number of rows. The second pass reads only what the first
could not count: numeric columns of more rows than the sample, and text of very many values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Protocol

import pyarrow as pa

from keepfit.monitor.arrow import Kind
from keepfit.monitor.layout import Layout, LayoutLearner
from keepfit.monitor.profile import update, zero
from keepfit.records import Profile

BATCH_ROWS = 1 << 16
BATCH_CELLS = 1 << 22


class Rows(Protocol):
    """A table that can be read in batches, more than once."""

    @property
    def schema(self) -> pa.Schema:
        """The columns' names and types, the same in every batch."""

    @property
    def rows_at_most(self) -> int:
        """How many rows there are, or an upper bound."""

    @property
    def columns_at_once(self) -> int:
        """How many columns a pass should ask for: a file of columns can be read in parts, one of lines is read whole each time."""

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows in the table's order."""


@dataclass(frozen=True)
class TableRows:
    """The rows of a table in memory.

    >>> rows = TableRows(pa.table({"x": [1, 2]}))
    >>> rows.rows_at_most, sum(batch.num_rows for batch in rows.batches(["x"]))
    (2, 2)
    """

    table: pa.Table

    @property
    def schema(self) -> pa.Schema:
        """The table's schema."""
        return self.table.schema

    @property
    def rows_at_most(self) -> int:
        """The table's rows."""
        return int(self.table.num_rows)

    @property
    def columns_at_once(self) -> int:
        """All: they are in memory already."""
        return max(len(self.table.column_names), 1)

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield the table, whole: it is in memory already."""
        yield self.table.select(list(columns))


def batch_rows(columns: int) -> int:
    """Return how many rows a batch of so many columns has: about 4 million cells (32 MB), at least 1,024 rows.

    >>> batch_rows(20), batch_rows(2_000)
    (65536, 2097)
    """
    return min(BATCH_ROWS, max(BATCH_CELLS // max(columns, 1), 1 << 10))


def profile_rows(rows: Rows, layout: Layout, window: str) -> Profile:
    """Return the profile of all rows on a layout, in one pass a group of columns."""
    parts = [reduce(update, rows.batches(group), zero({name: layout[name] for name in group}, window)) for group in _groups(layout, rows)]
    return _side_by_side(parts)


def profile_reference(rows: Rows, kinds: Mapping[str, Kind], window: str) -> Profile:
    """Return the rows' profile on the layout learned from them; raises what `learn_layout` raises.

    >>> profile_reference(TableRows(pa.table({"x": [1.0, 2.0, 2.0]})), {"x": "numeric"}, "ref").columns["x"].counts
    (0, 1, 2, 0)
    """
    return _side_by_side([_profile_group(rows, {name: kinds[name] for name in group}, window) for group in _groups(kinds, rows)])


def _profile_group(rows: Rows, kinds: Mapping[str, Kind], window: str) -> Profile:
    learner = LayoutLearner(kinds, rows.rows_at_most)
    for batch in rows.batches(list(kinds)):
        learner.add(batch)
    layout = learner.layout()
    counted = learner.counted(layout)
    left = {name: column for name, column in layout.items() if name not in counted}
    if left:
        counted |= profile_rows(rows, left, window).columns
    return Profile(window=window, rows=learner.rows, columns={name: counted[name] for name in layout})


def _groups(columns: Iterable[str], rows: Rows) -> list[list[str]]:
    names, size = list(columns), rows.columns_at_once
    return [names[start : start + size] for start in range(0, max(len(names), 1), size)]


def _side_by_side(parts: Sequence[Profile]) -> Profile:
    return replace(parts[0], columns={name: column for part in parts for name, column in part.columns.items()})
