"""What a policy's score is held against, with as many trainings: the best schedule in hindsight, evenly spaced retraining, and random schedules.

All three retrain on all history, unseen, and serve from the next window on. A policy that brings a model before back, or has a better recipe, may surpass
the best of them; the regret is against what no policy can surpass (`total`, `hindsight.py`). Scores are of the mean metric over the windows measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from keepfit.update.hindsight import best_schedule_totals, best_totals
from keepfit.update.schedules import drawn, spaced, totals

Floats = npt.NDArray[np.float64]
LOW, HIGH = 0.05, 0.95
NOTHING = 1e-12


@dataclass(frozen=True, kw_only=True)
class Standard:
    """The mean metric of schedules with so many trainings: the best, evenly spaced ones, and 200 random ones.

    Of the random ones the mean, and what one in twenty does not reach (`random_low`) or surpasses (`random_high`), whichever way the metric counts.
    """

    trainings: int
    best: float
    spaced: float
    random_mean: float
    random_low: float
    random_high: float


@dataclass(frozen=True, kw_only=True)
class Standards:
    """Standards by number of trainings.

    `scores` (models x windows after the first, larger is better, 0 for what was not measured) holds the models of all history first, one a window;
    `ends` says up to which window each model learned, `measured` how many windows were, `sign` -1 where smaller is better.
    """

    scores: Floats
    ends: Sequence[int]
    measured: int
    sign: float
    most: int

    @cached_property
    def total(self) -> list[float]:
        """The best total score with at most 0, 1 … trainings of any recipe, whatever comes back."""
        return [float(total) for total in best_totals(self.scores, self.ends, most=self.most)]

    @cached_property
    def best(self) -> list[float]:
        """The best total score of a schedule on all history with at most 0, 1 … trainings."""
        return [float(total) for total in best_schedule_totals(self._history, most=self.most)]

    @property
    def _history(self) -> Floats:
        return self.scores[: self.windows - 1]

    @property
    def windows(self) -> int:
        """How many windows there are, the first included."""
        return int(self.scores.shape[1]) + 1

    @property
    def never(self) -> float:
        """The total of the first model on all history."""
        return float(self.scores[0].sum())

    def of(self, trainings: int) -> Standard | None:
        """Return what schedules with so many trainings come to; None if nothing was measured."""
        if not self.measured:
            return None
        chance = totals(self._history, drawn(self.windows, trainings))
        return Standard(
            trainings=trainings,
            best=self._mean(self.best[min(trainings, self.most)]),
            spaced=self._mean(float(totals(self._history, [spaced(self.windows, trainings)])[0])),
            random_mean=self._mean(float(chance.mean())),
            random_low=self._mean(float(np.quantile(chance, LOW))),
            random_high=self._mean(float(np.quantile(chance, HIGH))),
        )

    def share(self, trainings: int, total: float) -> float | None:
        """Return how much of what the best schedule with so many trainings gains over never retraining a total score gained; None for nothing to gain."""
        gain = self.best[min(trainings, self.most)] - self.never
        return (total - self.never) / gain if gain > NOTHING * abs(self.never) and self.measured else None

    def _mean(self, total: float) -> float:
        return self.sign * total / self.measured
