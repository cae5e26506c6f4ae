"""The strategy `disagreement`: rows on which the champion and a candidate answer differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.compose.draws import Positions
    from keepfit.compose.queue.strategy import Need, QueuePool
    from keepfit.records import Task


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """The largest difference between the two models' answers first: half the sum of |p - q| over the classes (total variation), |a - b| of numbers.

    A committee of two (query by committee: Seung, Opper & Sompolinsky 1992). Blind to errors that both make.
    """

    name: ClassVar[str] = "disagreement"
    words: ClassVar[str] = "rows on which champion and candidate answer differently"
    needs: ClassVar[tuple[Need, ...]] = ("champion", "candidate")
    tasks: ClassVar[tuple[Task, ...]] = ("classification", "regression")
    chooses: ClassVar[bool] = True

    def order(self, pool: QueuePool, first: int) -> Positions:
        """Return the rows by how far the answers lie apart."""
        from keepfit.compose.queue.by_score import highest_first

        return highest_first(_apart(*_both(pool)), pool.rank)[:first]


def _both(pool: QueuePool) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    from keepfit.errors import DataError

    if pool.answers is None or pool.rival is None:
        raise DataError("disagreement needs the answers of two models", where="--strategy", fix="dvc repro makes a candidate; or choose another strategy")
    if pool.answers.shape != pool.rival.shape:
        raise DataError("champion and candidate do not answer the same classes", where="--strategy", fix="choose a strategy that asks one model, or none")
    return pool.answers, pool.rival


def _apart(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    import numpy as np

    apart: npt.NDArray[np.float64] = np.abs(one - other)
    return apart if apart.ndim == 1 else apart.sum(axis=1) / 2
