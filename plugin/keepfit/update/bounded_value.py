"""A model, or one model against another, on the labelled rows of windows: one number with its bounds, None where the labels decide nothing.

Scores are asked for only where the labels decide something: a model may have to be trained for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepfit.stats.arrays import Array
from keepfit.stats.looks import over_looks
from keepfit.stats.metric import Metric


@dataclass(frozen=True, kw_only=True)
class BoundedValue:
    """A value, or a gain, with one-sided bounds on `n` labelled rows."""

    value: float
    low: float
    high: float
    n: int

    def at_look(self, look: int, *, confidence: float) -> BoundedValue:
        """Return it with bounds that hold over all looks, of which this is one, if its own hold at `confidence` for this look alone."""
        low, high = over_looks(self.value, (self.low, self.high), look=look, confidence=confidence)
        return replace(self, low=low, high=high)


def value_of(metric: Metric, y: Array, scores: Callable[[], Array], *, confidence: float) -> BoundedValue | None:
    """Return the metric of a model's scores on labels `y`; None without labels, or where they decide nothing."""
    if not len(y) or metric.undecidable(y):
        return None
    found = scores()
    low, high = metric.interval(y, found, confidence)
    return BoundedValue(value=metric.value(y, found), low=low, high=high, n=len(y))


def gain_of(metric: Metric, labels: Sequence[Array], scores: Callable[[], Sequence[tuple[Array, Array]]], *, confidence: float) -> BoundedValue | None:
    """Return how much better the second scores are than the first on the rows of all windows together, given both of each window; None as `value_of`."""
    y = np.concatenate(labels)
    if not len(y) or metric.undecidable(y):
        return None
    first, second = (np.concatenate(columns) for columns in zip(*scores(), strict=True))
    found = metric.difference(y, first, second, confidence)
    return BoundedValue(value=found.gain, low=found.low, high=found.high, n=len(y))
