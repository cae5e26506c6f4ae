"""What a sampler is: it takes the pool (every labelled row that may train) and says which of its rows train, and with what weight.

It is looked up by its name (`compose.sampler` in params.yaml, entry points `keepfit.samplers`); its own fields are the other keys of `compose`. A new one
is a file beside this one, or a class of another package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from keepfit import plugins
from keepfit.params import ComposeParams

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from keepfit.compose.quality import Floats
    from keepfit.compose.sources import Texts


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Rows that may train, in the order of their ids; `order` lists their windows, the oldest first.

    `features` are the columns of `data.features`, `time` is naive, `weight` is what each row weighs before the draw: 1, or what makes the classes of the
    pool equal (`compose.balance: class`).
    """

    row_id: Texts
    window: Texts
    time: npt.NDArray[np.datetime64]
    label: Floats
    weight: Floats
    features: pa.Table
    order: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A sampler's word on each row of the pool: its part (`train`, `replay` or `out`) and the reason, and of those that train the weight.

    `weight` None: all that train weigh the same. A row that is to count for nothing is `out`; a weight is above 0. `compose.balance: class` scales the
    weights afterwards so that the classes of what was drawn are equal.
    """

    part: Texts
    reason: Texts
    weight: Floats | None = None


class Sampler(Protocol):
    """Chooses the training rows: the same pool, fields and seed give the same answer, and no row is added."""

    name: ClassVar[str]

    @property
    def windows_needed(self) -> int | None:
        """How many of the newest windows with labels it looks at, None for all: older ones need not be read."""

    def draw(self, pool: Pool, *, rng: np.random.Generator) -> Drawn:
        """Say of each row where it goes; chance comes from `rng` only."""


def sampler_of(compose: ComposeParams) -> Sampler:
    """Return the sampler that params.yaml names, with its fields; raises `UnknownNameError`, or `ParamsError` for a field that does not fit."""
    sampler: Sampler = plugins.make("samplers", compose.sampler, compose.fields, where="params.yaml: compose.sampler", beside=type(compose).model_fields)
    return sampler
