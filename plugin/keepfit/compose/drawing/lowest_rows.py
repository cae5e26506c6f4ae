"""The rows of the lowest ranks of each group, with all their columns: memory is what is asked for, whatever the number of rows that pass by.

The ranks are hashes, so how low a rank has to be to come among the lowest is known well before the rows are read; rows above that are dropped where
they are. Where that guess was too low the pass is run once more without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from keepfit.compose.allotment import Counts
from keepfit.compose.drawing.stays import CellStays
from keepfit.compose.drawing.trainable import TrainableRows
from keepfit.compose.draws import Hashes
from keepfit.compose.sources import Positions
from keepfit.errors import DataError
from keepfit.tables.batches import Rows
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.passes import run_pass
from keepfit.tables.settled import settled, settled_schema

SLACK, LEAST, HIGHEST = 8.0, 64, 2**64 - 1
SPARE = 1 << 16


@dataclass(frozen=True)
class LowRows:
    """Rows with their ranks and groups, and how many rows of each group have passed by."""

    rank: Hashes
    group: Positions
    table: pa.Table
    seen: Counts


@dataclass(frozen=True)
class FetchLowest:
    """A pass that keeps of each group the rows of its lowest ranks, as many as are needed for those that stay."""

    trainable: TrainableRows
    stays: CellStays
    schema: pa.Schema
    guess: bool = True
    columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.schema.names))

    def start(self, first_row: int) -> LowRows:  # noqa: ARG002 - a row is what it is, wherever it stands
        """No row."""
        none = np.zeros(0, np.int64)
        return LowRows(none.astype(np.uint64), none, settled_schema(self.schema).empty_table(), np.zeros_like(self.stays.rows))

    def add(self, state: LowRows, batch: pa.Table) -> LowRows:
        """Take in a batch."""
        found = self.trainable.of(batch.select(list(self._looked_at)))
        group = np.array([self.stays.group.get(cell, -1) for cell in found.cells], dtype=np.int64)[found.cell]
        seen = np.bincount(group[group >= 0], minlength=len(self.stays.rows))
        near = np.flatnonzero((group >= 0) & (found.rank <= self._limits[group]))
        rows = settled(batch.take(from_numpy(found.at[near])))
        return self.join(state, LowRows(found.rank[near], group[near], rows, seen))

    def join(self, before: LowRows, after: LowRows) -> LowRows:
        """Keep the lowest of both."""
        rank, group = np.concatenate([before.rank, after.rank]), np.concatenate([before.group, after.group])
        both = LowRows(rank, group, pa.concat_tables([before.table, after.table]), before.seen + after.seen)
        return self._lowest(both) if len(rank) > 2 * int(self.stays.needed.sum()) + SPARE else both

    def picked(self, found: LowRows) -> pa.Table | None:
        """Return the rows that stay, in no order of theirs; None where the guess was too low.

        Raises `DataError` where other rows passed by than were counted.
        """
        if not np.array_equal(found.seen, self.stays.rows):
            what = f"the source changed while rows were drawn: {int(self.stays.rows.sum()):,} may train at first, {int(found.seen.sum()):,} then"
            raise DataError(what, where="params.yaml: data.live", fix="the same command again")
        if (np.bincount(found.group, minlength=len(found.seen)) < self.stays.needed).any():
            return None
        return found.table.take(from_numpy(self.stays.among(found.rank, found.group)))

    def _lowest(self, both: LowRows) -> LowRows:
        order = np.lexsort((both.rank, both.group))
        rows = np.bincount(both.group, minlength=len(self.stays.rows))
        of = both.group[order]
        keep = np.sort(order[np.arange(len(order)) - (np.cumsum(rows) - rows)[of] < self.stays.needed[of]])
        return replace(both, rank=both.rank[keep], group=both.group[keep], table=both.table.take(from_numpy(keep)).combine_chunks())

    @cached_property
    def _looked_at(self) -> tuple[str, ...]:
        return self.trainable.columns(self.columns)

    @cached_property
    def _limits(self) -> Hashes:
        """How high a rank may be, by group; the last is of rows that are of none."""
        needed, rows = self.stays.needed.astype(np.float64), np.maximum(self.stays.rows, 1)
        share = (needed + SLACK * np.sqrt(needed) + LEAST) / rows if self.guess else np.ones(len(rows))
        found = [HIGHEST if one >= 1 else int(one * HIGHEST) for one in share.tolist()]
        return np.array([*found, 0], dtype=np.uint64)


def fetched(rows: Rows, trainable: TrainableRows, stays: CellStays, columns: Sequence[str]) -> pa.Table:
    """Return the rows that stay, with these columns; raises `DataError` where the source changed since they were counted."""
    look = FetchLowest(trainable, stays, pa.schema([rows.schema.field(name) for name in columns]))
    found = look.picked(run_pass(rows, look))
    if found is None:
        look = replace(look, guess=False)
        found = look.picked(run_pass(rows, look))
    if found is None:
        raise DataError("the source changed while rows were drawn", where="params.yaml: data.live", fix="the same command again")
    return found
