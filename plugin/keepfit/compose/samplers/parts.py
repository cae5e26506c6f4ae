"""The parts of a recipe: the newest windows, and what may be replayed from the windows before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keepfit.compose.samplers.sampler import CodedDraw, Drawn, Pool

if TYPE_CHECKING:
    import numpy as np

PARTS = ("train", "replay", "out")
REASONS = ("new", "replayed", "older than the new windows", "older than the recipe's windows")


@dataclass(frozen=True, kw_only=True)
class WindowParts:
    """The newest `windows` may train (None: all): of them the newest `new` (None: all) train, the others are there to be replayed, or are left out.

    It draws nothing: how much is replayed is a quota of the recipe, as a slice's share is, so that all of them hold together.
    """

    name: ClassVar[str] = "parts"
    windows: int | None = None
    new: int | None = None
    replays: bool = False

    @property
    def windows_needed(self) -> int | None:
        """The windows that may train; the new ones only, where nothing is replayed."""
        asked = [number for number in (self.windows, None if self.replays else self.new) if number is not None]
        return min(asked, default=None)

    def draw(self, pool: Pool, *, rng: np.random.Generator) -> Drawn:  # noqa: ARG002 - nothing is drawn here
        """Say of each row which part it is of."""
        import numpy as np

        from keepfit.compose.words import Words

        ages = np.arange(len(pool.order))
        may = ages < (len(pool.order) if self.windows is None else self.windows)
        new = may & (ages < (len(pool.order) if self.new is None else self.new))
        fate = np.where(new, 0, np.where(may, 1 if self.replays else 2, 3)).astype(np.uint16)[pool.ages]
        return CodedDraw(part=Words(fate.clip(max=2), PARTS), reason=Words(fate, REASONS))
