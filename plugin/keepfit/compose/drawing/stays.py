"""How many rows of each cell stay in a draw, from counts alone: what `compose/quotas.py` finds over rows, without any row.

Rows leave a cell by their ranks, the highest first. So who stays is known from how many do, and those are the rows that a draw over all rows in
memory leaves (a test holds the two beside one another).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.compose.allotment import Counts
from keepfit.compose.drawing.count_trainable import CellRows
from keepfit.compose.drawing.trainable import Cell, TrainableRows
from keepfit.compose.draws import Hashes, Positions
from keepfit.compose.quality.admissible import Floats
from keepfit.compose.quotas import ROUNDS, Cells, Quotas, first_broken
from keepfit.compose.recipe import Recipe
from keepfit.compose.ruled_rows import replay_quotas, ruled_columns
from keepfit.compose.samplers.sampler import Pool
from keepfit.compose.sources import Mask
from keepfit.compose.strata import Coded, coded, columns_of

NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True)
class CellStays:
    """Of each group of cells that is drawn from as one: its rows, those that a floor keeps before others, and how many stay of these and of the rest.

    `group` says of each cell which group it is of; a cell that is not there trains no row.
    """

    group: Mapping[Cell, int]
    rows: Counts
    floored: Counts
    of_floored: Counts
    of_rest: Counts

    @property
    def total(self) -> int:
        """How many rows stay."""
        return int(self.of_floored.sum() + self.of_rest.sum())

    @property
    def needed(self) -> Counts:
        """How many of the lowest ranks of each group hold all rows that stay."""
        return np.where(self.of_rest > 0, self.floored + self.of_rest, self.of_floored)

    def among(self, rank: Hashes, group: Positions) -> Positions:
        """Return the places of the rows that stay, of rows with these ranks and groups: at least those `needed` of each."""
        order = np.lexsort((rank, group))
        rows = np.bincount(group, minlength=len(self.rows))
        place = np.arange(len(order)) - (np.cumsum(rows) - rows)[group[order]]
        of = group[order]
        stay = (place < self.of_floored[of]) | ((place >= self.floored[of]) & (place < (self.floored + self.of_rest)[of]))
        return np.sort(order[stay])


def quota_columns(recipe: Recipe) -> tuple[str, ...]:
    """Return the columns whose strata have quotas."""
    return tuple(columns_of([name for name, said in recipe.says.rows.items() if {said.at_least, said.at_most, said.share} != {None}]))


def highest_floor(recipe: Recipe) -> int:
    """Return the most rows that a stratum keeps before others have to leave."""
    return max((said.at_least for said in recipe.says.rows.values() if isinstance(said.at_least, int)), default=0)


def stays_of(counted: Mapping[Cell, CellRows], trainable: TrainableRows, recipe: Recipe) -> CellStays:
    """Return how many rows of each cell stay; raises `ParamsError` for shares that no rows can have."""
    cells = sorted(counted, key=lambda cell: tuple(map(str, cell)))
    rows = np.array([counted[cell].rows for cell in cells], dtype=np.int64)
    pool = _pool(cells, trainable)
    drawn = recipe.sampler.draw(pool, rng=np.random.default_rng(recipe.seed))
    said = {name: rule for name, rule in recipe.says.rows.items() if columns_of([name])[0] in trainable.by}
    quotas = [*replay_quotas(drawn, recipe.says, recipe.where, rows), *(one.quotas() for one in ruled_columns(pool, said, recipe.where) if one.has_quotas)]
    among = np.flatnonzero(drawn.trains)
    quotas = [one.of_what_there_is(_sums(one, rows, among)) for one in quotas] or [Quotas.none(Coded("", ("",), np.zeros(len(cells), np.int32)))]
    codes, group = np.unique(np.stack([one.column.codes[among] for one in quotas]), axis=1, return_inverse=True)
    group = group.reshape(-1)
    groups = np.bincount(group, weights=rows[among], minlength=codes.shape[1]).astype(np.int64)
    lowest = [counted[cells[at]].lowest for at in among]
    floored = _floored(quotas, among, lowest, group, groups)
    rest, first = counted_down(quotas, codes, groups - floored, floored, most=recipe.says.max_rows)
    return CellStays({cells[at]: int(of) for at, of in zip(among, group, strict=True)}, groups, floored, first, rest)


def counted_down(quotas: Sequence[Quotas], codes: npt.NDArray[np.int32], rest: Counts, first: Counts, *, most: int | None) -> tuple[Counts, Counts]:
    """Return how many of the `rest` and of the `first` rows of each group stay.

    Those of a floor are the `first`; `codes[q]` are the groups' strata in the column of the q-th quotas.
    """
    counts = np.concatenate([rest, first])
    levels = [np.concatenate([each, each]).astype(np.int64) for each in codes]
    is_first = np.arange(len(counts)) >= len(rest)
    for cap in (None, most):
        if cap is None or counts.sum() > cap:
            counts = _left(quotas, counts, levels, is_first, cap)
    return counts[: len(rest)], counts[len(rest) :]


def _left(quotas: Sequence[Quotas], counts: Counts, levels: Sequence[Positions], is_first: Mask, most: int | None) -> Counts:
    """How many rows are left of each group when the quotas hold."""
    counts = counts.copy()
    for round_ in range(ROUNDS):
        there = np.flatnonzero(counts)
        cells = Cells(NOTHING, counts[there], [each[there] for each in levels], is_first[there])
        place = first_broken(quotas, cells, most)
        if place is None:
            break
        wanted = cells.raked(quotas, most)[0] if round_ == 0 else cells.mended(quotas[place], place, most)
        if not (wanted < cells.counts).any():
            break
        counts[there] = np.minimum(cells.counts, wanted)
    return counts


def _sums(one: Quotas, rows: Counts, among: Positions) -> Counts:
    """How many rows each stratum of a column has."""
    return np.bincount(one.column.codes[among], weights=rows[among], minlength=len(one.column.names)).astype(np.int64)


def _floored(quotas: Sequence[Quotas], among: Positions, lowest: Sequence[Hashes], group: Positions, groups: Counts) -> Counts:
    """How many rows of each group a floor keeps: those of its lowest ranks, as each stratum of a floor holds a group wholly or not at all."""
    kept = np.zeros(len(groups), np.int64)
    for one in quotas:
        codes = one.column.codes[among]
        for at in np.flatnonzero(one.floor > 0):
            places = np.flatnonzero(codes == at).tolist()
            if not places:
                continue
            ranks = np.sort(np.concatenate([lowest[place] for place in places]))
            last = ranks[: int(one.floor[at])][-1]
            found = np.array([np.searchsorted(lowest[place], last, side="right") for place in places])
            kept = np.maximum(kept, np.bincount(group[places], weights=found, minlength=len(groups)).astype(np.int64))
    return kept


def _pool(cells: Sequence[Cell], trainable: TrainableRows) -> Pool:
    """The cells as the rows of a pool: what a recipe asks of a row's window, class and slices is the same for all rows of a cell."""
    names = [one.id for one in trainable.windows]
    window = np.array([names[cell[0]] for cell in cells], dtype=object)
    starts = np.array([trainable.windows[cell[0]].start for cell in cells], "datetime64[us]")
    label: Floats = np.array([0.0 if cell[1] is None else cell[1] for cell in cells], dtype=np.float64)
    present = {*window.tolist()}
    return Pool(
        row_id=np.array([str(at) for at in range(len(cells))], dtype=object),
        window=window,
        time=starts,
        label=label,
        weight=np.ones(len(cells)),
        features=pa.table({}),
        order=[name for name in names if name in present],
        slices={name: coded(name, pa.array([cell[2 + at] for cell in cells], pa.string())) for at, name in enumerate(trainable.slices)},
        class_names=trainable.params.model.classes or (),
    )
