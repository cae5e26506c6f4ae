"""Rows by a score, the highest first; rows of one score in a random order of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from keepfit.errors import DataError

if TYPE_CHECKING:
    import numpy.typing as npt

    from keepfit.compose.draws import Hashes, Positions

DIGITS = 9


def highest_first(score: npt.NDArray[np.float64], rank: Hashes) -> Positions:
    """Return all positions by score (NaN last), equal scores by rank.

    >>> highest_first(np.array([0.1, 0.9, 0.1]), np.array([7, 8, 2], np.uint64)).tolist()
    [1, 2, 0]
    """
    known = np.where(np.isnan(score), -np.inf, np.round(score, DIGITS))
    found: Positions = np.lexsort((rank, -known)).astype(np.int64)
    return found


def probabilities(answers: npt.NDArray[np.float64] | None, strategy: str) -> npt.NDArray[np.float64]:
    """Return a classifier's answers as (n, K) probabilities; raises `DataError` where no model answered.

    >>> probabilities(np.array([0.25]), "any").tolist()
    [[0.75, 0.25]]
    """
    if answers is None:
        raise DataError(f"{strategy} needs the champion's answers", where="--strategy", fix="promote a first model, or choose a strategy that asks no model")
    return np.column_stack([1 - answers, answers]) if answers.ndim == 1 else answers
