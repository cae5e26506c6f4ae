"""Which classes are taken for which: the pairs of many classes that a model confuses most, beside what the champion does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keepfit.evaluate.compare import ScoredRows
from keepfit.stats.arrays import Array
from keepfit.stats.classes import answered
from keepfit.stats.metric import Metric

MOST = 10


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """Rows of the class `true` that are answered `said`: how many of its `n` rows, by the champion (None: there is none) and the challenger."""

    true: str
    said: str
    n: int
    champion: int | None
    challenger: int


@dataclass(frozen=True, kw_only=True)
class ByClass:
    """What a page says of many classes beside the comparisons: the pairs confused most, and how many rows are of a class that is not listed.

    `greater_is_better` is said of the metric that decides.
    """

    confused: tuple[Confusion, ...]
    unlisted: int
    greater_is_better: bool

    @classmethod
    def of(cls, judged: ScoredRows, classes: Sequence[str] | None, *, metric: Metric) -> ByClass | None:
        """Return it of rows that judge; None of two classes, and of a regression."""
        if classes is None:
            return None
        unlisted = int((judged.y == len(classes)).sum())
        return cls(confused=confusions(judged, classes), unlisted=unlisted, greater_is_better=metric.greater_is_better)


def confusions(judged: ScoredRows, classes: Sequence[str], *, most: int = MOST) -> tuple[Confusion, ...]:
    """Return the pairs that the challenger confuses most, in falling order; rows of a class that is not listed are no pair's.

    >>> judged = ScoredRows(y=np.array([0.0, 0.0, 1.0]), champion=None, challenger=np.array([[0.2, 0.7, 0.1], [0.9, 0.1, 0.0], [0.1, 0.8, 0.1]]))
    >>> confusions(judged, ("billing", "outage", "contract"))
    (Confusion(true='billing', said='outage', n=2, champion=None, challenger=1),)
    """
    listed = judged.y < len(classes)
    y = judged.y[listed].astype(np.int64)
    now = _table(y, judged.challenger[listed], len(classes))
    before = None if judged.champion is None else _table(y, judged.champion[listed], len(classes))
    rows = np.bincount(y, minlength=len(classes))
    pairs = sorted(((-int(now[a, b]), a, b) for a, b in zip(*np.nonzero(now), strict=True) if a != b))[:most]
    return tuple(
        Confusion(true=classes[a], said=classes[b], n=int(rows[a]), champion=None if before is None else int(before[a, b]), challenger=-minus)
        for minus, a, b in pairs
    )


def _table(y: np.typing.NDArray[np.int64], scores: Array, classes: int) -> np.typing.NDArray[np.int64]:
    """How many rows of each class (a row of the table) get each answer; scores that are no numbers answer nothing."""
    known = np.isfinite(scores).all(axis=1)
    found = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(found, (y[known], answered(scores[known])), 1)
    return found
