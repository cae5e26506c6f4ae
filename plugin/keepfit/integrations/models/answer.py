"""What a model answers to rows: a score each, of many classes a row of probabilities each, and what the scores are known to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keepfit.errors import TrainError
from keepfit.integrations.models import keepfit_model
from keepfit.records import ModelMeta

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FEWEST_TELLING = 20
ROUNDED = 0.02
"""How far a row of probabilities, written with two digits, may be from 1."""


@dataclass(frozen=True)
class Answer:
    """Scores, a row each: one number, or of many classes a probability for each in the order of the meta's classes.

    `kind` is what they are known to be (`numbers`: only their values tell).
    """

    meta: ModelMeta
    scores: npt.NDArray[np.float64]
    kind: str = keepfit_model.NUMBERS

    @property
    def only_labels(self) -> bool:
        """Whether the model answers labels where there should be probabilities.

        What was seen on its training rows decides; else how it answers; else whether no score of twenty or more is anything but 0 and 1.
        """
        if self.meta.task == "regression":
            return False
        if self.meta.answers is not None:
            return self.meta.answers == "labels"
        if self.kind != keepfit_model.NUMBERS:
            return self.kind == keepfit_model.LABELS
        return len(self.scores) >= FEWEST_TELLING and set(self.scores.ravel().tolist()) <= {0.0, 1.0}

    def told_as(self, classes: Sequence[str]) -> Answer:
        """Return the answer in the order of these classes, which a project may list otherwise by now: one that the model never knew has probability 0.

        Probabilities of classes that are no longer listed are left out. An answer of two classes stays as it is.
        """
        import numpy as np

        if not self.meta.many or tuple(classes) == self.meta.classes:
            return self
        there = {name: code for code, name in enumerate(self.meta.classes)}
        columns = [self.scores[:, there[name]] if name in there else np.zeros(len(self.scores)) for name in classes]
        return Answer(replace(self.meta, classes=tuple(classes)), np.column_stack(columns), self.kind)


def no_answer(meta: ModelMeta) -> Answer:
    """Return the answer to no rows."""
    import numpy as np

    return Answer(meta, np.empty((0, len(meta.classes)) if meta.many else 0))


def checked_scores(scores: npt.NDArray[np.float64], *, rows: int, meta: ModelMeta) -> npt.NDArray[np.float64]:
    """Return the scores; raises `TrainError` when they are not what the train contract promises: one a row, probabilities of a classifier.

    Of many classes a row is one probability a class, which add up to 1.
    """
    if scores.shape != ((rows, len(meta.classes)) if meta.many else (rows,)):
        fix = "a probability a row and class, in the rows' order" if meta.many else "one score a row, in the rows' order"
        raise TrainError(f"the model answers {scores.shape} scores for {rows} rows", where=meta.estimator, fix=fix)
    if meta.task == "classification" and bool(((scores < 0) | (scores > 1)).any()):
        fix = "answer each class's probability, 0 to 1" if meta.many else "answer the positive class's probability, 0 to 1"
        raise TrainError("the model's scores are no probabilities", where=meta.estimator, fix=fix)
    if meta.many:
        _check_sums(scores, meta)
    return scores


def _check_sums(scores: npt.NDArray[np.float64], meta: ModelMeta) -> None:
    """Scores of one class against the rest do not add up to 1, and what is measured of probabilities would mean nothing."""
    import numpy as np

    total = scores.sum(axis=1)
    off = np.isfinite(total) & (np.abs(total - 1) > ROUNDED)
    if off.any():
        what = f"the probabilities of a row's classes add up to {total[off][0]:.3g}, not to 1"
        raise TrainError(what, where=meta.estimator, fix="divide each row by its sum, or calibrate the model; classes that are not listed have no column")
