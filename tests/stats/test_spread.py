from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from keepfit.errors import DataError
from keepfit.plugins import BUILTIN, load
from keepfit.stats.label_metrics import F1
from keepfit.stats.metric import spread_of
from keepfit.stats.metrics import AbsoluteError, RocAuc
from keepfit.stats.spread import Influences, Spread, clustered, degrees_of_freedom, dense, one_cluster

ALL = pytest.mark.parametrize("name", sorted(BUILTIN["metrics"]))


def in_days(days=12, rows=40, seed=1, spread=0.6):
    """Labels, two models' probabilities and the day of each row; how well a model separates differs from day to day."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), rows)
    y = (rng.random(days * rows) < 0.4).astype(float)
    a, b = (1 / (1 + np.exp(-(y * (1.5 + spread * rng.normal(size=days))[day] - 0.7 + rng.normal(size=days * rows)))) for _ in range(2))
    return y, a, b, day


def bare(found):
    return found.gain, found.low, found.high, found.p_harm, found.error


@ALL
def test_clusters_of_one_row_each_give_the_interval_of_independent_rows(name):
    metric, (y, a, b, _) = load("metrics", name)(), in_days()
    apart = np.arange(len(y))
    alone, found = metric.difference(y, a, b, 0.95), metric.difference(y, a, b, 0.95, clusters=apart)
    counted = ((y == 1) | (a >= 0.5) | (b >= 0.5)).sum() if name == "f1" else len(y)  # F1 knows no true negatives
    assert (found.clusters, alone.clusters, alone.design) == (counted, None, None)
    # two means of their own, Student's t for the normal law: equal up to one part in a hundred
    assert bare(found) == pytest.approx(bare(alone), rel=0.02, abs=2e-4)
    assert found.design == pytest.approx(1, abs=0.01)


@ALL
def test_what_a_cluster_is_called_and_the_order_of_the_rows_change_nothing(name):
    metric, (y, a, b, day) = load("metrics", name)(), in_days()
    order = np.random.default_rng(2).permutation(len(y))
    found = metric.difference(y, a, b, 0.95, clusters=day)
    for other in (metric.difference(y, a, b, 0.95, clusters=1000 * day - 7), metric.difference(y[order], a[order], b[order], 0.95, clusters=day[order])):
        assert bare(other) == pytest.approx(bare(found), rel=1e-9)
        assert (other.clusters, other.design) == (12, pytest.approx(found.design, rel=1e-9))


@ALL
def test_swapping_the_models_changes_the_sign_of_a_clustered_gain_and_its_value_keeps_its_spread(name):
    metric, (y, a, b, day) = load("metrics", name)(), in_days()
    forward, back = (metric.difference(y, first, second, 0.95, clusters=day) for first, second in ((a, b), (b, a)))
    assert (forward.gain, forward.low, forward.high) == pytest.approx((-back.gain, -back.high, -back.low))
    assert forward.p_harm == pytest.approx(1 - back.p_harm)
    assert (forward.design, forward.clusters) == (pytest.approx(back.design), back.clusters)
    spread, (low, high) = spread_of(metric, y, a, clusters=day), metric.interval(y, a, 0.95, clusters=day)
    assert (low, high) == pytest.approx((metric.value(y, a) - spread.reach(0.95), metric.value(y, a) + spread.reach(0.95)))


def test_a_mean_over_days_of_equal_size_is_the_paired_t_test_of_the_days():
    y, a, b, day = in_days()
    found = AbsoluteError().difference(y, a, b, 0.95, clusters=day)
    gains = np.array([(np.abs(a - y) - np.abs(b - y))[day == one].mean() for one in range(12)])
    expected = ttest_1samp(gains, 0, alternative="less")
    assert (found.error, found.p_harm) == (pytest.approx(gains.std(ddof=1) / np.sqrt(12)), pytest.approx(expected.pvalue))
    low, high = expected.confidence_interval(0.95)
    assert found.high == pytest.approx(high)
    assert low == -np.inf


def test_the_error_of_a_clustered_auc_is_that_of_leaving_out_one_day_after_the_other():
    y, a, b, day = in_days(days=30)
    auc = RocAuc()
    found = auc.difference(y, a, b, 0.95, clusters=day)
    left = np.array([auc.value(y[day != one], b[day != one]) - auc.value(y[day != one], a[day != one]) for one in range(30)])
    jackknife = np.sqrt(29 / 30 * ((left - left.mean()) ** 2).sum())
    assert found.error == pytest.approx(jackknife, rel=0.02)


def test_days_that_differ_widen_the_interval_and_the_design_effect_says_by_how_much():
    y, a, b, day = in_days(days=40, rows=200)
    alone, found = RocAuc().difference(y, a, b, 0.95), RocAuc().difference(y, a, b, 0.95, clusters=day)
    assert found.design == pytest.approx((found.error / alone.error) ** 2)
    assert found.design > 3
    assert found.high - found.low > 1.7 * (alone.high - alone.low)


def test_fewer_than_eight_clusters_never_narrow_an_interval():
    rng = np.random.default_rng(5)
    for clusters in (2, 3, 5, 7):
        for _ in range(50):
            rows = rng.normal(size=20 * clusters)
            day = np.repeat(np.arange(clusters), 20)
            alone, found = AbsoluteError().spread(np.zeros(len(rows)), rows), AbsoluteError().spread(np.zeros(len(rows)), rows, clusters=day)
            assert found.error >= alone.error
            assert found.reach(0.95) > alone.reach(0.95)


def test_a_cluster_that_holds_most_rows_leaves_few_degrees_of_freedom():
    assert degrees_of_freedom(np.full(25, 0.04), variance=3.0, independent=1.0) == pytest.approx(24)
    some = degrees_of_freedom(np.r_[0.2, np.full(32, 0.025)], variance=3.0, independent=1.0)
    most = degrees_of_freedom(np.r_[0.8, np.full(8, 0.025)], variance=3.0, independent=1.0)
    assert 1 <= most < 2 < some < 24


def test_a_model_against_itself_gains_nothing_whatever_the_days():
    y, a, _, day = in_days()
    found = RocAuc().difference(y, a, a, 0.95, clusters=day)
    assert (found.gain, found.low, found.high, found.p_harm, found.design) == (0, 0, 0, 1, 1)


def test_one_cluster_decides_nothing_nor_does_a_class_that_is_in_one_only():
    y, a, b, day = in_days()
    one, rare = np.zeros(len(y), int), np.where(day == 3, y, 0.0)
    assert one_cluster(one) == RocAuc().undecidable(y, clusters=one) == AbsoluteError().undecidable(y, clusters=one) == "all rows are of one cluster"
    assert one_cluster(day) is one_cluster(None) is RocAuc().undecidable(y, clusters=day) is F1().undecidable(y, clusters=day) is None
    assert RocAuc().undecidable(rare, clusters=day) == "all rows of one class are of one cluster"
    assert F1().undecidable(rare, clusters=day) == "all positive rows are of one cluster"
    for labels, clusters in ((y, one), (rare, day)):
        with pytest.raises(DataError, match="of one cluster"):
            RocAuc().difference(labels, a, b, 0.95, clusters=clusters)


def test_a_class_that_is_missing_on_some_days_is_no_error():
    y, a, b, day = in_days()
    found = RocAuc().difference(np.where(day % 3, y, 0.0), a, b, 0.95, clusters=day)
    assert found.clusters == 12
    assert found.low < found.gain < found.high


def test_clusters_are_one_integer_for_each_row():
    y, a, b, day = in_days()
    for wrong in (day[:-1], day.astype(float), day[None, :]):
        with pytest.raises(DataError, match="one integer for each of 480 rows"):
            RocAuc().difference(y, a, b, 0.95, clusters=wrong)
    assert dense(np.array([-4, 10**12, -4]), 3).tolist() == [0, 1, 0]


def test_clusters_without_a_row_count_for_nothing():
    part = Influences(np.array([0, 0, 5, 5, 9, 9]), np.array([-1.0, -1.0, 0.0, 0.0, 1.0, 1.0]))
    assert clustered([part], Spread(error=0.1, freedom=5)).clusters == 3
