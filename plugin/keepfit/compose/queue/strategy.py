"""What a queue strategy is: it takes the rows that people could label and says in which order it would ask for them.

It is looked up by its name (`keepfit label export --strategy NAME`, entry points `keepfit.queue_strategies`). It draws nothing and knows no probability:
the share of rows that is selected by chance, and how likely each row was to be selected, are worked out from its order (`select.py`), the same way for
every strategy. A new one is a file beside this one, or a class of another package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from keepfit.compose.draws import Hashes, Positions
    from keepfit.compose.strata import Coded
    from keepfit.params import FeatureKind
    from keepfit.records import Task

Need = Literal["champion", "candidate", "slicing columns"]
"""What a strategy has to be given beside the rows: two models' answers, or slicing columns."""


@dataclass(frozen=True, kw_only=True)
class QueuePool:
    """Rows that people could label, in any order.

    `rank` is a number a row, by a hash of its id and the seed: a random order of the rows that is the same whatever order they come in. `answers` are
    the champion's, `rival` a candidate's: (n,) numbers (the probability of 1, or a predicted value), or (n, K) probabilities; None unless asked for.
    `kinds` says what the columns of `features` hold, `slices` are the slicing columns, `doubt` is how doubtful each row's label is, where that was looked at.
    """

    rank: Hashes
    features: pa.Table
    kinds: Mapping[str, FeatureKind] = field(default_factory=dict)
    answers: npt.NDArray[np.float64] | None = None
    rival: npt.NDArray[np.float64] | None = None
    slices: Mapping[str, Coded] = field(default_factory=dict)
    doubt: npt.NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.rank)


class QueueStrategy(Protocol):
    """Puts rows in the order in which it would ask people for their labels; the same rows and fields give the same order, however the rows are sorted."""

    name: ClassVar[str]
    words: ClassVar[str]
    """What it asks for first, for a sentence: `rows on which the champion is unsure`."""
    needs: ClassVar[tuple[Need, ...]]
    """What it cannot do without."""
    tasks: ClassVar[tuple[Task, ...]]
    """The tasks that have what it needs."""
    chooses: ClassVar[bool]
    """Whether it chooses rows; False: its order is chance alone, and every row it gives stands for the others."""

    def order(self, pool: QueuePool, first: int) -> Positions:
        """Return the positions of at least the `first` rows of its order, each once; `first` is at most the number of rows."""
