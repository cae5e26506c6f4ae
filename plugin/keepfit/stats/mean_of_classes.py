"""What the metrics of any number of classes share: a mean over the listed classes that have a row, of what each has against the rest (`over_classes.py`).

A row of a class that is not in the list is a wrong answer for the class that it was taken for (a false positive of F1, a negative of the area); no recall is
of it. A class that only answers name has no value of its own: scikit-learn's with `labels=` those that have a row, its default where all have one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from keepfit.errors import DataError
from keepfit.stats.classes import checked_codes, columns, with_rows
from keepfit.stats.metric import SHARE, Difference, Metric, Range
from keepfit.stats.metrics import checked, difference_of, few_of_a_class
from keepfit.stats.over_classes import OfClass, spread_of_one, spread_of_two, value_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from keepfit.stats.arrays import Array, Clusters
    from keepfit.stats.classes import Codes
    from keepfit.stats.spread import Spread


class MeanOfClasses:
    """A metric that is a mean over classes: value, interval and paired difference by the delta method."""

    name: ClassVar[str]
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    greater_is_better: ClassVar[bool] = True
    of_labels: ClassVar[bool] = True
    many: ClassVar[bool] = True
    mean_of_rows: ClassVar[bool] = False
    unit: ClassVar[str] = ""
    range: ClassVar[Range] = SHARE

    def classes(self, y: Array, s: Array) -> Iterator[OfClass]:
        """Yield what each listed class that has a row has on its own, with its share of the metric."""
        raise NotImplementedError

    def of_class(self, code: int) -> Metric:
        """Return what measures this class against the rest, on all rows."""
        raise NotImplementedError

    def undecidable(self, y: npt.ArrayLike, *, clusters: Clusters | None = None) -> str | None:
        """Return why these labels cannot decide anything (fewer than two classes of ten rows, or these of one cluster), or None."""
        return few_of_a_class(y, clusters)

    def value(self, y: npt.ArrayLike, s: npt.ArrayLike) -> float:
        """Return the metric, 0 to 1; raises `DataError` when the labels are of one class."""
        return value_of(self.classes(*checked(y, s, many=True)))

    def spread(self, y: npt.ArrayLike, s: npt.ArrayLike, *, clusters: Clusters | None = None) -> Spread:
        """Return the standard error by the delta method."""
        labels, scores = checked(y, s, many=True)
        return spread_of_one(self.classes(labels, scores), len(labels), clusters)[1]

    def interval(self, y: npt.ArrayLike, s: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> tuple[float, float]:
        """Return the one-sided bounds, cut to 0..1."""
        labels, scores = checked(y, s, many=True)
        value, spread = spread_of_one(self.classes(labels, scores), len(labels), clusters)
        reach = spread.reach(confidence)
        return max(0.0, value - reach), min(1.0, value + reach)

    def difference(self, y: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> Difference:
        """Return b against a, from the paired influences of the rows."""
        labels, first, second = checked(y, a, b, many=True)
        values, spread = spread_of_two(self.classes(labels, first), self.classes(labels, second), len(labels), clusters)
        return difference_of(values, values[1] - values[0], spread=spread, confidence=confidence, n=len(labels))


def there(y: Array, s: Array) -> tuple[Codes, list[int]]:
    """Return labels as codes and the listed classes that have a row; raises `DataError` if there are not two."""
    classes = columns(s[:1]).shape[1]
    codes = checked_codes(y, classes)
    found = with_rows(codes, classes)
    if len(found) < 2:
        raise DataError(f"a mean over classes needs rows of {'both' if classes == 2 else 'two'} classes, got {'one' if found else 'none'}")
    return codes, found
