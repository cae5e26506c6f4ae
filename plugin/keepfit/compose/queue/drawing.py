"""A queue's rows from a population: what a strategy looked at, which slices it was to draw from, and what was selected.

Rows of the permanent holdout are asked about by chance alone: what was chosen never judges, and they never train, so that a choice of them would be an
answer for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.compose.holdout import in_holdout
from keepfit.compose.queue.population import QueuePopulation, looked_at, row_ranks, texts_of
from keepfit.compose.queue.select import select
from keepfit.compose.queue.slice_rows import first_slice, slice_mask
from keepfit.compose.queue.strategy import QueuePool
from keepfit.compose.strata import Coded, coded
from keepfit.records.labels import QueueRow, Selected
from keepfit.tables.columns import WINDOW, id_column

if TYPE_CHECKING:
    from keepfit.compose.draws import Hashes, Positions
    from keepfit.compose.queue.strategy import QueueStrategy
    from keepfit.params import Params
    from keepfit.records.quality import Suspect, Suspects
    from keepfit.slices.codes import CodedColumn
    from keepfit.slices.masks import Mask


@dataclass(frozen=True, kw_only=True)
class QueueLook:
    """The rows that a strategy looks at: a fair sample of the population where that is large."""

    table: pa.Table
    rank: Hashes
    population: int

    @classmethod
    def at(cls, population: QueuePopulation, params: Params, *, seed: int, most: int) -> QueueLook:
        """Look at no more than so many rows."""
        rank = row_ranks(population.table, params, seed=seed)
        kept = looked_at(rank, most)
        return cls(table=population.table.take(kept), rank=rank[kept], population=len(population))


@dataclass(frozen=True, kw_only=True)
class QueueDrawing:
    """How many rows are drawn, from which slices (none: from all), and what share by chance alone.

    `suspects`: the rows that are not drawn by chance are of those with a doubtful label.
    """

    rows: int
    random_share: float
    slices: Sequence[str] = ()
    suspects: Suspects | None = None


@dataclass(frozen=True, kw_only=True)
class DrawnQueue:
    """The selected rows, and the same of the table, in the order in which people see them.

    `in_slices` is how many rows of the slices could be chosen, None where none were named; `held` are those of the permanent holdout, which could not.
    """

    rows: tuple[QueueRow, ...]
    table: pa.Table
    in_slices: int | None = None
    held: int = 0


@dataclass(frozen=True, kw_only=True)
class ModelsSay:
    """What models and the champion's reference say of the rows that are looked at."""

    answers: npt.NDArray[np.float64] | None = None
    rival: npt.NDArray[np.float64] | None = None
    columns: Sequence[CodedColumn] = ()


def draw_queue(look: QueueLook, params: Params, strategy: QueueStrategy, *, drawing: QueueDrawing, seen: ModelsSay) -> DrawnQueue:
    """Return the rows that people are asked about; raises as `select` and `slice_mask` do."""
    masks = [slice_mask(name, look.table, seen.columns, where="--slice") for name in drawing.slices]
    inside = np.logical_or.reduce(masks) if masks else None
    doubts = {one.row: one for one in drawing.suspects.rows} if drawing.suspects is not None else {}
    doubt = _doubt(texts_of(look.table, id_column(params)), doubts) if doubts else None
    if doubt is not None:
        inside = ~np.isnan(doubt) & (True if inside is None else inside)
    named_rows = inside
    if named_rows is not None or strategy.chooses:
        inside = ~_held(look.table, params) & (True if named_rows is None else named_rows)
    pool = _pool(look, params, seen, doubt=doubt)
    found = select(pool, strategy, rows=drawing.rows, random_share=drawing.random_share, inside=inside)
    drawn = DrawnQueue(rows=(), table=look.table.take(found.positions), **_counts(named_rows, inside))
    named = first_slice(drawing.slices, [mask[found.positions] for mask in masks], len(found.positions))
    share = look.table.num_rows / max(look.population, 1)
    words = _selected(strategy, drawn.in_slices)
    kinds, columns = [words[int(chance)] for chance in found.by_chance], _slices_of(pool.slices, found.positions)
    ids, windows = (texts_of(drawn.table, name) for name in (id_column(params), WINDOW))
    rows = tuple(
        _row(QueueRow(row=row, window=window, selected=kind, probability=float(likely) * share, slice=name, slices=of), doubts.get(row))
        for row, window, kind, likely, name, of in zip(ids, windows, kinds, found.probability, named, columns, strict=True)
    )
    return replace(drawn, rows=rows)


def _counts(named: Mask | None, inside: Mask | None) -> dict[str, int]:
    """How many rows of what was named could be chosen, and how many of them are held out."""
    return {} if named is None or inside is None else {"in_slices": int(inside.sum()), "held": int((named & ~inside).sum())}


def _held(table: pa.Table, params: Params) -> Mask:
    """Which rows are of the permanent holdout."""
    keys = table[params.data.group or id_column(params)]
    return in_holdout(keys.cast(pa.string()), share=params.data.holdout_share, salt=params.data.holdout_salt)


def _doubt(ids: Sequence[str], doubts: Mapping[str, Suspect]) -> npt.NDArray[np.float64]:
    """How doubtful the label of each row is; NaN of a row that is no suspect."""
    return np.array([doubts[one].score if one in doubts else np.nan for one in ids], np.float64)


def _row(row: QueueRow, suspect: Suspect | None) -> QueueRow:
    """The row with the label that it had, and how doubtful that was."""
    return row if suspect is None else replace(row, score=suspect.score, label=suspect.label)


def _pool(look: QueueLook, params: Params, seen: ModelsSay, *, doubt: npt.NDArray[np.float64] | None) -> QueuePool:
    return QueuePool(
        rank=look.rank,
        features=look.table.select([name for name in params.data.features if name in look.table.column_names]),
        kinds=params.data.features,
        answers=seen.answers,
        rival=seen.rival,
        slices=slicing(look.table, params),
        doubt=doubt,
    )


def _selected(strategy: QueueStrategy, of_slices: int | None) -> tuple[Selected, Selected]:
    """What a row is called that was not drawn by chance alone from all rows, and one that was."""
    return "ticket" if of_slices is not None and not strategy.chooses else "active", "random"


def slicing(table: pa.Table, params: Params) -> Mapping[str, Coded]:
    """Return the slicing columns (`evaluate.slices`) that the table has."""
    return {name: coded(name, table[name]) for name in params.sliced if name in table.column_names}


def _slices_of(slices: Mapping[str, Coded], positions: Positions) -> list[tuple[str, ...]]:
    return [tuple(column.names[column.codes[at]] for column in slices.values()) for at in positions]
