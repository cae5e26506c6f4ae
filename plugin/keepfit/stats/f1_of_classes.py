"""F1 of any number of classes: the mean of the classes' own (`macro`), or weighted by their rows (`weighted`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keepfit.stats.classes import answered
from keepfit.stats.label_metrics import F1
from keepfit.stats.mean_of_classes import MeanOfClasses, there
from keepfit.stats.metric import Metric, Sound
from keepfit.stats.one_vs_rest import OneVsRest
from keepfit.stats.over_classes import ClassMean, OfClass

if TYPE_CHECKING:
    from keepfit.stats.arrays import Array


class F1OfClass(OneVsRest):
    """F1 of one class: the harmonic mean of its precision and recall."""

    two = F1()
    name: ClassVar[str] = F1.name
    of_labels: ClassVar[bool] = True
    sound: ClassVar[Sound] = F1.sound
    words: ClassVar[str] = F1.words


class _F1OfClasses(MeanOfClasses):
    sound: ClassVar[Sound] = Sound(high=1.0)

    def of_class(self, code: int) -> Metric:
        """Return the F1 of this class."""
        return F1OfClass(code)


@dataclass(frozen=True)
class F1Macro(_F1OfClasses):
    """Mean of the classes' F1, each the harmonic mean of the class's precision and recall: a rare class counts as much as a common one.

    >>> round(F1Macro().value([0, 1, 2, 2], [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]), 4)
    0.7778
    """

    name: ClassVar[str] = "f1_macro"
    words: ClassVar[str] = "the mean of the classes' harmonic means of precision and recall"

    def classes(self, y: Array, s: Array) -> Iterator[OfClass]:
        """Yield each class's F1, all of one share."""
        _, found = there(y, s)
        yield from f1_of_classes(y, s, shares=[1 / len(found)] * len(found))


@dataclass(frozen=True)
class F1Weighted(_F1OfClasses):
    """Mean of the classes' F1, weighted by how many rows each has: a rare class hardly counts. Shares of classes are taken as those of these rows.

    >>> round(F1Weighted().value([0, 1, 2, 2], [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]), 4)
    0.75
    """

    name: ClassVar[str] = "f1_weighted"
    words: ClassVar[str] = "the classes' harmonic means of precision and recall, weighted by their rows"

    def classes(self, y: Array, s: Array) -> Iterator[OfClass]:
        """Yield each class's F1, its share being that of its rows."""
        import numpy as np

        codes, found = there(y, s)
        rows = np.bincount(codes)[found]
        yield from f1_of_classes(y, s, shares=(rows / rows.sum()).tolist())


def f1_of_classes(y: Array, s: Array, *, shares: list[float]) -> Iterator[OfClass]:
    """Yield each class's F1, a ratio of the mean of 2 hits to that of (answered + true) rows of the class."""
    import numpy as np

    (codes, found), named = there(y, s), answered(s)
    for code, share in zip(found, shares, strict=True):
        own, taken = np.asarray(codes == code, dtype=np.float64), np.asarray(named == code, dtype=np.float64)
        both, hits = own + taken, 2 * own * taken
        value = float(hits.sum() / both.sum())
        mean = ClassMean(influence=(hits - value * both) / both.sum(), weight=both)
        yield OfClass(value=value, share=share, rows=int(own.sum()), means=(mean,), own=own)
