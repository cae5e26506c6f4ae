"""Rows of a table drawn where it lies: those whose ids have the lowest ranks, however the table is cut.

A pass brings every row whose rank is not above a bound that is chosen to let a few more through than are wanted; of these the lowest stay. So the rows of
one id are drawn together, and an id that is there twice among them is found. Blind to one that is not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.draws import Hashes, ranks, row_hashes
from keepfit.tables.columns import ROW_ID
from keepfit.tables.features import taken_apart, with_numbers
from keepfit.tables.plain import decoded
from keepfit.tables.row_ids import keys_of, with_ids
from keepfit.tables.targets import number_names
from keepfit.tables.times import normalise_time

if TYPE_CHECKING:
    from keepfit.params import Params

DRAW = "a window's sample"
ALL = 2**64 - 1
REPEAT = r"-\d+$"
SLACK = 6.0
"""So many standard deviations more are let through than are wanted."""


@dataclass(frozen=True)
class BroughtRows:
    """Rows that a pass brings here, in the order of the table, and how many of those that it saw have no id.

    They hold no dictionaries: one of a column of ids would bring those of all rows along.
    """

    tables: tuple[pa.Table, ...] = ()
    unnamed: int = 0

    def __add__(self, other: BroughtRows) -> BroughtRows:
        """Both, one below the other."""
        return BroughtRows((*self.tables, *other.tables), self.unnamed + other.unnamed)

    def table(self, schema: pa.Schema) -> pa.Table:
        """Return them as one table of these columns and types."""
        return pa.concat_tables([one.cast(schema) for one in self.tables]) if self.tables else schema.empty_table()


@dataclass(frozen=True, kw_only=True)
class DrawRows:
    """A pass that brings the rows (these columns) whose rank is at most `bound`."""

    columns: tuple[str, ...]
    params: Params
    bound: int = ALL

    def start(self, first_row: int) -> BroughtRows:  # noqa: ARG002 - where a part begins is nothing to it
        """Nothing yet."""
        return BroughtRows()

    def add(self, state: BroughtRows, batch: pa.Table) -> BroughtRows:
        """Take in a batch's rows."""
        if not batch.num_rows:
            return state
        if self.bound >= ALL:
            return state + BroughtRows((decoded(batch),))
        keys = base_ids(batch, self.params)
        kept = batch.filter(pa.array(draw_ranks(keys) <= np.uint64(self.bound)))
        return state + BroughtRows((decoded(kept),) if kept.num_rows else (), keys.null_count)

    def join(self, before: BroughtRows, after: BroughtRows) -> BroughtRows:
        """Both."""
        return before + after


@dataclass(frozen=True, kw_only=True)
class RowsOfIds:
    """A pass that brings the rows (these columns) of some ids; rows that repeat another come where that one does."""

    columns: tuple[str, ...]
    params: Params
    ids: pa.Array

    @classmethod
    def of(cls, columns: Sequence[str], params: Params, ids: Collection[str] | pa.ChunkedArray) -> RowsOfIds:
        """Ask for the rows of these ids; of ids that are made from content without the number of a repeat."""
        texts = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else pa.array(list(ids), pa.string())
        made = params.data.id is None and ROW_ID not in columns
        return cls(columns=tuple(columns), params=params, ids=pc.unique(_without_repeat(texts) if made else texts))

    def start(self, first_row: int) -> BroughtRows:  # noqa: ARG002 - where a part begins is nothing to it
        """Nothing yet."""
        return BroughtRows()

    def add(self, state: BroughtRows, batch: pa.Table) -> BroughtRows:
        """Take in a batch's rows."""
        if not batch.num_rows:
            return state
        kept = batch.filter(pc.is_in(base_ids(batch, self.params), value_set=self.ids))
        return state + BroughtRows((decoded(kept),)) if kept.num_rows else state

    def join(self, before: BroughtRows, after: BroughtRows) -> BroughtRows:
        """Both."""
        return before + after


def bound_for(wanted: int, rows: int) -> int:
    """Return the highest rank to let through so that `wanted` of so many rows surely come, and few more.

    >>> bound_for(100, 100) == ALL, round(bound_for(10_000, 1_000_000) / ALL, 4)
    (True, 0.0106)
    """
    if rows <= wanted:
        return ALL
    share = wanted / rows * (1 + SLACK / math.sqrt(wanted))
    return min(ALL, int(share * ALL))


def lowest_rows(table: pa.Table, params: Params, wanted: int) -> pa.Table:
    """Return at least `wanted` rows, those of the lowest ranks in the table's order; rows of one id go together."""
    if table.num_rows <= wanted:
        return table
    rank = draw_ranks(base_ids(table, params))
    return table.filter(pa.array(rank <= np.partition(rank, wanted - 1)[wanted - 1]))


def draw_ranks(keys: pa.Array) -> Hashes:
    """Return the rank of each id in the draw of a window's sample."""
    return ranks(row_hashes(keys), DRAW)


def base_ids(batch: pa.Table, params: Params) -> pa.Array:
    """Return what each row of a batch as it is stored goes by: its id, or what is made of its content without the number of a repeat.

    Blind to numeric features that are stored as text and hold numbers in some batches only.
    """
    if (name := params.data.id or ROW_ID) in batch.column_names:
        return keys_of(batch.select([name]), params).cast(pa.string())
    timed = normalise_time(batch, params.data.time, timezone=params.data.timezone)
    read, _ = taken_apart(with_numbers(timed, number_names(params)))
    return _without_repeat(with_ids(read, params)[ROW_ID].combine_chunks())


def _without_repeat(ids: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(ids, REPEAT, "")
