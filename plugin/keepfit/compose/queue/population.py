"""Which rows people could be asked about: those of some windows that nobody has labelled or is being asked about.

What a queue's probabilities are of. Young rows are among them: a person can say today what the source will say in a month. Blind to rows that are in no
closed window.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.draws import Hashes, Positions, lowest, ranks, row_hashes
from keepfit.tables.columns import WINDOW, id_column
from keepfit.tables.union import stacked

if TYPE_CHECKING:
    from keepfit.params import Params

LOOK = "the rows that are looked at"


@dataclass(frozen=True, kw_only=True)
class QueuePopulation:
    """The rows (`table`, their windows in `_window`), and how many of the windows' rows are none of them, and why.

    `labelled` rows have a label, `asked` are in a queue that waits for answers.
    """

    table: pa.Table
    labelled: int
    asked: int

    def __len__(self) -> int:
        return int(self.table.num_rows)


def population_of(tables: Mapping[str, pa.Table], params: Params, *, known: Collection[str], asked: Collection[str], labelled: bool = False) -> QueuePopulation:
    """Return the rows of these windows that have no label; `known` are ids that people have labelled, `asked` those that they are being asked about.

    `labelled`: rows that have a label are among them as well.
    """
    table, key, target = stacked_windows(tables), id_column(params), params.model.target
    ids = table[key]
    has_label = _among(ids, known)
    if target in table.column_names:
        has_label = pc.or_(has_label, pc.is_valid(table[target]))
    if labelled:
        has_label = pc.and_(has_label, pa.scalar(value=False))
    open_rows = pc.and_(_among(ids, asked), pc.invert(has_label))
    kept = table.filter(pc.invert(pc.or_(has_label, open_rows)))
    return QueuePopulation(table=kept, labelled=_count(has_label), asked=_count(open_rows))


def stacked_windows(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return the rows of all windows, each with its window's id."""
    parts = [one.append_column(WINDOW, pa.repeat(pa.scalar(name), one.num_rows)) for name, one in tables.items()]
    return stacked(parts, where="the closed windows")


def _among(ids: pa.ChunkedArray, wanted: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(ids, value_set=pa.array(sorted(wanted), pa.string()))


def _count(mask: pa.ChunkedArray) -> int:
    return int(pc.sum(mask).as_py() or 0)


def row_ranks(table: pa.Table, params: Params, *, seed: int) -> Hashes:
    """Return a random order of the rows, by their ids and the seed alone."""
    return ranks(row_hashes(table[id_column(params)]), f"queue {seed}")


def looked_at(rank: Hashes, most: int) -> Positions:
    """Return at most so many positions, drawn by chance: what a strategy looks at, where it cannot look at all rows.

    A row's probability is then what it is among them times their share of the rows.
    """
    return lowest(ranks(rank, LOOK), np.arange(len(rank), dtype=np.int64), most)


def texts_of(table: pa.Table, column: str) -> list[str]:
    """Return a column's values as text."""
    return [str(value) for value in table[column].to_pylist()]
