"""What a model is seen to answer on its own training rows."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from keepfit.errors import TrainError
from keepfit.evaluate.direction import meta_as_seen
from keepfit.records import ModelMeta

Y = np.tile([0.0, 1.0], 100)


def meta(task="classification"):
    when = datetime(2026, 1, 1)
    return ModelMeta(
        model="m",
        task=task,
        target="y",
        features={},
        flavor="mlflow",
        estimator="train.py",
        classes=("no", "yes"),
        rows=200,
        trained_from=when,
        trained_until=when,
    )


def test_scores_the_right_way_round_are_probabilities_or_labels_as_they_are_seen():
    assert meta_as_seen(meta(), Y * 0.8, Y, only_labels=False).answers == "probabilities"
    assert meta_as_seen(meta(), Y, Y, only_labels=True).answers == "labels"


def test_scores_that_run_against_the_labels_are_another_classs():
    with pytest.raises(TrainError, match=r"ROC AUC 0\.00\): they are not of the class 'yes'"):
        meta_as_seen(meta(), 1 - Y, Y, only_labels=False)


@pytest.mark.parametrize(("scores", "y"), [(1 - Y[:40], Y[:40]), (np.full(200, np.nan), Y), (1 - Y, np.ones(200))])
def test_too_few_rows_no_numbers_and_one_class_accuse_nobody(scores, y):
    assert meta_as_seen(meta(), scores, y, only_labels=False).answers == "probabilities"


def test_a_regression_stays_as_it_is():
    assert meta_as_seen(meta("regression"), 1 - Y, Y, only_labels=False) == meta("regression")
