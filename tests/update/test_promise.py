"""What a champion is held to, and how it is measured: by probabilities where it has any, by its labels where they are all it answers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import TrainError
from keepfit.monitor.champion import Scores
from keepfit.params import Params
from keepfit.update.promise import Promise, performance


def params(metric):
    return Params.model_validate(
        {"model": {"name": "m", "task": "classification", "target": "y"}, "data": {"live": "rows.csv", "time": "t"}, "evaluate": {"metric": metric}}
    )


def answered(n=400):
    rng = np.random.default_rng(0)
    y = (rng.random(n) < 0.5).astype(float)
    return pa.table({"y": y}), Scores(np.where(rng.random(n) < 0.8, y, 1 - y), only_labels=True)


@pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "brier"])
def test_a_champion_that_answers_labels_only_is_measured_by_no_metric_of_probabilities(metric):
    table, answer = answered()
    with pytest.raises(TrainError, match=f"the champion answers labels only, and {metric} needs probabilities") as caught:
        performance(params(metric), Promise(value=None), table, answer)
    assert "balanced_accuracy" in caught.value.fix


@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy", "f1"])
def test_it_is_measured_by_its_labels_and_nothing_is_said_of_probabilities_that_it_has_not(metric):
    table, answer = answered()
    found = performance(params(metric), Promise(value=0.9), table, answer)
    assert found.value == pytest.approx(0.8, abs=0.03)
    assert found.evidence[0].high < 0
    told = {one.detector: one for one in found.evidence}
    assert told["error_rate"].statistic == pytest.approx(0.2, abs=0.03)
    assert told["calibration"].statistic is None
    assert "answers labels only" in told["calibration"].detail
