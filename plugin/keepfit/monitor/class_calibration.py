"""How often the probabilities of three and more classes come true: vector scaling, with draws of what it has learned.

    chance of class k = softmax(t log p + b)_k

with one number t for how sure answers are and one b a class for how often it comes (Guo, Pleiss, Sun & Weinberger, ICML 2017, without their matrix), pulled to
"probabilities mean what they say" (t = 1, b = 0) as by a few rows, so that a class with no row stays as it was. A 0 of a model that answers labels, or of a
class that it never saw, is cut at 1e-6. Blind to which other class a mistaken one goes to, beyond what the probabilities say.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
CLIP, PULL, STEPS, TOLERANCE = 1e-6, 10.0, 50, 1e-7


def class_chances(theta: Floats, scores: Floats) -> Floats:
    """Return the chance of each class (rows x classes) by one draw: t, then b of each class."""
    return _softmax(theta[0] * _logs(scores) + theta[1:])


def drawn_classes(chances: Floats, rng: np.random.Generator) -> Floats:
    """Return one label a row, drawn from its chances."""
    reached = np.cumsum(chances, axis=1)
    below = (reached < rng.random((len(chances), 1)) * reached[:, -1:]).sum(axis=1)
    return np.asarray(np.minimum(below, chances.shape[1] - 1), dtype=np.float64)


def class_calibrations(y: Floats, scores: Floats, *, draws: int, rng: np.random.Generator) -> Floats:
    """Return draws (draws x 1 + classes) from the normal law of the fitted calibration; rows of a class that is not listed teach nothing.

    >>> rng = np.random.default_rng(0)
    >>> p = rng.dirichlet((1, 1, 1), 4000)
    >>> found = class_calibrations(drawn_classes(p, rng), p, draws=100, rng=rng)
    >>> found.shape, bool(np.allclose(found.mean(axis=0), [1, 0, 0, 0], atol=0.15))
    ((100, 4), True)
    """
    classes = scores.shape[1]
    listed = y < classes
    logs, codes = _logs(scores[listed]), y[listed].astype(np.int64)
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
    return rng.multivariate_normal(theta, np.linalg.inv(_slopes(theta, logs, codes, identity)[1]), size=draws, method="cholesky")


def _slopes(theta: Floats, logs: Floats, codes: npt.NDArray[np.int64], identity: Floats) -> tuple[Floats, Floats]:
    """Gradient and Hessian of the negative log likelihood with the pull."""
    chance = _softmax(theta[0] * logs + theta[1:])
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


def _softmax(odds: Floats) -> Floats:
    weights = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
