"""The strategy `random`: every row as likely as any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from keepfit.compose.draws import Positions
    from keepfit.compose.queue.strategy import Need, QueuePool
    from keepfit.records import Task


@dataclass(frozen=True, kw_only=True)
class AtRandom:
    """Rows by chance alone: the labels stand for all rows that waited, so they may judge. Blind to what a model could learn from most."""

    name: ClassVar[str] = "random"
    words: ClassVar[str] = "any row, by chance"
    needs: ClassVar[tuple[Need, ...]] = ()
    tasks: ClassVar[tuple[Task, ...]] = ("classification", "regression")
    chooses: ClassVar[bool] = False

    def order(self, pool: QueuePool, first: int) -> Positions:
        """Return the rows of the lowest ranks."""
        import numpy as np

        return np.argsort(pool.rank, kind="stable").astype(np.int64)[:first]
