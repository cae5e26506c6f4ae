"""What a classifier that keepfit did not build is seen to answer on the rows it was trained on: probabilities or labels, and the right way round.

One window of few rows cannot tell a label from a score that happens to be 0 or 1; all training rows can, so it is written into the model's meta.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepfit.errors import TrainError
from keepfit.records import ModelMeta
from keepfit.stats.arrays import Array
from keepfit.stats.metrics import RocAuc

CHANCE = 0.5
SURE = 0.9999
ENOUGH = 50
POSITIVE = "(params.yaml: model.positive says which class counts as 1)"
MANY = "answer a frame whose columns are named for the classes, each with its own class's probability"


def meta_as_seen(meta: ModelMeta, scores: Array, y: Array, *, only_labels: bool) -> ModelMeta:
    """Return the model's meta with what its scores of training rows with the labels `y` show; a regression's stays as it is.

    Of many classes each one's column is held against its own labels. Raises `TrainError` for scores that run against the labels: they are another class's.
    """
    if meta.task == "regression":
        return meta
    if meta.many:
        for code, name in enumerate(meta.classes):
            _check_direction(meta, scores[:, code], (y == code).astype(np.float64), name, MANY)
    else:
        positive = meta.classes[-1] if meta.classes else "1"
        _check_direction(meta, scores, y, positive, f"encode {positive!r} as 1, or answer the probability of {positive!r} {POSITIVE}")
    return replace(meta, answers="labels" if only_labels else "probabilities")


def _check_direction(meta: ModelMeta, scores: Array, y: Array, name: str, fix: str) -> None:
    """No model ranks its own training rows surely worse than a coin would, but one whose classes are taken for each other."""
    auc = RocAuc()
    if len(y) < ENOUGH or auc.undecidable(y) or not np.isfinite(scores).all() or auc.interval(y, scores, SURE)[1] >= CHANCE:
        return
    raise TrainError(
        f"the model's scores run against its own training labels (ROC AUC {auc.value(y, scores):.2f}): they are not of the class {name!r}",
        where=meta.estimator,
        fix=fix,
    )
