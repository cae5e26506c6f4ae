"""The strategy `diversity`: rows that are unlike one another, whatever a model says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.compose.draws import Hashes, Positions
    from keepfit.compose.queue.strategy import Need, QueuePool
    from keepfit.records import Task


@dataclass(frozen=True, kw_only=True)
class Diversity:
    """Each next row with a chance in proportion to its squared distance from the rows before it (k-means++ seeding: Arthur & Vassilvitskii 2007).

    Distances are of the features, brought to one scale (`row_space.py`). Cost: one pass over the rows for each row that is asked for. Blind to the
    labels and the model: features that matter for nothing make rows unlike, too.
    """

    name: ClassVar[str] = "diversity"
    words: ClassVar[str] = "rows that are unlike one another"
    needs: ClassVar[tuple[Need, ...]] = ()
    tasks: ClassVar[tuple[Task, ...]] = ("classification", "regression")
    chooses: ClassVar[bool] = True

    def order(self, pool: QueuePool, first: int) -> Positions:
        """Return rows that spread out over all of them."""
        from keepfit.compose.queue.row_space import row_space

        return spread_out(row_space(pool.features, pool.kinds), pool.rank, first)


def spread_out(space: npt.NDArray[np.float32], rank: Hashes, first: int) -> Positions:
    """Return `first` rows by k-means++; a row's luck is its rank, so that the same rows are found in whatever order they come.

    Rows that are all alike come by rank.
    """
    import numpy as np

    luck = -np.log((rank.astype(np.float64) + 1.0) / 2.0**64)  # exponential: the least of luck / weight is drawn in proportion to the weights
    nearest = np.full(len(rank), np.inf)
    found = np.empty(first, np.int64)
    left = np.ones(len(rank), bool)
    for place in range(first):
        with np.errstate(divide="ignore", invalid="ignore"):
            key = luck.copy() if place == 0 else np.where(nearest > 0, luck / nearest, np.inf)
        key[~left] = np.inf
        at = int(np.argmin(key)) if np.isfinite(key).any() else _lowest(rank, left)
        found[place], left[at] = at, False
        nearest = np.minimum(nearest, ((space - space[at]) ** 2).sum(axis=1))
    return found


def _lowest(rank: Hashes, left: npt.NDArray[np.bool_]) -> int:
    import numpy as np

    places = np.flatnonzero(left)
    return int(places[np.argmin(rank[places])])
