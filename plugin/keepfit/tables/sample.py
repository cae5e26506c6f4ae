"""A sample of rows, drawn while a table streams by: memory is the sample and a batch, whatever the number of rows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.batches import Rows
from keepfit.tables.passes import run_pass


def drawn_rows(rows: Rows, columns: Sequence[str], most: int, *, rng: np.random.Generator) -> pa.Table:
    """Return at most `most` rows in the table's order, each equally likely, without replacement; texts as plain strings.

    Each row draws a number, and those with the smallest numbers stay (a reservoir: Vitter, ACM Trans. Math. Softw. 11, 1985, by keys
    in place of skips). The numbers depend on the row's place only, so neither batches nor the groups of columns a file is read in are seen.

    >>> from keepfit.tables.batches import TableRows
    >>> drawn_rows(TableRows(pa.table({"x": [1, 2, 3]})), ["x"], 2, rng=np.random.default_rng(0))["x"].to_pylist()
    [1, 2]
    """
    seed, size = int(rng.integers(1 << 62)), rows.columns_at_once
    groups = [list(columns)[start : start + size] for start in range(0, len(columns), size)]
    parts = [run_pass(rows, DrawnPass(_schema(rows, group), most, seed)).table for group in groups]
    return pa.table({name: part[name] for part in parts for name in part.column_names})


@dataclass(frozen=True)
class SmallestKeys:
    """The rows with the smallest numbers so far, these numbers, and how many rows of the table lie before the next batch."""

    table: pa.Table
    keys: npt.NDArray[np.float64]
    rows: int


@dataclass(frozen=True)
class DrawnPass:
    """Draws at most `most` rows: those with the smallest of the numbers that the seed's generator gives the table's rows, one each, in their order."""

    schema: pa.Schema
    most: int
    seed: int

    @property
    def columns(self) -> Sequence[str]:
        """The schema's."""
        return tuple(self.schema.names)

    def start(self, first_row: int) -> SmallestKeys:
        """Return no rows."""
        return SmallestKeys(self.schema.empty_table(), np.empty(0), first_row)

    def add(self, state: SmallestKeys, batch: pa.Table) -> SmallestKeys:
        """Let a batch's rows draw: the generator goes on as if it had numbered the rows before them."""
        generator = np.random.PCG64(self.seed)
        generator.advance(state.rows)
        fresh = np.random.Generator(generator).random(batch.num_rows)
        bound = state.keys.max() if len(state.keys) == self.most else 1.0
        near = np.flatnonzero(fresh < bound)
        return self._smallest(state.table, batch.take(pa.array(near)).cast(self.schema), np.concatenate([state.keys, fresh[near]]), state.rows + batch.num_rows)

    def join(self, before: SmallestKeys, after: SmallestKeys) -> SmallestKeys:
        """Return what stays of both."""
        return self._smallest(before.table, after.table, np.concatenate([before.keys, after.keys]), after.rows)

    def _smallest(self, kept: pa.Table, more: pa.Table, keys: npt.NDArray[np.float64], rows: int) -> SmallestKeys:
        table = pa.concat_tables([kept, more])
        if len(keys) <= self.most:
            return SmallestKeys(table, keys, rows)
        stay = np.sort(np.argpartition(keys, self.most)[: self.most])
        return SmallestKeys(table.take(pa.array(stay)), keys[stay], rows)


def _schema(rows: Rows, columns: Sequence[str]) -> pa.Schema:
    """The columns' types, texts out of their dictionaries: two batches may have two."""
    types = {field.name: field.type for field in rows.schema}
    return pa.schema([(name, types[name].value_type if pa.types.is_dictionary(types[name]) else types[name]) for name in columns])


def places_by_class(labels: npt.NDArray[np.float64], most: int, *, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return the places of at most `most` rows in their order, as many of each class as there are and as fit, drawn at random; NaN is a class of its own.

    Numbers of which there are more than `most` are no classes: any rows are drawn then.

    >>> places_by_class(np.array([0.0, 0.0, 0.0, 0.0, 1.0]), 3, rng=np.random.default_rng(0)).tolist()[-1]
    4
    """
    places = rng.permutation(len(labels))
    _, codes = np.unique(labels, return_inverse=True, equal_nan=True)
    drawn = codes[places]
    if len(drawn) and int(drawn.max()) >= most:
        return np.sort(places[:most])
    turn = np.zeros(len(drawn), np.int64)
    for code in range(int(drawn.max()) + 1 if len(drawn) else 0):
        of = drawn == code
        turn[of] = np.arange(int(of.sum()))
    return np.sort(places[np.argsort(turn, kind="stable")[:most]])


def picked_rows(rows: Rows, columns: Sequence[str], places: npt.NDArray[np.int64]) -> pa.Table:
    """Return the rows at these places (ascending), a batch in memory at a time; texts as plain strings."""
    return run_pass(rows, PickedPass(_schema(rows, columns), tuple(places.tolist()))).table


@dataclass(frozen=True)
class PickedRows:
    """The rows that were found so far, and how many rows of the table lie before the next batch."""

    table: pa.Table
    rows: int


@dataclass(frozen=True)
class PickedPass:
    """Picks the rows at these places of the table, which ascend."""

    schema: pa.Schema
    places: tuple[int, ...]

    @property
    def columns(self) -> Sequence[str]:
        """The schema's."""
        return tuple(self.schema.names)

    def start(self, first_row: int) -> PickedRows:
        """Return no rows."""
        return PickedRows(self.schema.empty_table(), first_row)

    def add(self, state: PickedRows, batch: pa.Table) -> PickedRows:
        """Pick from a batch."""
        end = state.rows + batch.num_rows
        first, last = bisect_left(self.places, state.rows), bisect_left(self.places, end)
        if first == last:
            return PickedRows(state.table, end)
        inside = pa.array(np.array(self.places[first:last], np.int64) - state.rows)
        return PickedRows(pa.concat_tables([state.table, batch.take(inside).cast(self.schema)]), end)

    def join(self, before: PickedRows, after: PickedRows) -> PickedRows:
        """Return the rows of both parts."""
        return PickedRows(pa.concat_tables([before.table, after.table]), after.rows)

    def done(self, state: PickedRows) -> bool:
        """Whether no place lies further down."""
        return not self.places or self.places[-1] < state.rows


def places_of(ids: pa.ChunkedArray, wanted: Sequence[str]) -> tuple[dict[str, int], npt.NDArray[np.int64]]:
    """Return where each wanted id stands, of those that are there, and these places in their order.

    >>> places_of(pa.chunked_array([["a", "b", "c"]]), ["c", "x", "a"])
    ({'c': 2, 'a': 0}, array([0, 2]))
    """
    found = pc.index_in(pa.array(wanted, pa.string()), value_set=pc.cast(ids.combine_chunks(), pa.string())).to_pylist()
    known = {name: place for name, place in zip(wanted, found, strict=True) if place is not None}
    return known, np.array(sorted(known.values()), dtype=np.int64)
