"""A metric that is a weighted mean over classes of what each class has on its own (a recall, an F1, an area), with its spread.

Each class's own value is a smooth function of means over rows, so the metric is too: a row adds to the error what it adds in every class (the delta method;
van der Vaart, *Asymptotic Statistics*, 1998, chapter 3). What a row adds to a class is divided by what the class's other rows weigh, the root of it where rows
are independent (HC2 of MacKinnon & White, Journal of Econometrics 29, 1985: DeLong's variance of an area exactly) and the whole of it for clusters
(`spread.py`).

A class of fewer than ten rows, or of one cluster, tells nothing of its own variance: three rows that are all right have none. It is taken at
q (1 - q) / rows x (1 + 2 / rows) with q = (rows x value + 2) / (rows + 4) (Agresti & Coull, The American Statistician 52, 1998): a recall's variance,
and the largest that an area with so many rows of the class can have (Birnbaum & Klose, Annals of Mathematical Statistics 28, 1957). Blind to dependence
between rows unless their clusters are given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.stats.spread import Spread, dense, from_sums

if TYPE_CHECKING:
    from keepfit.stats.arrays import Array, Clusters

THIN = 10
ALL = 1 - 1e-12


@dataclass(frozen=True, eq=False, kw_only=True)
class ClassMean:
    """What one of a class's means is moved by: each row's influence on the class's value and its weight in the mean (0: not in it)."""

    influence: Array
    weight: Array


@dataclass(frozen=True, eq=False, kw_only=True)
class OfClass:
    """A class's own value, its share of the metric, how many rows it has, and the means that its value is made of."""

    value: float
    share: float
    rows: int
    means: tuple[ClassMean, ...]
    own: Array
    """Which rows are of the class."""

    @property
    def prior(self) -> float:
        """The variance that a class of few rows is taken at."""
        q = (self.rows * self.value + 2) / (self.rows + 4)
        return q * (1 - q) / self.rows * (self.rows + 2) / self.rows


class Sums:
    """What rows, and the clusters that they come in, add to the error, class by class, so that no more than one class is held at a time."""

    def __init__(self, rows: int, clusters: Clusters | None) -> None:
        import numpy as np

        if rows < 2:
            raise DataError("an interval needs two rows")
        self.codes = None if clusters is None else dense(clusters, rows)
        size = 0 if self.codes is None else 1 + int(self.codes.max())
        self.alone, self.together, self.shares = np.zeros(rows), np.zeros(size), np.zeros(size)
        self.prior, self.means = 0.0, 0

    def add(self, one: OfClass, means: Sequence[ClassMean], prior: float) -> None:
        """Add a class by its means, or by its prior variance where its rows are too few or of one cluster."""
        shares = [self._shares(mean.weight) for mean in (ClassMean(influence=one.own, weight=one.own), *means)]
        if one.rows < THIN or any(share.size and share.max() > ALL for share in shares):
            self.prior += one.share**2 * prior
            return
        for mean, share in zip(means, shares[1:], strict=True):
            self._add(mean, one.share, share)

    def _shares(self, weight: Array) -> Array:
        import numpy as np

        if self.codes is None:
            return self.shares
        return np.asarray(np.bincount(self.codes, weights=weight, minlength=len(self.shares)) / weight.sum())

    def _add(self, mean: ClassMean, scale: float, share: Array) -> None:
        import numpy as np

        self.alone += scale * mean.influence / np.sqrt(1 - mean.weight / mean.weight.sum())
        self.means += 1
        if self.codes is not None:
            self.together += scale * np.bincount(self.codes, weights=mean.influence, minlength=len(share)) / (1 - share)
            self.shares += share

    def spread(self) -> Spread:
        """Return the spread of what was added."""
        import numpy as np

        alone = Spread(error=float(np.sqrt((self.alone**2).sum() + self.prior)), freedom=len(self.alone) - 1)
        return alone if self.codes is None or not self.means else from_sums(self.together, self.shares / self.means, alone, more=self.prior)


def value_of(found: Iterator[OfClass]) -> float:
    """Return the weighted mean."""
    return sum(one.share * one.value for one in found)


def spread_of_one(found: Iterator[OfClass], rows: int, clusters: Clusters | None) -> tuple[float, Spread]:
    """Return the metric of one model with its spread."""
    sums, value = Sums(rows, clusters), 0.0
    for one in found:
        value += one.share * one.value
        sums.add(one, one.means, one.prior)
    return value, sums.spread()


def spread_of_two(first: Iterator[OfClass], second: Iterator[OfClass], rows: int, clusters: Clusters | None) -> tuple[tuple[float, float], Spread]:
    """Return the metric of two models on the same rows with the spread of the second's above the first's."""
    sums, values = Sums(rows, clusters), [0.0, 0.0]
    for a, b in zip(first, second, strict=True):
        values[0] += a.share * a.value
        values[1] += b.share * b.value
        paired = tuple(ClassMean(influence=y.influence - x.influence, weight=x.weight + y.weight) for x, y in zip(a.means, b.means, strict=True))
        alike = not any(mean.influence.any() for mean in paired)
        sums.add(a, paired, 0.0 if alike else a.prior + b.prior)
    return (values[0], values[1]), sums.spread()
