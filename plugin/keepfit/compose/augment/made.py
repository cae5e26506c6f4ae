"""The rows that the augmentations of a recipe make: of rows that train alone, each with its parent, looked over by the data suite before any trains.

A made row has its parent's label, time, window, group and all columns that no augmentation changes; its id is its parent's with the augmentation's name and a
number. Parents are drawn by their hashes, as all rows are. Made rows are no part of the quotas, shares and counts of a recipe.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.augment.asked import AskedAugmentation
from keepfit.compose.augment.augmentation import MOST_KNOWN, AugmentPlan, Changed, SomeRows
from keepfit.compose.draws import Hashes, lowest, ranks, row_hashes
from keepfit.compose.fates import TRAINS, Fates
from keepfit.compose.merged import WideColumns, merged
from keepfit.compose.quality.admissible import Floats
from keepfit.compose.sources import Positions, SortedRows
from keepfit.compose.strata import Coded, slices_of
from keepfit.errors import DataError
from keepfit.params import Params
from keepfit.records import Augmented
from keepfit.tables.columns import PARENT, WEIGHT, WINDOW, require_columns
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.same_values import same_values
from keepfit.tables.time_features import with_time_features

DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class SuiteAnswer:
    """What the data suite says of made rows: the ids of `broken` ones, and why all of them are `refused` ('': they are not)."""

    broken: frozenset[str] = frozenset()
    refused: str = ""


Suite = Callable[[pa.Table, pa.Table], SuiteAnswer]
"""Looks over made rows; the second table is their parents, of whom what breaks is not the augmentation's doing."""


@dataclass(frozen=True, kw_only=True)
class TrainingRows:
    """The rows that train, from which rows are made: their positions, what each weighs, and how their wide rows are read."""

    rows: SortedRows
    layout: WideColumns
    fates: Fates
    weight: Floats
    relabelled: Callable[[pa.Table, Positions], pa.Table]
    suite: Suite | None = None


@dataclass(frozen=True, kw_only=True)
class Made:
    """Made rows in the order of their parents: the place `at` of each one's parent among the sorted rows, the wide rows, and by which augmentation."""

    at: Positions
    table: pa.Table
    by: pa.Array
    outcomes: tuple[Augmented, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.at)

    def manifest(self, parents: pa.Table, id_column: str) -> pa.Table:
        """Return the manifest's lines of the made rows, given those of their parents."""
        reason = pc.binary_join_element_wise("made by", self.by, " ").dictionary_encode()
        found = parents.append_column(PARENT_OF, parents["row_id"])
        for name, values in (("row_id", self.table[id_column]), ("weight", self.table[WEIGHT]), ("reason", pa.chunked_array([reason]))):
            place = found.column_names.index(name)
            found = found.set_column(place, found.schema.field(place), values)
        return found


PARENT_OF = pa.field("parent", pa.string())
"""The manifest's column with the id of a made row's parent; there is none where no row was made."""


def make_rows(stock: TrainingRows, asked: Sequence[AskedAugmentation], params: Params) -> Made | None:
    """Return the rows that are made; None where none was asked for.

    Raises `ParamsError` for what cannot be made, `UnknownNameError` for a column that no window has, `DataError` for an id that is taken.
    """
    if not asked:
        return None
    trains = np.flatnonzero(stock.fates.where(*TRAINS))
    hashes = stock.rows.hashes[trains]
    batches = [_Batch(stock, one, params).made(trains, hashes) for one in asked]
    at = np.concatenate([one.at for one in batches])
    order = np.argsort(at, kind="stable")
    table = pa.concat_tables([one.table for one in batches]).take(from_numpy(order))
    _check_ids(stock.rows, table)
    whole = float(stock.weight[trains].sum()) + float(pc.sum(table[WEIGHT]).as_py() or 0.0)
    return Made(
        at=at[order],
        table=table,
        by=pa.concat_arrays([one.by for one in batches]).take(from_numpy(order)),
        outcomes=tuple(one.outcome(whole) for one in batches),
    )


def _check_ids(rows: SortedRows, table: pa.Table) -> None:
    """Raise `DataError` where a made row's id is that of a row that came."""
    taken = rows.row_id.filter(pc.is_in(rows.row_id, value_set=table[rows.id_column].combine_chunks())) if table.num_rows else rows.row_id.slice(0, 0)
    if len(taken):
        what = f"the id {taken[0].as_py()!r} is one that an augmentation would give"
        raise DataError(what, where="params.yaml: data.id", fix="give the row another id")


@dataclass(frozen=True, kw_only=True)
class _BatchMade:
    """What one augmentation made."""

    asked: AskedAugmentation
    at: Positions
    table: pa.Table
    alike: int
    answer: SuiteAnswer
    checked: bool
    notes: tuple[str, ...]

    @property
    def by(self) -> pa.Array:
        return pa.array([self.asked.name] * len(self.at), pa.string())

    def outcome(self, weights: float) -> Augmented:
        own = float(pc.sum(self.table[WEIGHT]).as_py() or 0.0)
        return Augmented(
            name=self.asked.name,
            share=self.asked.share,
            rows=len(self.at),
            parents=len(np.unique(self.at)),
            weight=round(own / weights, DIGITS),
            alike=self.alike,
            broken=len(self.answer.broken),
            refused=self.answer.refused,
            checked=self.checked,
            notes=self.notes,
        )


