"""What each row's answer costs: by a matrix of costs over classes, or by a loss over a regression's errors.

>>> costs = MatrixCosts(square=((0.0, 5.0), (40.0, 0.0)), threshold=0.5)
>>> costs.rows(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.2, 0.9, 0.3, 0.5])).tolist()
[0.0, 5.0, 40.0, 0.0]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from keepfit.params import Params
from keepfit.params.impact import Matrix, best_threshold
from keepfit.stats.arrays import Array
from keepfit.stats.classes import THRESHOLD, answered


class RowCosts(Protocol):
    """What each row costs, given its label and a model's scores."""

    def rows(self, y: Array, s: Array) -> Array:
        """Return the cost of each row; below 0 is a benefit."""


@dataclass(frozen=True, kw_only=True)
class MatrixCosts:
    """Costs by true class (row) and acted-on class (column), in the order of the codes.

    `threshold` is from which probability of class 1 on a row of two classes is acted on as 1. `expected`: of many classes the answer is the one of the
    least expected cost instead of the likeliest, which is right where probabilities are calibrated. A row of a class that is not listed costs nothing,
    whatever the answer: the matrix does not say.
    """

    square: Matrix
    threshold: float | None = None
    expected: bool = False

    def acted(self, s: Array) -> npt.NDArray[np.int64]:
        """Return the class that each row is acted on as."""
        if s.ndim == 1:
            return np.asarray(s >= (THRESHOLD if self.threshold is None else self.threshold), dtype=np.int64)
        return np.asarray((s @ np.array(self.square)).argmin(axis=1), dtype=np.int64) if self.expected else answered(s)

    def rows(self, y: Array, s: Array) -> Array:
        """Return the cost of each row."""
        square = np.vstack([np.array(self.square), np.zeros(len(self.square))])
        return np.asarray(square[y.astype(np.int64), self.acted(s)])


@dataclass(frozen=True, kw_only=True)
class ErrorCosts:
    """Costs of a regression's error: `over` a unit answered too much, `under` a unit too little.

    >>> ErrorCosts(over=1.0, under=9.0).rows(np.array([10.0, 10.0]), np.array([12.0, 9.0])).tolist()
    [2.0, 9.0]
    """

    over: float
    under: float

    def rows(self, y: Array, s: Array) -> Array:
        """Return the cost of each row."""
        return np.asarray(self.over * np.maximum(s - y, 0.0) + self.under * np.maximum(y - s, 0.0))


def costs_of(params: Params) -> MatrixCosts | ErrorCosts | None:
    """Return what params say that answers cost; None where they say nothing."""
    asked, model = params.impact, params.model
    if asked.loss is not None:
        return ErrorCosts(over=asked.loss.over, under=asked.loss.under)
    if asked.costs is None:
        return None
    square = asked.matrix(model)
    if model.many:
        return MatrixCosts(square=square, expected=asked.threshold == "best")
    threshold = best_threshold(square) if asked.threshold == "best" else THRESHOLD if asked.threshold is None else float(asked.threshold)
    return MatrixCosts(square=square, threshold=threshold)
