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


def meta_as_seen(meta: ModelMeta, scores: Array, y: Array, *, only_labels: bool) -> ModelMeta:
    """Return the model's meta with what its scores of training rows with the labels `y` show; a regression's stays as it is.

    Raises `TrainError` for scores that run against the labels: they are another class's.
    """
    if meta.task == "regression":
        return meta
    _check_direction(meta, scores, y)
    return replace(meta, answers="labels" if only_labels else "probabilities")


def _check_direction(meta: ModelMeta, scores: Array, y: Array) -> None:
    """No model ranks its own training rows surely worse than a coin would, but one whose classes are taken for each other."""
    auc = RocAuc()
    if len(y) < ENOUGH or auc.undecidable(y) or not np.isfinite(scores).all() or auc.interval(y, scores, SURE)[1] >= CHANCE:
        return
    positive = meta.classes[-1] if meta.classes else "1"
    raise TrainError(
        f"the model's scores run against its own training labels (ROC AUC {auc.value(y, scores):.2f}): they are not of the class {positive!r}",
        where=meta.estimator,
        fix=f"encode {positive!r} as 1, or answer the probability of {positive!r} (params.yaml: model.positive says which class counts as 1)",
    )