@dataclass(frozen=True)
class _Batch:
    """One augmentation of a recipe, put to the rows that train."""

    stock: TrainingRows
    asked: AskedAugmentation
    params: Params

    def made(self, trains: Positions, hashes: Hashes) -> _BatchMade:
        """Make the rows and have them looked over."""
        plan = self.asked.prepared(self.params)
        chosen, number = _parents(trains, hashes, self.asked)
        parents = self._wide(np.unique(chosen))
        copies = self._with_ids(parents.take(from_numpy(np.searchsorted(np.unique(chosen), chosen))), chosen, number)
        changed = self._changed(copies, chosen, trains, hashes, plan) if len(chosen) else Changed(columns={})
        table = _replaced(copies, changed)
        other = ~same_values(copies, table, list(changed.columns))
        answer = self._answer(table.filter(from_numpy(other)), parents)
        kept = other & ~pc.is_in(table[self.stock.rows.id_column], value_set=pa.array(sorted(answer.broken), pa.string())).to_numpy()
        kept &= not answer.refused
        return _BatchMade(
            asked=self.asked,
            at=chosen[kept],
            table=table.filter(from_numpy(kept)),
            alike=int((~other).sum()),
            answer=answer,
            checked=self.stock.suite is not None,
            notes=changed.notes,
        )

    def _wide(self, at: Positions) -> pa.Table:
        """The wide rows at these positions, with the labels that rules set."""
        schema = self.stock.layout.schema.with_metadata(None)
        blocks = [self.stock.relabelled(block, at[place]) for place, block in merged(self.stock.rows, self.stock.layout, at)]
        return pa.concat_tables([pa.Table.from_batches([], schema), *(block.replace_schema_metadata(None) for block in blocks)]).combine_chunks()

    def _with_ids(self, copies: pa.Table, at: Positions, number: Positions) -> pa.Table:
        """The copies with ids of their own, what each weighs, and its parent."""
        name = self.stock.rows.id_column
        place, parent = copies.column_names.index(name), copies[name]
        ids = pc.binary_join_element_wise(parent, f"~{self.asked.name}.", pc.cast(from_numpy(number + 1), pa.string()), "")
        copies = copies.set_column(place, copies.schema.field(place), ids)
        copies = copies.append_column(WEIGHT, from_numpy(self.stock.weight[at] * self.asked.weight))
        return copies.append_column(PARENT, parent)

    def _changed(self, copies: pa.Table, at: Positions, trains: Positions, hashes: Hashes, plan: AugmentPlan) -> Changed:
        rows, params = self.stock.rows, self.params
        features = [name for name in params.data.features if name in copies.column_names]
        require_columns(copies, plan.columns, where=f"{self.asked.where}.columns")
        known = lowest(ranks(hashes, f"known to augmentations {self.asked.seed}"), np.arange(len(trains)), MOST_KNOWN)
        seen = self._known(features, copies.schema, trains[known])
        places = np.unique(at)
        theirs = {name: _taken(column, np.searchsorted(places, at)) for name, column in slices_of(rows, plan.slices, params, places).items()}
        return self.asked.change(
            SomeRows(features=copies.select(features), label=rows.label[at], hashes=row_hashes(copies[rows.id_column]), slices=theirs),
            SomeRows(features=seen, label=rows.label[trains[known]], hashes=hashes[known], slices=slices_of(rows, plan.slices, params, trains[known])),
            params,
        )

    def _known(self, features: Sequence[str], schema: pa.Schema, at: Positions) -> pa.Table:
        """The features of these rows in the types that copies have, and what is derived from their times."""
        derived = self.params.data.derived
        clock = [] if derived is None or derived.column in features else [derived.column]
        found = self.stock.rows.columns([*features, *clock], at)
        typed = found.select(list(features)).cast(pa.schema([schema.field(name) for name in features]))
        for name in clock:
            typed = typed.append_column(name, found[name])
        return with_time_features(typed, derived).drop_columns(clock)

    def _answer(self, made: pa.Table, parents: pa.Table) -> SuiteAnswer:
        if self.stock.suite is None or not made.num_rows:
            return SuiteAnswer()
        own = [name for name in (WEIGHT, PARENT, WINDOW) if name in made.column_names]
        return self.stock.suite(made.drop_columns(own), parents.drop_columns([name for name in own if name in parents.column_names]))


def _parents(trains: Positions, hashes: Hashes, asked: AskedAugmentation) -> tuple[Positions, Positions]:
    """The position of each made row's parent, in order, and which of its rows it is: a share of 2.5 makes two of each, and a third of half of them."""
    whole = int(asked.share)
    some = lowest(ranks(hashes, f"augment {asked.name} {asked.seed}"), np.arange(len(trains)), round((asked.share - whole) * len(trains)))
    at = np.concatenate([np.tile(trains, whole), trains[some]])
    number = np.concatenate([np.repeat(np.arange(whole), len(trains)), np.full(len(some), whole)])
    order = np.argsort(at, kind="stable")
    return at[order], number[order]


def _taken(column: Coded, at: Positions) -> Coded:
    return Coded(column.column, column.names, column.codes[at])


def _replaced(copies: pa.Table, changed: Changed) -> pa.Table:
    for name, values in changed.columns.items():
        place = copies.column_names.index(name)
        copies = copies.set_column(place, copies.schema.field(place), values)
    return copies
