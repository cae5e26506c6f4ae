"""Scores as people read them: a probability, the likeliest class with its probability, or the value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keepfit.stats.arrays import Array


def shown_scores(scores: Array, classes: Sequence[str]) -> list[str]:
    """Return a text a row: of many classes (a column each) the likeliest one, its probability beside it.

    >>> import numpy as np
    >>> shown_scores(np.array([0.254, 12.0]), ()), shown_scores(np.array([[0.1, 0.7, 0.2]]), ("a", "b", "c"))
    (['0.254', '12.0'], ['b 0.70'])
    """
    if scores.ndim == 1:
        return [f"{value:.3f}" if abs(value) < 1 else f"{value:.4g}" if abs(value) >= 100 else f"{value:.1f}" for value in scores.tolist()]
    return [f"{classes[at]} {row[at]:.2f}" for at, row in zip(scores.argmax(axis=1).tolist(), scores.tolist(), strict=True)]
