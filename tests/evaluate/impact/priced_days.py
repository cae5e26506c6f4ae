"""Days that resemble the day before, on which two equally good models are acted on and priced, and how often the interval of the gain keeps its promise."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.impact.costs import ErrorCosts, MatrixCosts
from keepfit.evaluate.impact.paired import paired_mean
from keepfit.stats.spread import Influences, Spread, clustered

CONFIDENCE = 0.95
COSTS = MatrixCosts(square=((0.0, 5.0), (40.0, 0.0)), threshold=5 / 45)
LOSS = ErrorCosts(over=1.0, under=3.0)


@dataclass(frozen=True, kw_only=True)
class Days:
    """`alike`: the correlation of a day's effect with that of the day before; `spread`: how many sd of a row's score a day moves a model's scores.

    Both models have the same law, so the true gain is 0. Days are unequal in size: gamma with a coefficient of variation of one half.
    """

    days: int
    alike: float = 0.0
    rows: int = 60
    spread: float = 0.4
    regression: bool = False

    def draw(self, rng: np.random.Generator) -> ScoredRows:
        """Labels, both models' scores and the day of each row."""
        sizes = np.maximum(2, rng.gamma(4, self.rows / 4, self.days).astype(int))
        day = np.repeat(np.arange(self.days), sizes)
        y = rng.normal(size=len(day)) if self.regression else (rng.random(len(day)) < 0.2).astype(float)
        common = rng.normal(size=len(day))
        return ScoredRows(y=y, champion=self.score(y, common, day, rng), challenger=self.score(y, common, day, rng), clusters=day, cluster="day")

    def score(self, y: np.ndarray, common: np.ndarray, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """One model's scores: what the row is, what is hard for both, its own noise, and its day."""
        effects = rng.normal(size=self.days)
        for at in range(1, self.days):
            effects[at] = self.alike * effects[at - 1] + sqrt(1 - self.alike**2) * effects[at]
        noise = 0.8 * common + 0.6 * rng.normal(size=len(y)) + self.spread * effects[day]
        return y + noise if self.regression else 1 / (1 + np.exp(-(2 * y - 2 + noise)))


def covered(setting: Days, runs: int, *, seed: int) -> tuple[float, float]:
    """How often the interval holds the true gain, 0; and how often one would that takes days as independent of each other."""
    rng, costs, held = np.random.default_rng(seed), LOSS if setting.regression else COSTS, np.zeros(2)
    for _ in range(runs):
        drawn = setting.draw(rng)
        gains = costs.rows(drawn.y, drawn.champion) - costs.rows(drawn.y, drawn.challenger)
        found = paired_mean(gains, confidence=CONFIDENCE, clusters=drawn.clusters, cluster=drawn.cluster)
        alone = Spread(error=gains.std(ddof=1) / sqrt(len(gains)), freedom=len(gains) - 1)
        plain = clustered([Influences(drawn.clusters, (gains - gains.mean()) / len(gains))], alone).reach((1 + CONFIDENCE) / 2)
        held += (found.low <= 0 <= found.high, abs(found.mean) <= plain)
    return float(held[0] / runs), float(held[1] / runs)
