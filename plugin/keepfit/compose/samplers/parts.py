"""The parts of a recipe: the newest windows in full, and a replay drawn from the windows before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keepfit.compose.samplers.sampler import Drawn, Pool

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, kw_only=True)
class WindowParts:
    """The newest `windows` may train (None: all), of them the newest `new` in full (None: all), and as `replay` a share of all training rows from the others.

    Fewer rows are replayed where the older windows have fewer. `max_rows` caps both and keeps the share. Rows are drawn by `compose/draws.py`.
    """

    name: ClassVar[str] = "parts"
    windows: int | None = None
    new: int | None = None
    replay: float = 0.0
    max_rows: int | None = None
    seed: int = 0

    @property
    def windows_needed(self) -> int | None:
        """The windows that may train; the new ones only, where nothing is replayed."""
        asked = [number for number in (self.windows, None if self.replay else self.new) if number is not None]
        return min(asked, default=None)

    def draw(self, pool: Pool, *, rng: np.random.Generator) -> Drawn:  # noqa: ARG002 - its draws go by the rows' own hashes
        """Say of each row where it goes."""
        import numpy as np

        from keepfit.compose.draws import lowest, ranks

        ages = pool.ages
        may = ages < (len(pool.order) if self.windows is None else self.windows)
        new = may & (ages < (len(pool.order) if self.new is None else self.new))
        groups = [np.flatnonzero(which) for which in (new, may & ~new)]
        enough = self._sizes(*(len(group) for group in groups))
        part = np.full(len(ages), "out", dtype=object)
        reason = np.full(len(ages), "older than the recipe's windows", dtype=object)
        reason[may] = "not drawn for replay" if self.replay else "older than the new windows"
        reason[new] = f"over max_rows {self.max_rows}"
        for n, group, name, why in zip(enough, groups, ("train", "replay"), ("new", "replayed"), strict=True):
            chosen = lowest(ranks(pool.hashes, f"parts {self.seed}"), group, n) if 0 < n < len(group) else group[:n]
            part[chosen], reason[chosen] = name, why
        return Drawn(part=part, reason=reason)

    def _sizes(self, new: int, older: int) -> list[int]:
        """How many new and how many older rows train: as many as the share of the replay allows, and under a cap in its proportion."""
        import numpy as np

        from keepfit.compose.allotment import allotted

        available, high = np.array([new, older]), np.array([1.0, self.replay])
        total = int(allotted(available, high=high, most=self.max_rows).sum())
        low = np.array([0.0, min(self.replay, older / total) if total else 0.0])
        return [int(n) for n in allotted(available, low=low, high=high, most=self.max_rows)]
