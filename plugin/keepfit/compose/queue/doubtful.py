"""Rows whose labels are the most doubtful, as `keepfit data check --suspects` ranks them: what `--from quality` asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keepfit.errors import DataError

if TYPE_CHECKING:
    from keepfit.compose.draws import Positions
    from keepfit.compose.queue.strategy import Need, QueuePool
    from keepfit.records import Task


@dataclass(frozen=True, kw_only=True)
class MostDoubtful:
    """The most doubtful label first. Blind to wrong labels that the model would have given as well."""

    name: ClassVar[str] = "quality"
    words: ClassVar[str] = "rows whose labels are the most doubtful"
    needs: ClassVar[tuple[Need, ...]] = ()
    tasks: ClassVar[tuple[Task, ...]] = ("classification", "regression")
    chooses: ClassVar[bool] = True

    def order(self, pool: QueuePool, first: int) -> Positions:
        """Return the rows by their doubt."""
        from keepfit.compose.queue.by_score import highest_first

        if pool.doubt is None:
            raise DataError("nobody has ranked the labels by how doubtful they are", where="--from quality", fix="keepfit data check --suspects")
        return highest_first(pool.doubt, pool.rank)[:first]
