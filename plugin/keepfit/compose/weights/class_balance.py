"""The weight `class_balance`: rows of a rare class weigh more, so that each class has the same sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keepfit.compose.quality.admissible import class_weights

if TYPE_CHECKING:
    from keepfit.compose.quality.admissible import Floats
    from keepfit.compose.samplers.sampler import Pool
    from keepfit.records import Task


@dataclass(frozen=True, kw_only=True)
class ClassBalance:
    """Each class has the same sum of weights; rows of one class keep theirs in proportion. Blind to why a class is rare: probabilities shift with it."""

    name: ClassVar[str] = "class_balance"
    last: ClassVar[bool] = True
    tasks: ClassVar[tuple[Task, ...]] = ("classification",)

    def weigh(self, rows: Pool, given: Floats) -> Floats:
        """Scale the weights of each class to the same sum."""
        return class_weights(rows.label, given)
