"""The strategy `uncertainty`: rows on which the champion's answer says least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from keepfit.compose.draws import Positions
    from keepfit.compose.queue.strategy import Need, QueuePool
    from keepfit.records import Task


@dataclass(frozen=True, kw_only=True)
class Uncertainty:
    """The highest entropy of the champion's probabilities first (Shannon 1948; uncertainty sampling: Lewis & Gale 1994).

    Of two classes that is the order of `|p - 1/2|`, as with a margin. Blind to errors that the champion is sure of, and to rows that are hard for
    everyone: where labels are noise it asks for nothing else.

    >>> from keepfit.compose.queue.strategy import QueuePool
    >>> import numpy as np, pyarrow as pa
    >>> pool = QueuePool(rank=np.arange(3, dtype=np.uint64), features=pa.table({}), answers=np.array([0.1, 0.6, 0.99]))
    >>> Uncertainty().order(pool, 2).tolist()
    [1, 0]
    """

    name: ClassVar[str] = "uncertainty"
    words: ClassVar[str] = "rows on which the champion is unsure (highest entropy)"
    needs: ClassVar[tuple[Need, ...]] = ("champion",)
    tasks: ClassVar[tuple[Task, ...]] = ("classification",)
    chooses: ClassVar[bool] = True

    def order(self, pool: QueuePool, first: int) -> Positions:
        """Return the rows by entropy."""
        import numpy as np

        from keepfit.compose.queue.by_score import highest_first, probabilities

        shares = probabilities(pool.answers, self.name)
        logs = np.log(np.where(shares > 0, shares, 1.0))
        return highest_first(-(shares * logs).sum(axis=1), pool.rank)[:first]
