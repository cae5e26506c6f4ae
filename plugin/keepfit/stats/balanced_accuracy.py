"""Balanced accuracy of two classes and of many: the mean of the classes' recalls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keepfit.stats.classes import answered
from keepfit.stats.label_metrics import TwoRecalls
from keepfit.stats.mean_of_classes import MeanOfClasses, there
from keepfit.stats.metric import Difference, Metric, Sound
from keepfit.stats.one_vs_rest import OneVsRest
from keepfit.stats.over_classes import ClassMean, OfClass

if TYPE_CHECKING:
    import numpy.typing as npt

    from keepfit.stats.arrays import Array, Clusters
    from keepfit.stats.spread import Spread

TWO = TwoRecalls()


class RecallsOfClass(OneVsRest):
    """The mean of the shares of a class's rows, and of the others, that are right about it."""

    two = TWO
    name: ClassVar[str] = "balanced_accuracy"
    of_labels: ClassVar[bool] = True
    sound: ClassVar[Sound] = Sound(low=0.5, high=1.0, above=True)
    words: ClassVar[str] = "the mean of the shares of its rows and of the others that are right about the class"


@dataclass(frozen=True)
class BalancedAccuracy(MeanOfClasses):
    """Mean of the shares of each class's rows whose class is right: what is rare counts as much as what is not. Blind to classes that are not listed.

    Of two classes the answer is cut at .5, of more it is the likeliest.

    >>> BalancedAccuracy().value([1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 1])
    0.625
    >>> round(BalancedAccuracy().value([0, 1, 2, 2], [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.5, 0.4], [0.1, 0.2, 0.7]]), 4)
    0.8333
    """

    name: ClassVar[str] = "balanced_accuracy"
    sound: ClassVar[Sound] = Sound(low=0.5, high=1.0, above=True)
    words: ClassVar[str] = "the mean of the shares of each class's rows whose class is right"

    def sound_of(self, classes: int) -> Sound:
        """Return what a model of so many classes that is worth serving can have: more than one that always says the same."""
        return Sound(low=1 / classes, high=1.0, above=True)

    def of_class(self, code: int) -> Metric:
        """Return the balanced accuracy of this class against the rest."""
        return RecallsOfClass(code)

    def classes(self, y: Array, s: Array) -> Iterator[OfClass]:
        """Yield each class's recall."""
        import numpy as np

        codes, found = there(y, s)
        right = np.asarray(answered(s) == codes, dtype=np.float64)
        for code in found:
            own = np.asarray(codes == code, dtype=np.float64)
            rows = int(own.sum())
            recall = float(right @ own) / rows
            mean = ClassMean(influence=own * (right - recall) / rows, weight=own)
            yield OfClass(value=recall, share=1 / len(found), rows=rows, means=(mean,), own=own)

    def value(self, y: npt.ArrayLike, s: npt.ArrayLike) -> float:
        """Return the mean of the recalls, 0 to 1."""
        return super().value(y, s) if by_class(s) else TWO.value(y, s)

    def spread(self, y: npt.ArrayLike, s: npt.ArrayLike, *, clusters: Clusters | None = None) -> Spread:
        """Return the standard error by the delta method."""
        return super().spread(y, s, clusters=clusters) if by_class(s) else TWO.spread(y, s, clusters=clusters)

    def interval(self, y: npt.ArrayLike, s: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> tuple[float, float]:
        """Return the one-sided bounds, cut to 0..1."""
        return super().interval(y, s, confidence, clusters=clusters) if by_class(s) else TWO.interval(y, s, confidence, clusters=clusters)

    def difference(self, y: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> Difference:
        """Return b against a, from the paired influences of the rows."""
        return super().difference(y, a, b, confidence, clusters=clusters) if by_class(a) else TWO.difference(y, a, b, confidence, clusters=clusters)


def by_class(s: npt.ArrayLike) -> bool:
    """Whether scores have a column for each class."""
    import numpy as np

    return np.ndim(s) == 2
