"""Metrics of classes that are no plain mean over rows: balanced accuracy and F1, for models that answer labels and for scores cut at .5.

Both are smooth functions of means over rows. Their intervals are from the delta method: each row's influence on the value (van der Vaart,
*Asymptotic Statistics*, 1998, chapter 3) is a mean again, and two models' influences on the same rows pair up as errors do. Blind to
dependence between rows, as every mean is; and poor below about ten rows of a class, so fewer are undecidable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from keepfit.errors import DataError
from keepfit.stats.bounds import quantile
from keepfit.stats.metric import SHARE, Difference, Range, Sound
from keepfit.stats.metrics import MIN_PER_CLASS, checked, difference_of, few_of_a_class

if TYPE_CHECKING:
    import numpy.typing as npt

    from keepfit.stats.arrays import Array

THRESHOLD = 0.5


class SmoothOfMeans:
    """A metric that is a smooth function of means over rows: Student's t interval of its influences' mean."""

    name: ClassVar[str]
    greater_is_better: ClassVar[bool] = True
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    of_labels: ClassVar[bool] = True
    mean_of_rows: ClassVar[bool] = False

    def with_influence(self, y: Array, s: Array) -> tuple[float, Array]:
        """Return the value and each row's influence on it (their mean is 0)."""
        raise NotImplementedError

    def undecidable(self, y: npt.ArrayLike) -> str | None:
        """Return why these labels cannot decide anything, or None."""
        raise NotImplementedError

    def value(self, y: npt.ArrayLike, s: npt.ArrayLike) -> float:
        """Return the metric, 0 to 1."""
        return self.with_influence(*checked(y, s))[0]

    def interval(self, y: npt.ArrayLike, s: npt.ArrayLike, confidence: float) -> tuple[float, float]:
        """Return the one-sided bounds, cut to 0..1."""
        value, influence = self.with_influence(*checked(y, s))
        reach = quantile(confidence, len(influence) - 1) * _error(influence)
        return max(0.0, value - reach), min(1.0, value + reach)

    def difference(self, y: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, confidence: float) -> Difference:
        """Return b against a, from the paired influences of the rows."""
        labels, first, second = checked(y, a, b)
        (value_a, rows_a), (value_b, rows_b) = self.with_influence(labels, first), self.with_influence(labels, second)
        error = _error(rows_b - rows_a)
        return difference_of((value_a, value_b), value_b - value_a, error=error, confidence=confidence, freedom=len(labels) - 1, n=len(labels))


def _error(influence: Array) -> float:
    import numpy as np

    if len(influence) < 2:
        raise DataError("an interval needs two rows")
    return float(influence.std(ddof=1) / np.sqrt(len(influence)))


@dataclass(frozen=True)
class BalancedAccuracy(SmoothOfMeans):
    """Mean of the shares of positives and of negatives whose class is right at the threshold .5: what is rare counts as much as what is not.

    >>> BalancedAccuracy().value([1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 1])
    0.625
    """

    name: ClassVar[str] = "balanced_accuracy"
    unit: ClassVar[str] = ""
    range: ClassVar[Range] = SHARE
    sound: ClassVar[Sound] = Sound(low=0.5, high=1.0, above=True)
    words: ClassVar[str] = "the mean of the shares of positives and of negatives whose class is right"

    def undecidable(self, y: npt.ArrayLike) -> str | None:
        """Return why these labels cannot decide anything (fewer than ten rows of a class), or None."""
        return few_of_a_class(y)

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

    def undecidable(self, y: npt.ArrayLike) -> str | None:
        """Return why these labels cannot decide anything (fewer than ten positive rows), or None."""
        import numpy as np

        positives = int((np.asarray(y, dtype=np.float64) == 1).sum())
        return f"{positives} positive rows, at least {MIN_PER_CLASS} are needed" if positives < MIN_PER_CLASS else None

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
