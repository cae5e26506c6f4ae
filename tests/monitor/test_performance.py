"""Evidence from labels: signed so that positive is better, and never a crash without labels."""

import numpy as np
import pytest

from keepfit import plugins
from keepfit.monitor.performance import bounds_of, performance_evidence, regret_evidence, scout_evidence
from keepfit.records import Evidence, from_json, to_json

RNG = np.random.default_rng(0)
Y = RNG.integers(0, 2, 2000).astype(float)
GOOD, POOR = Y + RNG.normal(0, 1, 2000), Y + RNG.normal(0, 4, 2000)
AUC, MAE = (plugins.load("metrics", name)() for name in ("roc_auc", "mae"))


def test_below_the_promise_is_negative_for_metrics_of_both_directions():
    auc = performance_evidence(Y, POOR, metric=AUC, promised=0.9)
    assert auc.effect == pytest.approx(auc.statistic - 0.9)
    assert auc.low < auc.effect < auc.high < 0
    mae = performance_evidence(Y, POOR, metric=MAE, promised=0.5)
    assert mae.effect == pytest.approx(0.5 - mae.statistic)
    assert mae.low < mae.effect < mae.high < 0


def test_a_better_scout_gains_and_a_worse_previous_champion_does_not():
    assert scout_evidence(Y, POOR, GOOD, metric=AUC).low > 0
    regret = regret_evidence(Y, GOOD, POOR, version="2", metric=AUC)
    assert regret.subject == "2"
    assert regret.high < 0


def test_the_same_scores_gain_nothing():
    found = scout_evidence(Y, GOOD, GOOD, metric=MAE)
    assert (found.effect, found.low, found.high) == (0, 0, 0)


def test_rows_without_a_label_are_left_out():
    y = Y.copy()
    y[500:] = np.nan
    assert performance_evidence(y, GOOD, metric=AUC, promised=None).statistic == AUC.value(Y[:500], GOOD[:500])


def test_without_a_promise_only_the_value_is_known():
    found = performance_evidence(Y, GOOD, metric=AUC, promised=None)
    assert found.statistic > 0.5
    assert (found.effect, found.low, found.high) == (None, None, None)


@pytest.mark.parametrize(
    ("y", "scores", "why"),
    [
        ([], [], "no rows"),
        ([np.nan] * 5, [0.5] * 5, "no labels"),
        ([1.0] * 50, [0.5] * 50, "one class only"),
        ([1.0], [0.5], "one class only"),
        ([1.0, 0.0] * 20, [np.nan, 0.5] * 20, "20 scores are no finite numbers"),
    ],
)
def test_what_cannot_be_measured_says_why(y, scores, why):
    for found in (performance_evidence(y, scores, metric=AUC, promised=0.7), scout_evidence(y, scores, scores, metric=AUC)):
        assert (found.statistic, found.effect) == (None, None)
        assert why in found.detail or "40 scores" in found.detail
        assert from_json(Evidence, to_json(found)) == found


DAYS = np.repeat(np.arange(20), 100)


def test_days_that_differ_widen_the_interval_of_a_value_and_of_a_gain_and_the_evidence_says_how_many_there_were():
    moved = POOR + np.random.default_rng(1).normal(size=20)[DAYS] * 3 * Y
    for alone, found in (
        (performance_evidence(Y, moved, metric=AUC, promised=0.7), performance_evidence(Y, moved, metric=AUC, promised=0.7, clusters=DAYS)),
        (scout_evidence(Y, POOR, moved, metric=AUC), scout_evidence(Y, POOR, moved, metric=AUC, clusters=DAYS)),
    ):
        assert (alone.effect, alone.clusters, alone.design) == (found.effect, None, None)
        assert (found.clusters, found.design > 2) == (20, True)
        assert found.low < alone.low < alone.high < found.high


def test_rows_of_one_day_have_a_value_and_no_interval():
    one = np.zeros(len(Y), int)
    value, gain = performance_evidence(Y, POOR, metric=AUC, promised=0.9, clusters=one), scout_evidence(Y, POOR, GOOD, metric=AUC, clusters=one)
    assert value.effect == pytest.approx(value.statistic - 0.9)
    assert gain.effect > 0
    for found in (value, gain):
        assert (found.low, found.high) == (None, None)
        assert found.detail.endswith("no interval: all rows are of one cluster")
    assert bounds_of(AUC, Y, POOR, confidence=0.95, clusters=one) == (None, None)
    assert bounds_of(AUC, Y, POOR, confidence=0.95, clusters=DAYS) == AUC.interval(Y, POOR, 0.95, clusters=DAYS)


def test_clusters_are_those_of_the_labelled_rows():
    y = np.where(DAYS < 10, Y, np.nan)
    assert scout_evidence(y, POOR, GOOD, metric=MAE, clusters=DAYS).clusters == 10
