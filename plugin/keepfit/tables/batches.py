"""Tables read in batches, more than once: in memory, from a file, from a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

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


@dataclass(frozen=True)
class SlicedRows(TableRows):
    """The rows of a table in memory in the batches in which a Parquet file's come, so that sums are added up in the same order.

    >>> [batch.num_rows for batch in SlicedRows(pa.table({"x": range(100_000)})).batches(["x"])]
    [65536, 34464]
    """

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield slices of these columns, about 4 million cells at a time; nothing is copied."""
        table, size = self.table.select(list(columns)), batch_rows(len(columns))
        for start in range(0, max(table.num_rows, 1), size):
            yield table.slice(start, size)


def batch_rows(columns: int) -> int:
    """Return how many rows a batch of so many columns has: about 4 million cells (32 MB), at least 1,024 rows.

    >>> batch_rows(20), batch_rows(2_000)
    (65536, 2097)
    """
    return min(BATCH_ROWS, max(BATCH_CELLS // max(columns, 1), 1 << 10))
