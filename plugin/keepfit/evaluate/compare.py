"""Two models on the same rows: overall and per slice, each with a paired interval, or a reason why there is none.

What could not be measured is `error` (a model gave NaN); what too few rows cannot tell is `undecided`. Neither is a number
that somebody could take for a result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from keepfit.slices.masks import Mask
from keepfit.stats.arrays import Array, Clusters
from keepfit.stats.clusters import RowClusters
from keepfit.stats.metric import Difference, Metric, of_class, spread_of


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One slice under one metric. `status` says if it could be measured; only then are the numbers set.

    Without a champion, `difference` is None and only the challenger's value and its interval stand; `clusters` and `design` are the
    difference's, without one the value's.
    """

    slice: str
    metric: str
    n: int
    status: Literal["measured", "undecided", "error"]
    detail: str = ""
    champion: float | None = None
    challenger: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    difference: Difference | None = None
    clusters: int | None = None
    design: float | None = None


@dataclass(frozen=True, kw_only=True)
class ScoredRows:
    """Labels and both models' scores on the same rows, in the same order; `champion` None for a first model.

    Of many classes the labels are codes, and the scores of a row are a probability for each class (`tables/classes.py`).

    `clusters`: an integer for each row, the same for rows that vary together, which is what `cluster` names (`day`); None takes them as independent.
    """

    y: Array
    champion: Array | None
    challenger: Array
    clusters: Clusters | None = None
    cluster: str = ""

    def part(self, mask: Mask) -> ScoredRows:
        """Return the rows where `mask` is true."""
        champion = None if self.champion is None else self.champion[mask]
        clusters = None if self.clusters is None else self.clusters[mask]
        return ScoredRows(y=self.y[mask], champion=champion, challenger=self.challenger[mask], clusters=clusters, cluster=self.cluster)

    def in_clusters(self, found: RowClusters | None) -> ScoredRows:
        """Return the rows with what is known of how they vary together."""
        return self if found is None else replace(self, clusters=found.codes, cluster=found.unit)

    @property
    def broken(self) -> str | None:
        """Return which model gave scores that are not finite numbers and how many, or None."""
        for name, scores in (("challenger", self.challenger), ("champion", self.champion)):
            bad = 0 if scores is None else int((~np.isfinite(scores)).any(axis=tuple(range(1, scores.ndim))).sum())
            if bad:
                return f"the {name} gave {bad} scores that are not finite numbers"
        return None


def compare(metric: Metric, judged: ScoredRows, *, name: str, confidence: float, min_rows: int) -> Comparison:
    """Compare on one slice called `name`; labels must be finite (drop unlabelled rows before)."""
    n = len(judged.y)
    broken = judged.broken
    if broken:
        return Comparison(slice=name, metric=metric.name, n=n, status="error", detail=broken)
    reason = f"{n} rows, the rule asks for {min_rows}" if n < min_rows else metric.undecidable(judged.y, clusters=judged.clusters)
    if reason:
        return Comparison(slice=name, metric=metric.name, n=n, status="undecided", detail=reason)
    return _measured(metric, judged, name=name, confidence=confidence)


def compare_class(metric: Metric, judged: ScoredRows, code: int, *, name: str, confidence: float, min_rows: int) -> Comparison:
    """Compare on the rows of one class of many; `n` is their number.

    What a class's own rows leave undefined (F1, balanced accuracy, an area) is measured on all rows, this class against the rest.
    """
    own, mine = of_class(metric, code), judged.y == code
    n = int(mine.sum())
    if own is None:
        return compare(metric, judged.part(mine), name=name, confidence=confidence, min_rows=min_rows)
    if n < min_rows and not judged.broken:
        return Comparison(slice=name, metric=metric.name, n=n, status="undecided", detail=f"{n} rows, the rule asks for {min_rows}")
    found = compare(own, judged, name=name, confidence=confidence, min_rows=0)
    return replace(found, metric=metric.name, n=n, difference=None if found.difference is None else replace(found.difference, n=n))


def _measured(metric: Metric, judged: ScoredRows, *, name: str, confidence: float) -> Comparison:
    y, clusters = judged.y, judged.clusters
    low, high = metric.interval(y, judged.challenger, confidence, clusters=clusters)
    difference = None if judged.champion is None else metric.difference(y, judged.champion, judged.challenger, confidence, clusters=clusters)
    known = difference or (None if clusters is None else spread_of(metric, y, judged.challenger, clusters=clusters))
    return Comparison(
        slice=name,
        metric=metric.name,
        n=len(y),
        status="measured",
        champion=None if difference is None else difference.value_a,
        challenger=metric.value(y, judged.challenger),
        value_low=low,
        value_high=high,
        difference=difference,
        clusters=None if known is None else known.clusters,
        design=None if known is None else known.design,
    )
