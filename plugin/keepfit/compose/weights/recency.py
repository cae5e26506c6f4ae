"""The weight `recency`: a row counts half for every half-life that it is older than the newest window that trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from keepfit.errors import ParamsError

if TYPE_CHECKING:
    from keepfit.compose.quality.admissible import Floats
    from keepfit.compose.samplers.sampler import Pool
    from keepfit.records import Task

HalfLife = Annotated[float, Field(gt=0)]


@dataclass(frozen=True, kw_only=True)
class Recency:
    """Weights that halve with age: in windows (all rows of one window weigh the same), or in days since the newest row.

    Blind to whether the old rows were like the new: a season comes back. With gradient boosting a light row still counts as one row where leaves
    and bins are made, so old rows that should not matter are better left out (`windows: {last: n}`).
    """

    name: ClassVar[str] = "recency"
    last: ClassVar[bool] = False
    tasks: ClassVar[tuple[Task, ...]] = ("classification", "regression")
    half_life_windows: HalfLife | None = None
    half_life_days: HalfLife | None = None

    def __post_init__(self) -> None:
        """One half-life is meant."""
        if (self.half_life_windows is None) == (self.half_life_days is None):
            raise ValueError("recency needs one half-life: half_life_windows or half_life_days")

    def weigh(self, rows: Pool, given: Floats) -> Floats:
        """Halve the weights by age; raises `ParamsError` where the oldest rows would count for nothing."""
        import numpy as np

        weights: Floats = given * np.exp2(-self._ages(rows))
        if not (weights > 0).all():
            what = f"the half-life is so short that {int((weights == 0).sum())} rows would count for nothing"
            raise ParamsError(what, where="params.yaml: compose", fix="leave old rows out: windows: {last: …}, or a longer half-life")
        return weights

    def _ages(self, rows: Pool) -> Floats:
        """How many half-lives old each row is."""
        import numpy as np

        if self.half_life_days is not None:
            days: Floats = (rows.time.max() - rows.time) / np.timedelta64(1, "D")
            return days / self.half_life_days
        ages: Floats = rows.ages / (self.half_life_windows or 1)
        return ages
