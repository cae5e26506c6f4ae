"""The rows of the lowest ranks of each group, with all their columns: memory is what is asked for, whatever the number of rows that pass by.

The ranks are hashes, so how low a rank has to be to come among the lowest is known well before the rows are read; rows above that are dropped where
they are. Where that guess was too low the pass is run once more without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from keepfit.compose.drawing.count_trainable import NONE
from keepfit.compose.drawing.stays import CellStays
from keepfit.compose.drawing.trainable import Cell, Passed, TrainableRows
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
    """Rows with their ranks and groups, and all that passed by."""

    rank: Hashes
    group: Positions
    table: pa.Table
    passed: Passed = NONE


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
        return LowRows(none.astype(np.uint64), none, settled_schema(self.schema).empty_table())

    def add(self, state: LowRows, batch: pa.Table) -> LowRows:
        """Take in a batch."""
        found = self.trainable.of(batch.select(list(self._looked_at)), self._limits)
        group = np.array([self.stays.group.get(cell, -1) for cell in found.cells], dtype=np.int64)[found.cell]
        rows = settled(batch.take(from_numpy(found.at)))
        return self.join(state, LowRows(found.rank, group, rows, found.passed))

    def join(self, before: LowRows, after: LowRows) -> LowRows:
        """Keep the lowest of both."""
        rank, group = np.concatenate([before.rank, after.rank]), np.concatenate([before.group, after.group])
        both = LowRows(rank, group, pa.concat_tables([before.table, after.table]), before.passed + after.passed)
        return self._lowest(both) if len(rank) > 2 * int(self.stays.needed.sum()) + SPARE else both

    def picked(self, found: LowRows) -> pa.Table | None:
        """Return the rows that stay, in no order of theirs; None where the guess was too low."""
        if (np.bincount(found.group, minlength=len(self.stays.rows)) < self.stays.needed).any():
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
    def _limits(self) -> Mapping[Cell, int]:
        """How high a rank may be, by cell; where none is to stay, below all."""
        needed, rows = self.stays.needed.astype(np.float64), np.maximum(self.stays.rows, 1)
        share = (needed + SLACK * np.sqrt(needed) + LEAST) / rows if self.guess else np.ones(len(rows))
        highest = [HIGHEST if one >= 1 else int(one * HIGHEST) for one in share.tolist()]
        return {cell: highest[group] for cell, group in self.stays.group.items()}


def fetched(rows: Rows, trainable: TrainableRows, stays: CellStays, counted: Passed) -> pa.Table:
    """Return the rows that stay, with all their columns.

    Raises `DataError` where other rows passed by than were counted. Blind to labels that came between the two passes: they count as of the second.
    """
    look = FetchLowest(trainable, stays, rows.schema)
    found = _checked(run_pass(rows, look), counted)
    picked = look.picked(found)
    if picked is None:
        look = replace(look, guess=False)
        picked = look.picked(_checked(run_pass(rows, look), counted))
    if picked is None:
        raise _changed("labels that were there are not there any more")
    return picked


def _checked(found: LowRows, counted: Passed) -> LowRows:
    if found.passed != counted:
        raise _changed(f"{counted.rows:,} rows at first, {found.passed.rows:,} then" if counted.rows != found.passed.rows else "other rows, as many as before")
    return found


def _changed(what: str) -> DataError:
    return DataError(f"the source changed while rows were drawn: {what}", where="params.yaml: data.live", fix="the same command again")
