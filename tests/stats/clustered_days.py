"""Simulated days whose models separate better on some than on others, and how often an interval of the paired gain keeps its promise on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import ndtr, ndtri

from keepfit.stats.metric import Metric
from keepfit.stats.metrics import AbsoluteError, RocAuc

CONFIDENCE = 0.95
CORRELATED = 0.7
BASE = 1.0
"""How far apart the two classes' normal scores lie, in sd: an AUC of .76."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """`spread`: by how many sd the difference of two models' separation varies from day to day; `gain`: what the second is truly better by."""

    days: int
    rows: int = 200
    spread: float = 0.15
    gain: float = 0.0
    unequal: bool = False
    share: float = 0.3
    correlated: float = CORRELATED
    metric: str = "roc_auc"

    def clusters(self, rng: np.random.Generator) -> np.ndarray:
        """The day of each row; unequal days are log-normal in size, the largest of ten about six times the smallest."""
        if not self.unequal:
            return np.repeat(np.arange(self.days), self.rows)
        sizes = np.exp(0.6 * rng.normal(size=self.days))
        return np.repeat(np.arange(self.days), np.maximum(2, (sizes / sizes.sum() * self.days * self.rows)).astype(int))

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Labels, both models' scores, and the day of each row."""
        day = self.clusters(rng)
        n = len(day)
        common, own = sqrt(self.correlated) * rng.normal(size=n), sqrt(1 - self.correlated)
        moved = [self.spread / sqrt(2) * rng.normal(size=self.days)[day] for _ in range(2)]
        noise = [common + own * rng.normal(size=n) for _ in range(2)]
        if self.metric == "mae":  # errors that are larger on some days than on others
            return np.zeros(n), noise[0] * np.exp(moved[0]), noise[1] * np.exp(moved[1]) * (1 - self.gain), day
        y = (rng.random(n) < self.share).astype(float)
        better = sqrt(2) * float(ndtri(ndtr(BASE / sqrt(2)) + self.gain))
        return y, y * (BASE + moved[0]) + noise[0], y * (better + moved[1]) + noise[1], day

    @property
    def truth(self) -> float:
        """The expected gain in the metric's unit."""
        if self.metric == "mae":
            return sqrt(2 / np.pi) * float(np.exp(self.spread**2 / 4)) * self.gain
        return self.gain


@dataclass(frozen=True)
class Kept:
    """Shares of the runs: the interval held the truth, was above 0 or the margin (surely better, not worse), below 0, undecidable; the mean design effect."""

    covered: float
    better: float
    worse: float
    undecided: float
    width: float
    design: float


def kept(setting: Setting, runs: int, *, seed: int, clustered: bool = True, margin: float = 0.0) -> Kept:
    """Draw and judge so often; `clustered` False takes the rows as independent; `margin` is by how much a model may be worse and yet be called better."""
    rng, metric = np.random.default_rng(seed), _metric(setting)
    found = [_one(metric, setting, rng, clustered=clustered, margin=margin) for _ in range(runs)]
    known = np.array([one for one in found if one is not None])
    return Kept(*known[:, :3].mean(axis=0), 1 - len(known) / runs, *known[:, 3:].mean(axis=0))


def _metric(setting: Setting) -> Metric:
    made: dict[str, Callable[[], Metric]] = {"roc_auc": RocAuc, "mae": AbsoluteError}
    return made[setting.metric]()


def _one(metric: Metric, setting: Setting, rng: np.random.Generator, *, clustered: bool, margin: float) -> tuple[float, ...] | None:
    y, a, b, day = setting.draw(rng)
    if metric.undecidable(y, clusters=day if clustered else None):
        return None
    found = metric.difference(y, a, b, CONFIDENCE, clusters=day if clustered else None)
    return found.low <= setting.truth <= found.high, found.low > -margin, found.high < 0, found.high - found.low, found.design or 1.0


SPREADS = (0.0, 0.15, 0.3)
DAYS = (8, 12, 25, 50, 100)
EQUAL = [Setting(days=days, rows=rows, spread=spread) for spread in SPREADS for days in DAYS for rows in (50, 200, 1000)]
UNEQUAL = [Setting(days=days, spread=spread, unequal=True) for spread in SPREADS for days in DAYS[:4]]
ERRORS = [Setting(days=days, spread=spread, metric="mae") for spread in SPREADS for days in DAYS[:4]] + [
    Setting(days=days, metric="mae", unequal=True) for days in (8, 25)
]
ODD = [Setting(days=days, rows=60, share=0.03) for days in (8, 25)] + [Setting(days=days, correlated=0.0) for days in (8, 25)]
"""A class that is missing on some days, and scores of two models that have nothing in common."""
FEW = [Setting(days=days, spread=spread) for days in (2, 3, 4, 5, 6, 7) for spread in SPREADS]
