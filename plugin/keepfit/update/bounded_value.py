"""A model, or one model against another, on the labelled rows of windows: one number with its bounds, None where the labels decide nothing.

Scores are asked for only where the labels decide something: a model may have to be trained for them. Rows of one cluster (all of one moment) have
a value, and bounds that say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from keepfit.stats.arrays import Array
from keepfit.stats.clusters import RowClusters, RowOrigins
from keepfit.stats.looks import over_looks
from keepfit.stats.metric import Metric


@dataclass(frozen=True, kw_only=True)
class BoundedValue:
    """A value, or a gain, with one-sided bounds on `n` labelled rows that came in so many `clusters` (None: independent).

    Of a gain with its design effect, and the degrees of freedom of its bounds (0: the normal law).
    """

    value: float
    low: float
    high: float
    n: int
    clusters: int | None = None
    design: float | None = None
    freedom: float = 0.0

    def at_look(self, look: int, *, confidence: float) -> BoundedValue:
        """Return it with bounds that hold over all looks, of which this is one, if its own hold at `confidence` for this look alone."""
        low, high = over_looks(self.value, (self.low, self.high), look=look, confidence=confidence, freedom=self.freedom)
        return replace(self, low=low, high=high)


def value_of(metric: Metric, y: Array, scores: Callable[[], Array], *, confidence: float, origins: RowOrigins | None = None) -> BoundedValue | None:
    """Return the metric of a model's scores on labels `y`; None without labels, or where they decide nothing. `origins`: when and whose the rows are."""
    if not len(y) or metric.undecidable(y):
        return None
    found, cut = scores(), _cut([origins])
    codes, count = (None, None) if cut is None else (cut.codes, cut.count)
    bounded = not metric.undecidable(y, clusters=codes)
    low, high = metric.interval(y, found, confidence, clusters=codes) if bounded else (-inf, inf)
    return BoundedValue(value=metric.value(y, found), low=low, high=high, n=len(y), clusters=count)


def gain_of(
    metric: Metric,
    labels: Sequence[Array],
    scores: Callable[[], Sequence[tuple[Array, Array]]],
    *,
    confidence: float,
    origins: Sequence[RowOrigins | None] = (),
) -> BoundedValue | None:
    """Return how much better the second scores are than the first on the rows of all windows together, given both of each window; None as `value_of`."""
    y = np.concatenate(labels)
    if not len(y) or metric.undecidable(y):
        return None
    first, second = (np.concatenate(columns) for columns in zip(*scores(), strict=True))
    cut = _cut(origins)
    codes = None if cut is None else cut.codes
    if metric.undecidable(y, clusters=codes):
        alone = metric.difference(y, first, second, confidence)
        return BoundedValue(value=alone.gain, low=-inf, high=inf, n=len(y), clusters=None if cut is None else cut.count)
    found = metric.difference(y, first, second, confidence, clusters=codes)
    return BoundedValue(value=found.gain, low=found.low, high=found.high, n=len(y), clusters=found.clusters, design=found.design, freedom=found.freedom)


def _cut(origins: Sequence[RowOrigins | None]) -> RowClusters | None:
    return RowOrigins.joined([RowOrigins() if one is None else one for one in origins]).clusters()
