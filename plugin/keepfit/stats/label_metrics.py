"""Metrics of two classes that are no plain mean over rows: balanced accuracy and F1, for models that answer labels and for scores cut at .5.

Both are smooth functions of means over rows. Their intervals are from the delta method: each row's influence on the value (van der Vaart,
*Asymptotic Statistics*, 1998, chapter 3) is a mean again, and two models' influences on the same rows pair up as errors do. Blind to
dependence between rows unless their clusters are given, as every mean is; and poor below about ten rows of a class, so fewer are undecidable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from keepfit.errors import DataError
from keepfit.stats.classes import THRESHOLD
from keepfit.stats.metric import SHARE, Difference, Range, Sound
from keepfit.stats.metrics import MIN_PER_CLASS, checked, difference_of, few_of_a_class
from keepfit.stats.spread import Influences, Spread, clustered, dense, one_cluster

if TYPE_CHECKING:
    import numpy.typing as npt

    from keepfit.stats.arrays import Array, Clusters


class SmoothOfMeans:
    """A metric that is a smooth function of means over rows: Student's t interval of its influences' mean."""

    name: ClassVar[str]
    greater_is_better: ClassVar[bool] = True
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    of_labels: ClassVar[bool] = True
    many: ClassVar[bool] = False
    mean_of_rows: ClassVar[bool] = False

    def with_influence(self, y: Array, s: Array) -> tuple[float, Array]:
        """Return the value and each row's influence on it (their mean is 0)."""
        raise NotImplementedError

    def weights(self, y: Array, *scores: Array) -> list[Array]:
        """Return, for each mean that the metric is made of, the weight of every row in it (0: it is not in it)."""
        raise NotImplementedError

    def undecidable(self, y: npt.ArrayLike, *, clusters: Clusters | None = None) -> str | None:
        """Return why these labels cannot decide anything, or None."""
        raise NotImplementedError

    def value(self, y: npt.ArrayLike, s: npt.ArrayLike) -> float:
        """Return the metric, 0 to 1."""
        return self.with_influence(*checked(y, s))[0]

    def spread(self, y: npt.ArrayLike, s: npt.ArrayLike, *, clusters: Clusters | None = None) -> Spread:
        """Return the standard error by the delta method."""
        labels, scores = checked(y, s)
        return self._spread(self.with_influence(labels, scores)[1], (labels, scores), clusters)

    def interval(self, y: npt.ArrayLike, s: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> tuple[float, float]:
        """Return the one-sided bounds, cut to 0..1."""
        labels, scores = checked(y, s)
        value, influence = self.with_influence(labels, scores)
        reach = self._spread(influence, (labels, scores), clusters).reach(confidence)
        return max(0.0, value - reach), min(1.0, value + reach)

    def difference(self, y: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> Difference:
        """Return b against a, from the paired influences of the rows."""
        labels, first, second = checked(y, a, b)
        (value_a, rows_a), (value_b, rows_b) = self.with_influence(labels, first), self.with_influence(labels, second)
        spread = self._spread(rows_b - rows_a, (labels, first, second), clusters)
        return difference_of((value_a, value_b), value_b - value_a, spread=spread, confidence=confidence, n=len(labels))

    def _spread(self, influence: Array, columns: tuple[Array, ...], clusters: Clusters | None) -> Spread:
        import numpy as np

        n = len(influence)
        if n < 2:
            raise DataError("an interval needs two rows")
        alone = Spread(error=float(influence.std(ddof=1) / np.sqrt(n)), freedom=n - 1)
        if clusters is None:
            return alone
        codes, means = dense(clusters, n), [(weight > 0, weight) for weight in self.weights(*columns)]
        return clustered([Influences(codes[inside], influence[inside] / n, weight[inside]) for inside, weight in means], alone)


@dataclass(frozen=True)
class TwoRecalls(SmoothOfMeans):
    """Balanced accuracy of two classes, whose answer is one column: what `balanced_accuracy.py` takes for them.

    >>> TwoRecalls().value([1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 1])
    0.625
    """

    def undecidable(self, y: npt.ArrayLike, *, clusters: Clusters | None = None) -> str | None:
        """Return why these labels cannot decide anything (fewer than ten rows of a class, or all of them of one cluster), or None."""
        return few_of_a_class(y, clusters)

    def weights(self, y: Array, *scores: Array) -> list[Array]:  # noqa: ARG002 - which rows a class has, no score says
        """Return the positive and the negative rows: each class has a share of its own."""
        import numpy as np

        return [np.asarray(rows, dtype=np.float64) for rows in (y == 1, y != 1)]

    def with_influence(self, y: Array, s: Array) -> tuple[float, Array]:
        """Return the mean of both shares, and what each row adds to its own class's share."""
        import numpy as np

        positive, right = y == 1, (s >= THRESHOLD) == (y == 1)
        if positive.all() or not positive.any():
            raise DataError("balanced accuracy needs rows of both classes, got one")
        shares = np.where(positive, right[positive].mean(), right[~positive].mean())
        weight = np.where(positive, 1 / positive.mean(), 1 / (~positive).mean()) / 2
        return float(right[positive].mean() + right[~positive].mean()) / 2, (right - shares) * weight


@dataclass(frozen=True)
class F1(SmoothOfMeans):
    """Harmonic mean of precision and recall of the positive class at the threshold .5: 2 TP / (2 TP + FP + FN). Blind to true negatives.

    >>> round(F1().value([1, 1, 1, 0, 0], [1, 1, 0, 1, 0]), 4)
    0.6667
    """

    name: ClassVar[str] = "f1"
    unit: ClassVar[str] = ""
    range: ClassVar[Range] = SHARE
    sound: ClassVar[Sound] = Sound(high=1.0)
    words: ClassVar[str] = "the harmonic mean of precision and recall"

    def undecidable(self, y: npt.ArrayLike, *, clusters: Clusters | None = None) -> str | None:
        """Return why these labels cannot decide anything (fewer than ten positive rows, or all of them of one cluster), or None."""
        import numpy as np

        positive = np.asarray(y, dtype=np.float64) == 1
        positives = int(positive.sum())
        if positives < MIN_PER_CLASS:
            return f"{positives} positive rows, at least {MIN_PER_CLASS} are needed"
        return None if clusters is None or one_cluster(clusters[positive]) is None else "all positive rows are of one cluster"

    def weights(self, y: Array, *scores: Array) -> list[Array]:
        """Return how often each row is a true or a predicted positive: F1 is a ratio to those."""
        import numpy as np

        return [np.sum([(y == 1).astype(np.float64) + (s >= THRESHOLD) for s in scores], axis=0)]

    def with_influence(self, y: Array, s: Array) -> tuple[float, Array]:
        """Return the ratio of the means of 2 hits and of (predicted + true) positives, and each row's influence on it."""
        import numpy as np

        positive, predicted = y == 1, s >= THRESHOLD
        both = positive.astype(np.float64) + predicted
        if not both.any():
            raise DataError("F1 needs a positive row, got none")
        hits = 2.0 * (positive & predicted)
        value = float(hits.sum() / both.sum())
        return value, (hits - value * both) / both.mean()
