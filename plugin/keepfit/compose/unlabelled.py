"""Windows whose rows came without a target, as where people alone give labels: each with an empty one, wherever its rows lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from keepfit.compose.sources import WideRows, column_names
from keepfit.tables.set_labels import with_target


@dataclass(frozen=True)
class WithTarget:
    """The rows of a window that has no target, with an empty one."""

    rows: WideRows
    target: str

    @property
    def schema(self) -> pa.Schema:
        """Names and types of the columns."""
        return self.rows.schema.append(pa.field(self.target, pa.float64()))

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return self.rows.num_rows

    def select(self, columns: list[str]) -> pa.Table:
        """Return these columns of all rows."""
        others = [name for name in columns if name != self.target]
        empty = pa.table({self.target: pa.nulls(self.num_rows, pa.float64())})
        return (with_target(self.rows.select(others), self.target) if others else empty).select(columns)

    def drop_columns(self, columns: list[str]) -> WideRows:
        """Return the rows without these columns."""
        rows = self.rows.drop_columns([name for name in columns if name != self.target])
        return rows if self.target in columns else WithTarget(rows, self.target)

    def to_reader(self, max_chunksize: int | None = None) -> pa.RecordBatchReader:
        """Return what reads all columns of all rows in their order, at most so many rows at a time."""

        def batches() -> Iterator[pa.RecordBatch]:
            for batch in self.rows.to_reader(max_chunksize):
                yield from with_target(pa.Table.from_batches([batch]), self.target).to_batches()

        return pa.RecordBatchReader.from_batches(self.schema, batches())


def with_targets(tables: Mapping[str, WideRows], target: str) -> Mapping[str, WideRows]:
    """Return the windows; where none of them has a target, each with an empty one."""
    return tables if target in column_names(tables) else {name: WithTarget(rows, target) for name, rows in tables.items()}
