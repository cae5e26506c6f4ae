"""How often the probabilities of three and more classes come true, with draws of what was learned: two calibrations, one upon the other.

1. Vector scaling: the chance of class k is softmax(t log p + b)_k, with one number t for how sure answers are and one b a class for how often it comes (Guo,
   Pleiss, Sun & Weinberger, ICML 2017). It is pulled to "probabilities mean what they say" (t = 1, b = 0) as by a row, so that a class with no row stays.
2. Beta calibration (`beta_calibration.py`) of the likeliest class's chance, which decides how often the answer is right: one t for all classes leaves it off
   by a point or two. What it leaves goes to the other classes in proportion to the first.

A 0 of a model that answers labels, or of a class that it never saw, is cut at 1e-6. Blind to which class a mistaken one goes to beyond what the
probabilities say, and to classes that are not listed: their rows teach that the answer was wrong, no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from keepfit.monitor.beta_calibration import beta_calibrations, terms
from keepfit.stats.classes import answered

Floats = npt.NDArray[np.float64]
CLIP, PULL, STEPS, TOLERANCE = 1e-6, 1.0, 50, 1e-7


@dataclass(frozen=True, kw_only=True)
class ClassDraws:
    """The vector scaling that was fitted (1 + classes), draws of it for the classes that are not the likeliest, and draws of the likeliest's chance."""

    fitted: Floats
    others: Floats
    top: Floats

    def few(self, count: int) -> ClassDraws:
        """Return the first of the draws."""
        return replace(self, others=self.others[:count], top=self.top[:count])

    def labels(self, scores: Floats, rng: np.random.Generator) -> Iterator[Floats]:
        """Yield labels of rows with these scores, drawn from their chances: one set a draw."""
        for chances in self.chances(scores):
            yield _drawn(chances, rng)

    def chances(self, scores: Floats) -> Iterator[Floats]:
        """Yield the chance of each class (rows x classes): one set a draw."""
        logs, rows, likeliest = _logs(scores), np.arange(len(scores)), answered(scores)
        seen = terms(_scaled(self.fitted, logs)[rows, likeliest])
        for others, top in zip(self.others, self.top, strict=True):
            sure, chance = expit(seen @ top), _scaled(others, logs)
            chance[rows, likeliest] = 0.0
            chance *= ((1 - sure) / np.maximum(chance.sum(axis=1), CLIP))[:, None]
            chance[rows, likeliest] = sure
            yield chance


def class_calibrations(y: Floats, scores: Floats, *, draws: int, rng: np.random.Generator) -> ClassDraws:
    """Return what labels (codes) and the scores of their rows teach.

    >>> rng = np.random.default_rng(0)
    >>> p = rng.dirichlet((1, 1, 1), 4000)
    >>> y = (p.cumsum(axis=1) < rng.random((4000, 1))).sum(axis=1).astype(float)
    >>> found = class_calibrations(y, p, draws=100, rng=rng)
    >>> bool(np.allclose(found.fitted, [1, 0, 0, 0], atol=0.15)), bool(np.allclose(next(found.chances(p)), p, atol=0.1))
    (True, True)
    """
    classes, likeliest = scores.shape[1], answered(scores)
    listed = y < classes
    fitted, spread = _vector_scaling(_logs(scores[listed]), y[listed].astype(np.int64), classes)
    sure = _scaled(fitted, _logs(scores))[np.arange(len(y)), likeliest]
    right = np.asarray(likeliest == y, dtype=np.float64)
    return ClassDraws(
        fitted=fitted,
        others=rng.multivariate_normal(fitted, spread, size=draws, method="cholesky"),
        top=beta_calibrations(right, sure, draws=draws, rng=rng),
    )


def _drawn(chances: Floats, rng: np.random.Generator) -> Floats:
    """One label a row, drawn from its chances."""
    reached = np.cumsum(chances, axis=1)
    below = (reached < rng.random((len(chances), 1)) * reached[:, -1:]).sum(axis=1)
    return np.asarray(np.minimum(below, chances.shape[1] - 1), dtype=np.float64)


def _vector_scaling(logs: Floats, codes: npt.NDArray[np.int64], classes: int) -> tuple[Floats, Floats]:
    """The fitted numbers, t first, and their covariance."""
    identity = np.concatenate([[1.0], np.zeros(classes)])
    theta = identity.copy()
    for _ in range(STEPS):
        gradient, hessian = _slopes(theta, logs, codes, identity)
        step = np.linalg.solve(hessian, -gradient)
        while _loss(theta + step, logs, codes, identity) > _loss(theta, logs, codes, identity) and np.abs(step).max() > TOLERANCE:
            step = step / 2
        theta = theta + step
        if np.abs(step).max() <= TOLERANCE:
            break
    return theta, np.asarray(np.linalg.inv(_slopes(theta, logs, codes, identity)[1]), dtype=np.float64)


def _slopes(theta: Floats, logs: Floats, codes: npt.NDArray[np.int64], identity: Floats) -> tuple[Floats, Floats]:
    """Gradient and Hessian of the negative log likelihood with the pull."""
    chance = _scaled(theta, logs)
    off = chance.copy()
    off[np.arange(len(codes)), codes] -= 1
    gradient = np.concatenate([[float((off * logs).sum())], off.sum(axis=0)]) + PULL * (theta - identity)
    mean = (chance * logs).sum(axis=1, keepdims=True)
    mixed = (chance * (logs - mean)).sum(axis=0)
    hessian = np.empty((len(theta), len(theta)))
    hessian[0, 0] = float((chance * (logs - mean) ** 2).sum())
    hessian[0, 1:] = hessian[1:, 0] = mixed
    hessian[1:, 1:] = np.diag(chance.sum(axis=0)) - chance.T @ chance
    return gradient, hessian + PULL * np.eye(len(theta))


def _loss(theta: Floats, logs: Floats, codes: npt.NDArray[np.int64], identity: Floats) -> float:
    """Convex, so that halved Newton steps reach its only minimum."""
    odds = theta[0] * logs + theta[1:]
    top = odds.max(axis=1)
    total = top + np.log(np.exp(odds - top[:, None]).sum(axis=1))
    return float((total - odds[np.arange(len(codes)), codes]).sum() + PULL / 2 * ((theta - identity) ** 2).sum())


def _logs(scores: Floats) -> Floats:
    return np.log(np.clip(scores, CLIP, 1.0))


def _scaled(theta: Floats, logs: Floats) -> Floats:
    odds = theta[0] * logs + theta[1:]
    weights = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
