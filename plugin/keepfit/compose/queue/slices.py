"""The strategy `slices`: the slices take turns, so that rare ones are labelled as often as frequent ones; or as quotas say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.compose.draws import Positions
    from keepfit.compose.queue.strategy import Need, QueuePool
    from keepfit.records import Task


@dataclass(frozen=True, kw_only=True)
class SliceTurns:
    """The slice that has had the fewest rows is next, and gives one by chance; a row counts for its slice of every column.

    `quotas` (rows by slice, such as `carrier=HA: 20`) come first, each in proportion to what it asks for; rows that are left go in turns, or by
    chance where there are quotas. Blind to what the champion says.
    """

    name: ClassVar[str] = "slices"
    words: ClassVar[str] = "rows of each slice in turn"
    needs: ClassVar[tuple[Need, ...]] = ("slicing columns",)
    tasks: ClassVar[tuple[Task, ...]] = ("classification", "regression")
    chooses: ClassVar[bool] = True
    quotas: Mapping[str, int] = field(default_factory=dict)

    def order(self, pool: QueuePool, first: int) -> Positions:
        """Return rows by turns; raises `UnknownNameError` for a quota of a slice that no row is of."""
        import numpy as np

        turns = SliceQueues.of(pool, self.quotas)
        found = np.fromiter(turns.taken(first), np.int64)
        rest = np.ones(len(pool), bool)
        rest[found] = False
        others = np.flatnonzero(rest)
        return np.concatenate([found, others[np.argsort(pool.rank[others], kind="stable")][: first - len(found)]])


@dataclass(frozen=True, kw_only=True)
class SliceQueues:
    """Slices with their rows in a random order, how many rows each asks for, and the slices that each row is of."""

    rows: list[npt.NDArray[np.int64]]
    asked: npt.NDArray[np.float64]
    of_row: npt.NDArray[np.int64]
    until_met: bool

    @classmethod
    def of(cls, pool: QueuePool, quotas: Mapping[str, int]) -> SliceQueues:
        """Return the turns of all slices, or of those that have a quota."""
        import numpy as np

        from keepfit.errors import ParamsError, UnknownNameError

        if not pool.slices:
            raise ParamsError("there are no slices to take turns", where="params.yaml: evaluate.slices", fix="name slicing columns there")
        names = [name for column in pool.slices.values() for name in column.names]
        strange = next((name for name in quotas if name not in names), None)
        if strange is not None:
            raise UnknownNameError("slice", strange, known=names, where="--quota")
        starts = np.cumsum([0, *(len(column.names) for column in pool.slices.values())])[:-1]
        of_row = np.column_stack([column.codes + start for start, column in zip(starts, pool.slices.values(), strict=True)]).astype(np.int64)
        by_rank = np.argsort(pool.rank, kind="stable")
        rows = [by_rank[(of_row[by_rank] == at).any(axis=1)] for at in range(len(names))]
        asked = np.array([float(quotas.get(name, 0.0 if quotas else 1.0)) for name in names])
        return cls(rows=rows, asked=asked, of_row=of_row, until_met=bool(quotas))

    def taken(self, first: int) -> Iterator[int]:
        """Take at most `first` rows, one a turn."""
        import numpy as np

        had, at = np.zeros(len(self.rows)), [0] * len(self.rows)
        gone: set[int] = set()
        while len(gone) < first:
            with np.errstate(divide="ignore", invalid="ignore"):
                need = np.where(self.asked > 0, had / self.asked, np.inf)
            need[[place for place, rows in enumerate(self.rows) if at[place] >= len(rows)]] = np.inf
            turn = int(np.argmin(need))
            if not np.isfinite(need[turn]) or (self.until_met and need[turn] >= 1):
                return
            row = int(self.rows[turn][at[turn]])
            at[turn] += 1
            if row not in gone:
                gone.add(row)
                had[self.of_row[row]] += 1
                yield row
