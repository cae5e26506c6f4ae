from __future__ import annotations

import json

import numpy as np
import pytest

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.scorecard import compare_all, default_suite, flat_metrics, long_frame, metrics_of
from keepfit.integrations.gx_suites import validate_suite
from keepfit.params import EvaluateParams
from keepfit.stats.metrics import AbsoluteError, RocAuc


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


@pytest.mark.parametrize("metric", [RocAuc(), AbsoluteError()])
def test_the_default_suite_holds_on_a_good_scorecard_and_not_without_an_overall_row(metric):
    rows = judged()
    frame = long_frame(compare_all([metric], rows, {"origin": (["JFK", "LGA"] * 200, None)}, confidence=0.95, min_rows=100))
    suite = default_suite(metric)
    good = validate_suite(suite, "scorecard", frame, window=None, min_rows=1)
    assert {one.expectation: one.status for one in good.outcomes} == dict.fromkeys(
        ("metric_there", "overall_measured", "overall_possible", "overall_there"), "pass"
    )
    without = validate_suite(suite, "scorecard", frame[1:], window=None, min_rows=1)
    assert {one.expectation: one.status for one in without.outcomes}["overall_there"] == "fail"


def test_a_model_no_better_than_chance_fails_the_default_suite_and_an_unmeasured_one_too():
    frame = long_frame(compared())
    for value in (0.45, float("nan")):
        bad = frame.assign(value=value)
        found = validate_suite(default_suite(RocAuc()), "scorecard", bad, window=None, min_rows=1)
        assert [one.status for one in found.outcomes].count("pass") <= 3
        assert any(one.status in ("fail", "error") for one in found.outcomes)


def test_the_suite_is_sorted_json_with_an_id_each():
    suite = json.loads(default_suite(RocAuc()))
    ids = [entry["meta"]["id"] for entry in suite["expectations"]]
    assert ids == sorted(ids)
