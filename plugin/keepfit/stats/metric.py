"""What a metric is: a value, an interval, and a paired difference of two models on the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Model b against model a on the same rows; `gain` is signed so that positive means b is better.

    `low` and `high` are one-sided bounds of the gain, each at the confidence asked for; `error` is the gain's standard error;
    `p_harm` is the one-sided p-value of "b is not worse than a" (small: b is worse).
    """

    value_a: float
    value_b: float
    gain: float
    low: float
    high: float
    p_harm: float
    n: int
    error: float


class Metric(Protocol):
    """What a metric must offer: a value, a one-model interval, a paired difference, and what it cannot be measured on.

    A metric with an attribute `of_labels = True` also measures models that answer labels 0 and 1 instead of probabilities.
    """

    name: str
    greater_is_better: bool
    task: Literal["classification", "regression"]

    def undecidable(self, y: Array) -> str | None:
        """Return why these labels cannot decide anything (one class only …), or None."""

    def value(self, y: Array, s: Array) -> float:
        """Return the metric of scores `s` on labels `y`."""

    def interval(self, y: Array, s: Array, confidence: float) -> tuple[float, float]:
        """Return the one-sided lower and upper bound of the value, each at `confidence`."""

    def difference(self, y: Array, a: Array, b: Array, confidence: float) -> Difference:
        """Return b against a on the same rows."""
