"""Metrics of many classes against scikit-learn, a bootstrap, the truth, and themselves on two classes."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk
from tests.stats.many_classes import answers, drawn

from keepfit.errors import DataError
from keepfit.stats.balanced_accuracy import BalancedAccuracy
from keepfit.stats.classes import answered, columns
from keepfit.stats.f1_of_classes import F1Macro, F1OfClass, F1Weighted
from keepfit.stats.metric import values_of
from keepfit.stats.metrics import Accuracy, ErrorRate, LogLoss, RocAuc
from keepfit.stats.roc_auc_ovr import AreaOfClass, RocAucOvr

MEANS = [BalancedAccuracy(), F1Macro(), F1Weighted(), RocAucOvr()]
every_mean = pytest.mark.parametrize("metric", MEANS, ids=[each.name for each in MEANS])
REFERENCES = {
    "balanced_accuracy": lambda y, s: sk.balanced_accuracy_score(y, s.argmax(1)),
    "f1_macro": lambda y, s: sk.f1_score(y, s.argmax(1), average="macro"),
    "f1_weighted": lambda y, s: sk.f1_score(y, s.argmax(1), average="weighted"),
    "roc_auc_ovr": lambda y, s: sk.roc_auc_score(y, s, multi_class="ovr"),
    "accuracy": lambda y, s: sk.accuracy_score(y, s.argmax(1)),
    "error_rate": lambda y, s: sk.zero_one_loss(y, s.argmax(1)),
    "log_loss": lambda y, s: sk.log_loss(y, s),
}


@pytest.mark.parametrize("metric", [*MEANS, Accuracy(), ErrorRate(), LogLoss()], ids=lambda each: each.name)
@pytest.mark.parametrize("classes", [3, 10, 40])
def test_values_are_those_of_scikit_learn(metric, classes):
    y, a, _ = drawn(2000, classes=classes, seed=classes)
    assert metric.value(y, a) == pytest.approx(REFERENCES[metric.name](y, a), abs=1e-12)
    rounded = a.round(2) / a.round(2).sum(axis=1, keepdims=True)  # ties
    assert metric.value(y, rounded) == pytest.approx(REFERENCES[metric.name](y, rounded), abs=1e-12 if metric.name != "log_loss" else 0.2)


@pytest.mark.parametrize("code", [0, 3])
def test_a_class_against_the_rest_is_scikit_learns_metric_of_that_class(code):
    y, a, _ = drawn()
    named = a.argmax(1)
    assert F1OfClass(code).value(y, a) == pytest.approx(sk.f1_score(y, named, labels=[code], average=None)[0], abs=1e-12)
    assert AreaOfClass(code).value(y, a) == pytest.approx(sk.roc_auc_score(y == code, a[:, code]), abs=1e-12)


def test_rows_of_a_class_that_is_not_listed_are_wrong_answers():
    y, a, _ = drawn()
    odd = np.where(np.arange(len(y)) % 20 == 0, 4.0, y)
    named, listed = a.argmax(1), [0, 1, 2, 3]
    assert F1Macro().value(odd, a) == pytest.approx(sk.f1_score(odd, named, labels=listed, average="macro"), abs=1e-12)
    assert F1Weighted().value(odd, a) == pytest.approx(sk.f1_score(odd, named, labels=listed, average="weighted"), abs=1e-12)
    assert BalancedAccuracy().value(odd, a) == pytest.approx(sk.recall_score(odd, named, labels=listed, average="macro"), abs=1e-12)
    assert Accuracy().value(odd, a) == pytest.approx((odd == named).mean())
    assert LogLoss().rows(odd, a)[0] == pytest.approx(-np.log(1e-15))


def test_two_classes_are_measured_alike_from_one_column_and_from_two():
    y, a, _ = drawn(classes=2)
    for metric in (*MEANS, Accuracy(), LogLoss()):
        assert metric.value(y, a[:, 1]) == pytest.approx(metric.value(y, a), abs=1e-12)
    assert RocAucOvr().value(y, a[:, 1]) == pytest.approx(RocAuc().value(y, a[:, 1]), abs=1e-12)
    assert RocAucOvr().spread(y, a[:, 1]).error == pytest.approx(RocAuc().spread(y, a[:, 1]).error, rel=1e-9)
    days = np.arange(len(y)) // 25
    one, other = (BalancedAccuracy().spread(y, s, clusters=days) for s in (a[:, 1], columns(a[:, 1])))
    assert (one.error, one.freedom) == pytest.approx((other.error, other.freedom), rel=0.01)


@every_mean
def test_the_paired_interval_agrees_with_a_bootstrap(metric):
    y, a, b = drawn(600)
    rng = np.random.default_rng(7)
    draws = (rng.integers(0, len(y), len(y)) for _ in range(400))
    gains = [metric.value(y[rows], b[rows]) - metric.value(y[rows], a[rows]) for rows in draws]
    found = metric.difference(y, a, b, 0.95)
    # 400 resamples: the standard deviation itself is known to 3.5 % (one sigma)
    assert found.error == pytest.approx(np.std(gains), rel=0.12)
    assert found.low > 0


@pytest.mark.slow
@every_mean
@pytest.mark.parametrize("shares", [(0.4, 0.3, 0.2, 0.1), (0.6, 0.36, 0.03, 0.01)], ids=["common", "thin"])
@pytest.mark.parametrize("day", [0.0, 0.8], ids=["alike", "differing"])
def test_nine_of_ten_intervals_of_a_paired_gain_hold_the_truth(metric, shares, day):
    """Two models of one quality, so the truth is 0; days on which one is better than on others; classes of 3 rows among 300."""
    rng, held, better, runs = np.random.default_rng(11), 0, 0, 300
    for _ in range(runs):
        y = rng.choice(4, 300, p=shares).astype(float)
        days = np.arange(300) // 25
        moved = day * rng.normal(size=(2, 12))[:, days]
        a, b = (answers(y, 4, rng, sharpness=1.8 + one) for one in moved)
        found = metric.difference(y, a, b, 0.95, clusters=days)
        held += found.low <= 0 <= found.high
        better += found.low > 0
    # one sigma of 90 % in 300 runs is .017; a thin class's prior widens the interval
    assert held / runs >= 0.88 - 2 * 0.017
    assert better / runs <= 0.07 + 2 * 0.0126
    assert held / runs <= 0.93 + 2 * 0.017 or min(shares) < 0.1


def test_one_class_and_no_listed_class_are_undecidable_and_no_number():
    a = drawn()[1]
    for metric in MEANS:
        assert metric.undecidable(np.full(50, 2.0)) == "one class only"
        assert "second class" in metric.undecidable(np.repeat([0.0, 1.0, 2.0], [50, 4, 3]))
        with pytest.raises(DataError, match="two classes, got one"):
            metric.value(np.zeros(50), a[:50])
        with pytest.raises(DataError, match="two classes, got none"):
            metric.value(np.full(50, 4.0), a[:50])


def test_a_class_of_three_right_rows_is_not_taken_as_sure():
    y, a, _ = drawn(classes=3, shares=(0.5, 0.5, 0.0))
    y[:3], a[:3] = 2.0, [0.0, 0.0, 1.0]
    without = BalancedAccuracy().spread(y[3:], a[3:]).error
    assert answered(a[:3]).tolist() == [2, 2, 2]
    assert BalancedAccuracy().spread(y, a).error ** 2 == pytest.approx((without * 2 / 3) ** 2 + (5 / 7 * 2 / 7 / 3) * (1 + 2 / 3) / 9, rel=1e-6)


@pytest.mark.parametrize("metric", [*MEANS, LogLoss()], ids=lambda each: each.name)
def test_several_labels_of_the_same_scores_are_measured_as_one_after_the_other(metric):
    y, a, _ = drawn(400)
    rounded, rng = a.round(2) / a.round(2).sum(axis=1, keepdims=True), np.random.default_rng(3)
    labels = [np.where(rng.random(len(y)) < 0.2, rng.integers(0, 5, len(y)), y) for _ in range(5)]
    assert values_of(metric, labels, rounded) == pytest.approx([metric.value(one, rounded) for one in labels], abs=1e-12)
    assert values_of(metric, [], rounded) == []
