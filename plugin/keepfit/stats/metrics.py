"""Metrics of binary classification and regression, each with an interval and a paired difference of two models.

A paired difference looks at both models on the same rows: what is hard for both cancels out, so it decides with far fewer
rows than two separate intervals would. All bounds are one-sided, each at the confidence asked for. Rows that come in clusters (customers, days) are
held against each other cluster by cluster (`spread.py`). numpy is imported where something is computed: `keepfit rules check` asks metrics what they
say of themselves, and is to answer at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from keepfit.errors import DataError
from keepfit.stats.bounds import p_below
from keepfit.stats.classes import answered, checked_codes
from keepfit.stats.metric import LOSS, SHARE, Difference, Range, Sound
from keepfit.stats.spread import Influences, Spread, clustered, dense, one_cluster

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.stats.arrays import Array, Clusters

CLIP = 1e-15
MIN_PER_CLASS = 10


def checked(y: npt.ArrayLike, *scores: npt.ArrayLike, many: bool = False) -> list[Array]:
    """Return float arrays of one length, with `many` also scores that have a column for each class.

    Raises `DataError` on other lengths, no rows, values that are not finite, and labels that are no codes of the scores' classes.
    """
    import numpy as np

    labels, *found = [np.asarray(values, dtype=np.float64) for values in (y, *scores)]
    if not len(labels):
        raise DataError("no labelled row to measure on")
    if not many and any(values.ndim == 2 for values in found):
        raise DataError("this metric measures two classes, no more", fix="take one that measures many (docs/params.md: evaluate.metric)")
    shapes = [labels.shape, *(values.shape for values in found)]
    if labels.ndim != 1 or any(shape[:1] != labels.shape or shape != shapes[-1] or len(shape) > 2 for shape in shapes[1:]):
        raise DataError(f"labels and scores must be one column each of equal length (or scores one a class), got shapes {shapes}")
    if any(not np.isfinite(values).all() for values in (labels, *found)):
        raise DataError("labels or scores hold NaN or infinity", fix="drop unlabelled rows; a model that answers NaN cannot be measured")
    if len(shapes[-1]) == 2:
        checked_codes(labels, shapes[-1][1])
    return [labels, *found]


def difference_of(values: tuple[float, float], gain: float, *, spread: Spread, confidence: float, n: int) -> Difference:
    """Return a gain with the bounds and the p-value that its spread gives it."""
    reach = spread.reach(confidence)
    return Difference(
        value_a=values[0],
        value_b=values[1],
        gain=gain,
        low=gain - reach,
        high=gain + reach,
        p_harm=p_below(gain, spread.error, spread.freedom),
        n=n,
        error=spread.error,
        clusters=spread.clusters,
        design=spread.design,
        freedom=spread.freedom,
    )


def few_of_a_class(y: npt.ArrayLike, clusters: Clusters | None) -> str | None:
    """Return why labels in which fewer than two classes have ten rows, or these are in one cluster only, cannot decide anything, or None."""
    import numpy as np

    labels = np.asarray(y, dtype=np.float64)
    codes, counts = np.unique(labels, return_counts=True)
    if len(codes) < 2:
        return "one class only"
    second = int(np.sort(counts)[-2])
    if second < MIN_PER_CLASS:
        return f"{second} rows of {'one' if len(codes) == 2 else 'the second'} class, at least {MIN_PER_CLASS} are needed"
    if clusters is None:
        return None
    alone = [one_cluster(clusters[labels == code]) for code in codes[counts >= MIN_PER_CLASS]]
    return one_cluster(clusters) or ("all rows of one class are of one cluster" if alone.count(None) < 2 else None)


@dataclass(frozen=True)
class RocAuc:
    """Area under the ROC curve: the chance that a positive row scores above a negative one, ties counting half.

    Variance and covariance after DeLong, DeLong & Clarke-Pearson (Biometrics 44, 1988), computed in O(n log n) from
    midranks after Sun & Xu (IEEE Signal Processing Letters 21, 2014). Blind to calibration; the normal law is poor near 1
    and below about ten rows of a class, so fewer are undecidable.

    >>> RocAuc().value([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """

    name: ClassVar[str] = "roc_auc"
    greater_is_better: ClassVar[bool] = True
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    of_labels: ClassVar[bool] = False
    many: ClassVar[bool] = False
    mean_of_rows: ClassVar[bool] = False
    unit: ClassVar[str] = ""
    range: ClassVar[Range] = SHARE
    sound: ClassVar[Sound] = Sound(low=0.5, high=1.0, above=True, below=True)
    words: ClassVar[str] = "the chance that a positive row scores above a negative one"

    def undecidable(self, y: npt.ArrayLike, *, clusters: Clusters | None = None) -> str | None:
        """Return why these labels cannot decide anything (fewer than ten rows of a class, or all of them of one cluster), or None."""
        return few_of_a_class(y, clusters)

    def value(self, y: npt.ArrayLike, s: npt.ArrayLike) -> float:
        """Return the area, 0 to 1; raises `DataError` when the labels are of one class."""
        from scipy.stats import rankdata

        labels, scores = checked(y, s)
        return _area(labels, rankdata(scores))

    def values(self, labels: Sequence[Array], s: npt.ArrayLike) -> list[float]:
        """Return the area on each of several labels of the same rows: the scores are ranked once."""
        from scipy.stats import rankdata

        if not labels:
            return []
        ranks = rankdata(checked(labels[0], s)[1])
        return [_area(checked(y, ranks)[0], ranks) for y in labels]

    def spread(self, y: npt.ArrayLike, s: npt.ArrayLike, *, clusters: Clusters | None = None) -> Spread:
        """Return DeLong's standard error of the area, of clustered rows Obuchowski's."""
        labels, scores = checked(y, s)
        return _ranked(labels, (scores,), clusters)[1]

    def interval(self, y: npt.ArrayLike, s: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> tuple[float, float]:
        """Return the one-sided bounds of the area, cut to 0..1."""
        labels, scores = checked(y, s)
        (area,), spread = _ranked(labels, (scores,), clusters)
        reach = spread.reach(confidence)
        return max(0.0, area - reach), min(1.0, area + reach)

    def difference(self, y: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> Difference:
        """Return area(b) - area(a) with DeLong's paired bounds."""
        labels, first, second = checked(y, a, b)
        (of_a, of_b), spread = _ranked(labels, (first, second), clusters)
        return difference_of((of_a, of_b), of_b - of_a, spread=spread, confidence=confidence, n=len(labels))


def _area(labels: Array, ranks: Array) -> float:
    """Mann-Whitney's U as a share of all pairs."""
    positive, m, n = _classes(labels)
    return float((ranks[positive].sum() - m * (m + 1) / 2) / (m * n))


def _classes(labels: Array) -> tuple[npt.NDArray[np.bool_], int, int]:
    """Which rows are positive, how many are, and how many are not."""
    positive = labels == 1
    if not ((labels == 0) | positive).all():
        raise DataError("ROC AUC needs labels 0 and 1", fix="name a two-class target in params.yaml: model.target")
    m, n = int(positive.sum()), int((~positive).sum())
    if not (m and n):
        raise DataError("ROC AUC needs rows of both classes, got one")
    return positive, m, n


def _structural_components(labels: Array, scores: Array) -> tuple[Array, Array, Array]:
    """Areas (models) and, for each positive and each negative row, the share of the other class it beats (Sun & Xu, eq. 5-8)."""
    from scipy.stats import rankdata

    positive, m, n = _classes(labels)
    together = rankdata(scores, axis=1)
    beaten = (together[:, positive] - rankdata(scores[:, positive], axis=1)) / n
    unbeaten = 1 - (together[:, ~positive] - rankdata(scores[:, ~positive], axis=1)) / m
    return beaten.mean(axis=1), beaten, unbeaten


def _ranked(labels: Array, scores: Sequence[Array], clusters: Clusters | None) -> tuple[list[float], Spread]:
    """The areas of one or two models, and the spread of the area, or of the second's above the first's."""
    import numpy as np

    areas, beaten, unbeaten = _structural_components(labels, np.stack(scores))
    m, n = beaten.shape[1], unbeaten.shape[1]
    if min(m, n) < 2:
        raise DataError("an interval of ROC AUC needs two rows of each class")
    covariance = np.atleast_2d(np.cov(beaten)) / m + np.atleast_2d(np.cov(unbeaten)) / n
    paired = len(scores) == 2
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1] if paired else covariance[0, 0]
    alone = Spread(error=float(np.sqrt(max(variance, 0.0))), freedom=0)
    found = [float(area) for area in areas]
    if clusters is None:
        return found, alone
    codes, positive = dense(clusters, len(labels)), labels == 1
    above, below = (side[1] - side[0] if paired else side[0] for side in (beaten, unbeaten))
    parts = [Influences(codes[positive], (above - above.mean()) / m), Influences(codes[~positive], (below - below.mean()) / n)]
    return found, clustered(parts, alone)


class MeanOfRows:
    """A metric that is a mean over rows: Student's t interval of the mean, and of the mean paired difference.

    Blind to dependence between rows (repeated customers, days with the same weather) unless their clusters are given: intervals are then too narrow.
    """

    name: ClassVar[str]
    greater_is_better: ClassVar[bool] = False
    task: ClassVar[Literal["classification", "regression"]]
    of_labels: ClassVar[bool] = False
    many: ClassVar[bool] = False
    mean_of_rows: ClassVar[bool] = True

    def rows(self, y: Array, s: Array) -> Array:
        """Return the metric of each row."""
        raise NotImplementedError

    def undecidable(self, y: npt.ArrayLike, *, clusters: Clusters | None = None) -> str | None:
        """Return why these labels cannot decide anything (one row, or one cluster, has no variance), or None."""
        import numpy as np

        return "one row has no interval" if np.size(np.asarray(y)) < 2 else one_cluster(clusters)

    def value(self, y: npt.ArrayLike, s: npt.ArrayLike) -> float:
        """Return the mean over rows."""
        labels, scores = checked(y, s, many=self.many)
        return float(self.rows(labels, scores).mean())

    def spread(self, y: npt.ArrayLike, s: npt.ArrayLike, *, clusters: Clusters | None = None) -> Spread:
        """Return the standard error of the mean."""
        labels, scores = checked(y, s, many=self.many)
        return _mean(self.rows(labels, scores), clusters)[1]

    def interval(self, y: npt.ArrayLike, s: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> tuple[float, float]:
        """Return the one-sided bounds of the mean; of a share of no row, or of all, which have no variance, Clopper and Pearson's (Biometrika 26, 1934)."""
        labels, scores = checked(y, s, many=self.many)
        mean, spread = _mean(self.rows(labels, scores), clusters)
        if self.of_labels and mean in SHARE:
            unseen = 1 - (1 - confidence) ** (1 / len(labels))
            return (0.0, unseen) if mean == 0 else (1 - unseen, 1.0)
        reach = spread.reach(confidence)
        return mean - reach, mean + reach

    def difference(self, y: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, confidence: float, *, clusters: Clusters | None = None) -> Difference:
        """Return b against a from the paired differences of the rows, signed so that positive means b is better."""
        labels, first, second = checked(y, a, b, many=self.many)
        rows_a, rows_b = self.rows(labels, first), self.rows(labels, second)
        gain, spread = _mean(rows_b - rows_a if self.greater_is_better else rows_a - rows_b, clusters)
        return difference_of((float(rows_a.mean()), float(rows_b.mean())), gain, spread=spread, confidence=confidence, n=len(labels))


def _mean(rows: Array, clusters: Clusters | None) -> tuple[float, Spread]:
    import numpy as np

    if len(rows) < 2:
        raise DataError("an interval needs two rows")
    mean, alone = float(rows.mean()), Spread(error=float(rows.std(ddof=1) / np.sqrt(len(rows))), freedom=len(rows) - 1)
    return mean, alone if clusters is None else clustered([Influences(dense(clusters, len(rows)), (rows - mean) / len(rows))], alone)


@dataclass(frozen=True)
class LogLoss(MeanOfRows):
    """Mean negative log-likelihood in nats of the label; probabilities are cut at 1e-15 (as scikit-learn once did), where no class is listed as well.

    >>> round(LogLoss().value([1, 0], [0.9, 0.2]), 4)
    0.1643
    """

    name: ClassVar[str] = "log_loss"
    many: ClassVar[bool] = True
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    unit: ClassVar[str] = "nats"
    range: ClassVar[Range] = LOSS
    sound: ClassVar[Sound] = Sound()
    words: ClassVar[str] = "how unlikely the labels that came true were to the model"

    def rows(self, y: Array, s: Array) -> Array:
        """Return -log of the probability given to the label that came true."""
        import numpy as np

        p = np.clip(s, CLIP, 1 - CLIP)
        if s.ndim == 2:
            listed = y < s.shape[1]
            given = np.take_along_axis(p, np.where(listed, y, 0).astype(np.int64)[:, None], axis=1)[:, 0]
            return -np.log(np.where(listed, given, CLIP))
        return -np.where(y == 1, np.log(p), np.log1p(-p))


@dataclass(frozen=True)
class Brier(MeanOfRows):
    """Mean squared distance of the probability from the label (Brier 1950, the two-class half form, 0 to 1).

    >>> round(Brier().value([1, 0], [0.9, 0.2]), 4)
    0.025
    """

    name: ClassVar[str] = "brier"
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    unit: ClassVar[str] = ""
    range: ClassVar[Range] = SHARE
    sound: ClassVar[Sound] = Sound()
    words: ClassVar[str] = "the squared distance of the probability from the label"

    def rows(self, y: Array, s: Array) -> Array:
        """Return the squared distance of each row."""
        return (s - y) ** 2


@dataclass(frozen=True)
class Accuracy(MeanOfRows):
    """Share of rows whose class is right: of two classes at the threshold .5, of more the likeliest. Blind to how sure an answer is.

    >>> Accuracy().value([1, 0, 1, 1], [0.9, 0.2, 0.4, 0.5])
    0.75
    """

    name: ClassVar[str] = "accuracy"
    greater_is_better: ClassVar[bool] = True
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    of_labels: ClassVar[bool] = True
    many: ClassVar[bool] = True
    unit: ClassVar[str] = ""
    range: ClassVar[Range] = SHARE
    sound: ClassVar[Sound] = Sound(high=1.0)
    words: ClassVar[str] = "the share of rows whose class is right"

    def rows(self, y: Array, s: Array) -> Array:
        """Return 1 where the class is right."""
        import numpy as np

        return np.asarray(answered(s) == y, dtype=np.float64)


@dataclass(frozen=True)
class ErrorRate(MeanOfRows):
    """Share of rows whose class is wrong, 1 - accuracy: of two classes at the threshold .5, of more the likeliest. Blind to how sure an answer is.

    >>> ErrorRate().value([1, 0, 1, 1], [0.9, 0.2, 0.4, 0.5])
    0.25
    """

    name: ClassVar[str] = "error_rate"
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    of_labels: ClassVar[bool] = True
    many: ClassVar[bool] = True
    unit: ClassVar[str] = ""
    range: ClassVar[Range] = SHARE
    sound: ClassVar[Sound] = Sound(high=1.0)
    words: ClassVar[str] = "the share of rows whose class is wrong"

    def rows(self, y: Array, s: Array) -> Array:
        """Return 1 where the class is wrong."""
        import numpy as np

        return np.asarray(answered(s) != y, dtype=np.float64)


@dataclass(frozen=True)
class AbsoluteError(MeanOfRows):
    """Mean absolute error, in the target's unit.

    >>> AbsoluteError().value([10.0, 20.0], [12.0, 19.0])
    1.5
    """

    name: ClassVar[str] = "mae"
    task: ClassVar[Literal["classification", "regression"]] = "regression"
    unit: ClassVar[str] = "of the target"
    range: ClassVar[Range] = LOSS
    sound: ClassVar[Sound] = Sound()
    words: ClassVar[str] = "how far an answer is off on average"

    def rows(self, y: Array, s: Array) -> Array:
        """Return the absolute error of each row."""
        import numpy as np

        return np.abs(s - y)


@dataclass(frozen=True)
class SquaredError(MeanOfRows):
    """Mean squared error, in the target's unit squared; a few far misses can rule it.

    >>> SquaredError().value([10.0, 20.0], [12.0, 19.0])
    2.5
    """

    name: ClassVar[str] = "mse"
    task: ClassVar[Literal["classification", "regression"]] = "regression"
    unit: ClassVar[str] = "of the target, squared"
    range: ClassVar[Range] = LOSS
    sound: ClassVar[Sound] = Sound()
    words: ClassVar[str] = "how far an answer is off on average, squared"

    def rows(self, y: Array, s: Array) -> Array:
        """Return the squared error of each row."""
        return (s - y) ** 2
