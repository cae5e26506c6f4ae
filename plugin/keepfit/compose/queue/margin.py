"""The strategy `margin`: rows on which two classes are nearly as likely for the champion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from keepfit.compose.draws import Positions
    from keepfit.compose.queue.strategy import Need, QueuePool
    from keepfit.records import Task


@dataclass(frozen=True, kw_only=True)
class Margin:
    """The smallest gap between the likeliest class and the next one first (Scheffer, Decomain & Wrobel 2001).

    Of two classes it is the order of `uncertainty`; of more it asks where one answer would settle which of two. Blind as that is.

    >>> from keepfit.compose.queue.strategy import QueuePool
    >>> import numpy as np, pyarrow as pa
    >>> answers = np.array([[0.5, 0.45, 0.05], [0.4, 0.3, 0.3]])
    >>> Margin().order(QueuePool(rank=np.arange(2, dtype=np.uint64), features=pa.table({}), answers=answers), 1).tolist()
    [0]
    """

    name: ClassVar[str] = "margin"
    words: ClassVar[str] = "rows on which two classes are nearly as likely for the champion"
    needs: ClassVar[tuple[Need, ...]] = ("champion",)
    tasks: ClassVar[tuple[Task, ...]] = ("classification",)
    chooses: ClassVar[bool] = True

    def order(self, pool: QueuePool, first: int) -> Positions:
        """Return the rows by the gap between their two likeliest classes."""
        import numpy as np

        from keepfit.compose.queue.by_score import highest_first, probabilities

        best = np.sort(probabilities(pool.answers, self.name), axis=1)[:, -2:]
        return highest_first(best[:, 0] - best[:, 1], pool.rank)[:first]
