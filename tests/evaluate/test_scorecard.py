from __future__ import annotations

import numpy as np
import pytest

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.scorecard import compare_all, flat_metrics, metrics_of
from keepfit.params import EvaluateParams
from keepfit.stats.metrics import RocAuc


def judged(n=400, *, champion=True):
    rng = np.random.default_rng(0)
    y = (rng.random(n) < 0.4).astype(float)
    return ScoredRows(y=y, champion=y + rng.normal(size=n) if champion else None, challenger=y + 0.5 * rng.normal(size=n))


def compared(**other):
    slices = {"origin": (["JFK", "LGA"] * 200, None), "carrier": (["EV"] * 390 + ["OO"] * 10, 5)}
    return compare_all([RocAuc()], judged(**other), slices, confidence=0.95, min_rows=100)


def test_overall_comes_first_and_each_column_may_have_its_own_least_rows():
    found = compared()
    assert [one.slice for one in found] == ["overall", "carrier=EV", "carrier=OO", "origin=JFK", "origin=LGA"]
    assert found[2].status == "undecided"
    assert found[2].detail != "10 rows, the rule asks for 100"


def test_the_flat_metrics_hold_the_overall_numbers_only():
    numbers = flat_metrics(compared())
    assert set(numbers) == {"roc_auc", "champion_roc_auc", "gain_roc_auc", "rows"}
    assert numbers["gain_roc_auc"] == pytest.approx(numbers["roc_auc"] - numbers["champion_roc_auc"], abs=2e-6)
    assert set(flat_metrics(compared(champion=False))) == {"roc_auc", "rows"}


def test_metrics_come_once_each_and_must_fit_the_task():
    rule = {"kind": "at_least", "metric": "brier", "bound": 0.1}
    params = EvaluateParams.model_validate({"metric": "roc_auc", "metrics": ["log_loss", "roc_auc"], "rules": {"r": rule}})
    assert [metric.name for metric in metrics_of(params, "classification")] == ["roc_auc", "log_loss", "brier"]
    with pytest.raises(ParamsError, match="roc_auc does not measure regression"):
        metrics_of(params, "regression")
    with pytest.raises(UnknownNameError, match="no metric 'roc_acu'"):
        metrics_of(EvaluateParams(metric="roc_acu"), "classification")
