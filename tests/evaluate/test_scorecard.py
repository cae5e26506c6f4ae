from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keepfit.errors import ParamsError, TrainError, UnknownNameError
from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.scorecard import ClassSlices, compare_all, flat_metrics, long_frame, metrics_of
from keepfit.params import EvaluateParams
from keepfit.records import ScoreRow
from keepfit.stats.metrics import ErrorRate, RocAuc


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


def test_each_of_many_classes_is_a_slice_with_its_own_least_rows():
    rng = np.random.default_rng(0)
    y = np.array([0.0] * 200 + [1.0] * 150 + [2.0] * 50)
    rows = ScoredRows(y=y, champion=None, challenger=rng.dirichlet(np.ones(3), 400))
    found = compare_all([ErrorRate()], rows, {}, confidence=0.95, min_rows=100, classes=ClassSlices(("a", "b", "c")))
    assert [(one.slice, one.n, one.status) for one in found[1:]] == [
        ("class=a", 200, "measured"),
        ("class=b", 150, "measured"),
        ("class=c", 50, "undecided"),
    ]
    found = compare_all([ErrorRate()], rows, {}, confidence=0.95, min_rows=100, classes=ClassSlices(("a", "b", "c"), 20))
    assert found[3].status == "measured"


def test_a_metric_of_two_classes_is_refused_for_many_and_others_are_named():
    with pytest.raises(ParamsError, match=r"roc_auc measures two classes, and model\.classes lists more") as refused:
        metrics_of(EvaluateParams(metric="roc_auc"), "classification", many=True)
    assert "f1_macro" in refused.value.fix
    assert "brier" not in refused.value.fix
    with pytest.raises(TrainError, match="needs probabilities") as refused:
        metrics_of(EvaluateParams(metric="log_loss"), "classification", many=True, labels_of="the champion")
    assert "f1_macro" in refused.value.fix


def test_rows_of_other_bases_stand_once_in_the_frame_that_suites_read():
    row = ScoreRow(
        slice="test=case", metric="failure_rate", rule="at_most", bound=0.05, champion=0.02, challenger=0.01, difference=None, low=None, high=None,
        p_value=None, n=40, status="pass", basis="behaviour",
    )  # fmt: skip
    frame = long_frame(compared(), [row, replace(row, bound=0.1)])
    assert frame["slice"].tolist() == ["overall", "carrier=EV", "carrier=OO", "origin=JFK", "origin=LGA", "test=case"]
    assert frame.iloc[-1][["metric", "n", "value", "baseline"]].tolist() == ["failure_rate", 40, 0.01, 0.02]
    assert frame.iloc[-1][["delta", "low", "high"]].isna().all()
