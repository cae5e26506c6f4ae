"""The sampler `recent`: the newest windows in full, and a share of older rows so that they are not forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from keepfit.compose.samplers.sampler import CodedDraw, Drawn, Pool
from keepfit.errors import ParamsError
from keepfit.params.section import Share

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.compose.sources import Mask

Count = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, kw_only=True)
class Recent:
    """The newest `recent_windows` train (None: all), and a replay drawn from the windows before them.

    `replay_share` is the share of all training rows; fewer are taken if the older windows have fewer. `max_rows` caps
    both, keeping the share. Every row weighs the same.
    """

    name: ClassVar[str] = "recent"
    recent_windows: Count | None = None
    replay_share: Share = 0.0
    max_rows: Count | None = None

    @property
    def windows_needed(self) -> int | None:
        """The recent windows; all, where rows are drawn from the older ones."""
        return None if self.replay_share else self.recent_windows

    def draw(self, pool: Pool, *, rng: np.random.Generator) -> Drawn:
        """Say of each row where it goes; raises `ParamsError` for a replay share that leaves no room for recent rows."""
        import numpy as np

        from keepfit.compose.words import Words

        if self.replay_share >= 1:
            raise ParamsError("a replay share of 1 leaves no row of the recent windows", where="params.yaml: compose.replay_share", fix="a number below 1")
        is_recent = pool.ages < (len(pool.order) if self.recent_windows is None else self.recent_windows)
        n_recent, n_replay = self._sizes(int(is_recent.sum()), int((~is_recent).sum()))
        fate = np.where(is_recent, np.uint16(2), np.uint16(3))
        for place, (which, n) in enumerate(((is_recent, n_recent), (~is_recent, n_replay))):
            fate[_drawn(which, n, rng)] = place
        reasons = ("recent", "drawn from older windows", f"over max_rows {self.max_rows}", "older than the recent windows")
        return CodedDraw(part=Words(fate.clip(max=2), ("train", "replay", "out")), reason=Words(fate, reasons))

    def _sizes(self, n_recent: int, n_older: int) -> tuple[int, int]:
        """How many rows of the recent and of the older windows train."""
        n_replay = min(round(n_recent * self.replay_share / (1 - self.replay_share)), n_older)
        if self.max_rows is not None and n_recent + n_replay > self.max_rows:
            n_replay = min(n_replay, round(self.max_rows * self.replay_share))
            n_recent = min(n_recent, self.max_rows - n_replay)
        return n_recent, n_replay


def _drawn(which: Mask, n: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Positions of `n` of the marked rows, without replacement."""
    import numpy as np

    positions = np.flatnonzero(which)
    return positions if n >= len(positions) else np.sort(rng.choice(positions, size=n, replace=False))
