"""What a model answers to rows: a score each, and what the scores are known to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.errors import TrainError
from keepfit.integrations.models import keepfit_model
from keepfit.records import ModelMeta

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FEWEST_TELLING = 20


@dataclass(frozen=True)
class Answer:
    """Scores, a row each; `kind` is what they are known to be (`numbers`: only their values tell)."""

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
        return len(self.scores) >= FEWEST_TELLING and set(self.scores.tolist()) <= {0.0, 1.0}


def no_answer(meta: ModelMeta) -> Answer:
    """Return the answer to no rows."""
    import numpy as np

    return Answer(meta, np.empty(0))


def checked_scores(scores: npt.NDArray[np.float64], *, rows: int, meta: ModelMeta) -> npt.NDArray[np.float64]:
    """Return the scores; raises `TrainError` when they are not what the train contract promises: one a row, probabilities of a classifier."""
    if scores.shape != (rows,):
        raise TrainError(f"the model answers {scores.shape} scores for {rows} rows", where=meta.estimator, fix="one score a row, in the rows' order")
    if meta.task == "classification" and bool(((scores < 0) | (scores > 1)).any()):
        raise TrainError("the model's scores are no probabilities", where=meta.estimator, fix="answer the positive class's probability, 0 to 1")
    return scores
