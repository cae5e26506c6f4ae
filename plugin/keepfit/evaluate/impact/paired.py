"""The gain of one row, challenger against champion, with an interval that knows which rows vary together.

The interval is that of a mean of paired differences, clustered as the metrics' are (`stats/spread.py`). Where clusters are days or stretches of time they
may resemble their neighbours, and the interval knows that as well (`stats/neighbours.py`); groups have no neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepfit.stats.arrays import Array, Clusters
from keepfit.stats.neighbours import along_time
from keepfit.stats.spread import Influences, Spread, clustered, dense, one_cluster

GROUP = "group"


@dataclass(frozen=True, kw_only=True)
class PairedMean:
    """A mean over `n` rows with the interval `low` to `high`, both None where there can be none, and `why`."""

    mean: float
    n: int
    low: float | None = None
    high: float | None = None
    clusters: int | None = None
    design: float | None = None
    why: str = ""


def paired_mean(gains: Array, *, confidence: float, clusters: Clusters | None = None, cluster: str = "", weights: Array | None = None) -> PairedMean:
    """Return the mean of the rows' gains, with an interval that holds at `confidence` (both ends together).

    `weights`: how many rows each stands for, None: itself. `clusters` are codes in the order of time, unless `cluster` names groups.

    >>> found = paired_mean(np.array([1.0, 2.0, 3.0]), confidence=0.95)
    >>> found.mean, round(found.low, 3), round(found.high, 3)
    (2.0, -0.484, 4.484)
    """
    mean, n = float(np.average(gains, weights=weights)), len(gains)
    why = "one row has no interval" if n < 2 else one_cluster(clusters)
    if why:
        return PairedMean(mean=mean, n=n, why=why)
    spread = spread_of_mean(gains, clusters=clusters, cluster=cluster, weights=weights)
    reach = spread.reach((1 + confidence) / 2)
    return PairedMean(mean=mean, n=n, low=mean - reach, high=mean + reach, clusters=spread.clusters, design=spread.design)


def spread_of_mean(gains: Array, *, clusters: Clusters | None, cluster: str, weights: Array | None = None) -> Spread:
    """Return the spread of the rows' mean; of a weighted one that of the ratio of two sums."""
    n, weight = len(gains), np.ones(len(gains)) if weights is None else weights
    influence = weight * (gains - np.average(gains, weights=weight)) / weight.sum()
    alone = Spread(error=float(np.sqrt((influence**2).sum() * n / (n - 1))), freedom=n - 1)
    if clusters is None:
        return alone
    part = Influences(dense(clusters, n), influence, weights)
    return clustered([part], alone) if cluster == GROUP else along_time(part, alone)
