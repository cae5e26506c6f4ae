"""One class against the rest: a metric of two classes on the rows of many, the class being what counts as 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from keepfit.stats.classes import answered, columns
from keepfit.stats.metric import SHARE, Difference, Range, Sound
from keepfit.stats.metrics import checked

if TYPE_CHECKING:
    import numpy.typing as npt

    from keepfit.stats.arrays import Array, Clusters
    from keepfit.stats.spread import Spread


class MeasuresTwo(Protocol):
    """What measures the class against the rest, from labels 0 and 1 and one column of answers."""

    def undecidable(self, y: npt.ArrayLike, *, clusters: Clusters | None = None) -> str | None:
        """Return why these labels cannot decide anything, or None."""

    def value(self, y: npt.ArrayLike, s: npt.ArrayLike) -> float:
        """Return the value."""

    def spread(self, y: npt.ArrayLike, s: npt.ArrayLike, *, clusters: Clusters | None = None) -> Spread:
        """Return how it spreads."""

    def interval(self, y: npt.ArrayLike, s: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> tuple[float, float]:
        """Return its one-sided bounds."""

    def difference(self, y: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> Difference:
        """Return b against a."""


class OneVsRest:
    """A metric of two classes, `two`, on "is it `code`?"; the answer is whether it is the likeliest class where `two` measures labels, else its probability.

    >>> from keepfit.stats.f1_of_classes import F1OfClass
    >>> F1OfClass(2).value([2, 2, 0], [[0.1, 0.2, 0.7], [0.5, 0.1, 0.4], [0.3, 0.3, 0.4]])
    0.5
    """

    two: ClassVar[MeasuresTwo]
    name: ClassVar[str]
    words: ClassVar[str]
    sound: ClassVar[Sound]
    of_labels: ClassVar[bool]
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    greater_is_better: ClassVar[bool] = True
    many: ClassVar[bool] = True
    mean_of_rows: ClassVar[bool] = False
    unit: ClassVar[str] = ""
    range: ClassVar[Range] = SHARE

    def __init__(self, code: int) -> None:
        self.code = code

    def undecidable(self, y: npt.ArrayLike, *, clusters: Clusters | None = None) -> str | None:
        """Return why these labels cannot decide anything (fewer than ten rows of the class …), or None."""
        return self.two.undecidable(self._labels(y), clusters=clusters)

    def value(self, y: npt.ArrayLike, s: npt.ArrayLike) -> float:
        """Return the class's own value."""
        labels, scores = checked(y, s, many=True)
        return self.two.value(self._labels(labels), self._score(scores))

    def spread(self, y: npt.ArrayLike, s: npt.ArrayLike, *, clusters: Clusters | None = None) -> Spread:
        """Return the standard error of the class's own value."""
        labels, scores = checked(y, s, many=True)
        return self.two.spread(self._labels(labels), self._score(scores), clusters=clusters)

    def interval(self, y: npt.ArrayLike, s: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> tuple[float, float]:
        """Return the one-sided bounds of the class's own value."""
        labels, scores = checked(y, s, many=True)
        return self.two.interval(self._labels(labels), self._score(scores), confidence, clusters=clusters)

    def difference(self, y: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> Difference:
        """Return b against a on this class."""
        labels, first, second = checked(y, a, b, many=True)
        return self.two.difference(self._labels(labels), self._score(first), self._score(second), confidence, clusters=clusters)

    def _labels(self, y: npt.ArrayLike) -> Array:
        import numpy as np

        return np.asarray(np.asarray(y) == self.code, dtype=np.float64)

    def _score(self, s: Array) -> Array:
        import numpy as np

        return np.asarray(answered(s) == self.code, dtype=np.float64) if self.of_labels else columns(s)[:, self.code]
