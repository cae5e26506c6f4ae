"""How many rows of a source may train, by cell, and the lowest ranks of each: all that a recipe's quotas have to know of rows that nobody fetches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from keepfit.compose.drawing.trainable import Cell, Passed, TrainableRows
from keepfit.compose.draws import Hashes

NONE = Passed()


@dataclass(frozen=True)
class CellRows:
    """How many rows a cell has, and the lowest of their ranks, ascending: as many as a floor may keep."""

    rows: int
    lowest: Hashes

    def joined(self, other: CellRows, most: int) -> CellRows:
        """Return both as one cell."""
        return CellRows(self.rows + other.rows, np.sort(np.concatenate([self.lowest, other.lowest]))[:most])


@dataclass(frozen=True)
class CountedRows:
    """The rows that may train, by cell, and all that passed by."""

    cells: Mapping[Cell, CellRows] = field(default_factory=dict)
    passed: Passed = NONE


@dataclass(frozen=True)
class CountTrainable:
    """A pass that counts what may train by cell, and keeps the `lowest` ranks of each cell."""

    trainable: TrainableRows
    there: Sequence[str]
    lowest: int = 0
    columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", self.trainable.columns(self.there))

    def start(self, first_row: int) -> CountedRows:  # noqa: ARG002 - a row is what it is, wherever it stands
        """No row."""
        return CountedRows()

    def add(self, state: CountedRows, batch: pa.Table) -> CountedRows:
        """Take in a batch."""
        found = self.trainable.of(batch)
        counts = np.bincount(found.cell, minlength=len(found.cells))
        rank = found.rank[np.lexsort((found.rank, found.cell))] if self.lowest else found.rank[:0]
        starts = np.cumsum(counts) - counts
        fresh = {
            cell: CellRows(int(rows), rank[start : start + min(rows, self.lowest)].copy())
            for cell, rows, start in zip(found.cells, counts.tolist(), starts.tolist(), strict=True)
            if rows
        }
        return self.join(state, CountedRows(fresh, found.passed))

    def join(self, before: CountedRows, after: CountedRows) -> CountedRows:
        """Add up, cell by cell."""
        both = dict(before.cells)
        for cell, rows in after.cells.items():
            both[cell] = both[cell].joined(rows, self.lowest) if cell in both else rows
        return CountedRows(both, before.passed + after.passed)
