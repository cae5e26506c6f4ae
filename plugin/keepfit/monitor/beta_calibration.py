"""How often a score between 0 and 1 comes true: beta calibration (Kull, Silva Filho & Flach, AISTATS 2017), with draws of what it has learned.

A logistic regression on log s and -log(1 - s): three numbers, so that it hardly overfits. It is pulled to "scores mean what they say" as by a few rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Floats = npt.NDArray[np.float64]
CLIP = 1e-6
IDENTITY: Floats = np.array([1.0, 1.0, 0.0])
PULL, STEPS, TOLERANCE = 10.0, 50, 1e-8


@dataclass(frozen=True)
class BetaDraws:
    """Draws (draws x 3) of the calibration of two classes."""

    theta: Floats

    def few(self, count: int) -> BetaDraws:
        """Return the first of the draws."""
        return BetaDraws(self.theta[:count])

    def labels(self, scores: Floats, rng: np.random.Generator) -> Iterator[Floats]:
        """Yield labels of rows with these scores, drawn from their chances: one set a draw."""
        chances = np.asarray(expit(self.theta @ terms(scores).T))
        yield from (rng.random(chances.shape) < chances).astype(np.float64)


def beta_calibrations(y: Floats, scores: Floats, *, draws: int, rng: np.random.Generator) -> Floats:
    """Return draws (draws x 3) from the normal law of the fitted calibration of labels 0/1 and their scores."""
    seen, theta = terms(scores), IDENTITY.copy()
    for _ in range(STEPS):
        chance = expit(seen @ theta)
        hessian = seen.T @ (seen * (chance * (1 - chance))[:, None]) + PULL * np.eye(3)
        step = np.linalg.solve(hessian, seen.T @ (y - chance) - PULL * (theta - IDENTITY))
        while _loss(theta + step, seen, y) > _loss(theta, seen, y) and np.abs(step).max() > TOLERANCE:
            step = step / 2
        theta = theta + step
        if np.abs(step).max() <= TOLERANCE:
            break
    return rng.multivariate_normal(theta, np.linalg.inv(hessian), size=draws, method="cholesky")


def terms(scores: Floats) -> Floats:
    """Return what the log odds are linear in: log s, -log(1 - s) and 1."""
    s = np.clip(scores, CLIP, 1 - CLIP)
    return np.stack([np.log(s), -np.log1p(-s), np.ones(len(s))], axis=1)


def _loss(theta: Floats, seen: Floats, y: Floats) -> float:
    """The negative log likelihood with the pull; convex, so that halved Newton steps reach its only minimum."""
    odds = seen @ theta
    return float(np.sum(np.logaddexp(0.0, odds) - y * odds) + PULL / 2 * np.sum((theta - IDENTITY) ** 2))
