"""What a weight is: it takes the rows that train, with what they weigh so far, and says what they weigh.

It is looked up by its name (`weights` of a recipe in params.yaml, entry points `keepfit.weights`) and its own fields stand below it. Weights of one recipe
are multiplied, so their order says nothing; one that sets the sums of groups, as a balance of classes does, is `last`. A new one is a file beside
this one, or a class of another package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from keepfit.compose.quality.admissible import Floats
    from keepfit.compose.samplers.sampler import Pool
    from keepfit.records import Task


class Weight(Protocol):
    """Weighs the rows that train: the same rows and fields give the same weights, each above 0; a row that is to count for nothing is left out instead."""

    name: ClassVar[str]
    last: ClassVar[bool]
    """Whether it is applied after all that are not, because what it promises is of the weights as they end."""
    tasks: ClassVar[tuple[Task, ...]]
    """The tasks that have what it needs."""

    def weigh(self, rows: Pool, given: Floats) -> Floats:
        """Return the weights of these rows, which weigh `given` so far; rescaled afterwards to a mean of 1."""
