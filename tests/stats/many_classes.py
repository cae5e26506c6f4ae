"""Rows of several classes with two models' probabilities, and what is known of them."""

from __future__ import annotations

import numpy as np


def answers(y: np.ndarray, classes: int, rng: np.random.Generator, *, sharpness: float) -> np.ndarray:
    """Probabilities that favour the true class; a row of a class that is not listed gets some."""
    logits = rng.normal(size=(len(y), classes))
    listed = y < classes
    logits[np.flatnonzero(listed), y[listed].astype(int)] += sharpness
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def drawn(n: int = 500, *, classes: int = 4, seed: int = 1, shares: tuple[float, ...] = ()) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes, and a model's and a better one's probabilities."""
    rng = np.random.default_rng(seed)
    y = rng.choice(classes, n, p=shares or None).astype(float)
    return y, answers(y, classes, rng, sharpness=1.5), answers(y, classes, rng, sharpness=2.2)
