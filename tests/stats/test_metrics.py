from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta
from sklearn import metrics as sk

from keepfit.errors import DataError
from keepfit.plugins import BUILTIN, load
from keepfit.stats.metric import values_of
from keepfit.stats.metrics import AbsoluteError, Accuracy, Brier, ErrorRate, LogLoss, RocAuc, SquaredError


def sample(n=400, seed=1):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.3).astype(float)
    hidden = y + rng.normal(size=n)
    a = 1 / (1 + np.exp(-(hidden + rng.normal(size=n)))).round(2)
    b = 1 / (1 + np.exp(-(hidden + 0.5 * rng.normal(size=n)))).round(2)
    return y, a, b


def slow_delong(y, scores):
    """DeLong's own definition, every pair of rows looked at."""
    kernels = [(s[y == 1][:, None] > s[y == 0]) + 0.5 * (s[y == 1][:, None] == s[y == 0]) for s in scores]
    rows, columns = [k.mean(1) for k in kernels], [k.mean(0) for k in kernels]
    return np.cov(rows) / (y == 1).sum() + np.cov(columns) / (y == 0).sum()


@pytest.mark.parametrize(
    ("metric", "reference"),
    [(RocAuc(), sk.roc_auc_score), (LogLoss(), sk.log_loss), (Brier(), sk.brier_score_loss), (AbsoluteError(), sk.mean_absolute_error),
     (SquaredError(), sk.mean_squared_error), (Accuracy(), lambda y, s: sk.accuracy_score(y, s >= 0.5)),
     (ErrorRate(), lambda y, s: sk.zero_one_loss(y, s >= 0.5))],
)  # fmt: skip
def test_values_are_those_of_scikit_learn_ties_included(metric, reference):
    y, a, _ = sample()
    assert metric.value(y, a) == pytest.approx(reference(y, a), abs=1e-12)


def test_delong_from_midranks_equals_the_definition_over_all_pairs():
    y, a, b = sample(120)
    covariance = slow_delong(y, [a, b])
    difference = RocAuc().difference(y, a, b, 0.95)
    expected = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    assert difference.error**2 == pytest.approx(expected, rel=1e-9)


def test_the_paired_interval_of_auc_agrees_with_a_bootstrap():
    y, a, b = sample(600)
    rng = np.random.default_rng(7)
    gains = []
    for _ in range(800):
        rows = rng.integers(0, len(y), len(y))
        gains.append(sk.roc_auc_score(y[rows], b[rows]) - sk.roc_auc_score(y[rows], a[rows]))
    difference = RocAuc().difference(y, a, b, 0.95)
    # 800 resamples: the standard deviation itself is known to 2.5 % (one sigma)
    assert difference.error == pytest.approx(np.std(gains), rel=0.1)
    assert difference.low == pytest.approx(np.quantile(gains, 0.05), abs=0.005)


def test_the_interval_of_one_auc_covers_the_truth_as_often_as_promised():
    rng = np.random.default_rng(3)
    truth = 0.7602499389065233  # Phi(1 / sqrt 2): two normal classes one standard deviation apart
    misses = 0
    for _ in range(400):
        y = np.repeat([0.0, 1.0], [150, 60])
        low, _ = RocAuc().interval(y, rng.normal(size=210) + y, 0.95)
        misses += low > truth
    # 5 % of 400 is 20, one sigma 4.4
    assert 7 <= misses <= 34


def test_a_paired_loss_difference_is_the_paired_t_test():
    from scipy.stats import ttest_rel

    y, a, b = sample()
    difference = LogLoss().difference(y, a, b, 0.95)
    rows_a, rows_b = LogLoss().rows(y, a), LogLoss().rows(y, b)
    assert difference.p_harm == pytest.approx(ttest_rel(rows_b, rows_a, alternative="greater").pvalue)
    assert difference.gain == pytest.approx(rows_a.mean() - rows_b.mean())


@pytest.mark.parametrize("name", sorted(BUILTIN["metrics"]))
def test_positive_always_means_that_b_is_better_and_swapping_changes_the_sign(name):
    metric = load("metrics", name)()
    y, a, b = sample()
    forward, back = metric.difference(y, a, b, 0.95), metric.difference(y, b, a, 0.95)
    better = forward.value_b > forward.value_a if metric.greater_is_better else forward.value_b < forward.value_a
    assert (forward.gain > 0) == better
    assert forward.gain == pytest.approx(-back.gain)
    assert forward.low == pytest.approx(-back.high)
    assert forward.p_harm == pytest.approx(1 - back.p_harm)
    assert forward.low < forward.gain < forward.high


@pytest.mark.parametrize("name", sorted(BUILTIN["metrics"]))
def test_nan_scores_and_unlabelled_rows_are_errors_not_numbers(name):
    metric = load("metrics", name)()
    with pytest.raises(DataError, match="NaN"):
        metric.value([0, 1], [0.2, np.nan])
    with pytest.raises(DataError, match="NaN"):
        metric.difference([0, np.nan], [0.2, 0.1], [0.2, 0.1], 0.95)
    with pytest.raises(DataError, match="no labelled row"):
        metric.value([], [])
    with pytest.raises(DataError, match="length"):
        metric.value([0, 1], [0.5])


def test_a_model_against_itself_gains_nothing_and_is_not_harmed():
    y, a, _ = sample()
    difference = RocAuc().difference(y, a, a, 0.95)
    assert (difference.gain, difference.low, difference.high, difference.p_harm) == (0, 0, 0, 1)


def test_one_class_is_undecidable_and_has_no_area():
    assert RocAuc().undecidable(np.ones(50)) == "one class only"
    assert "at least 10" in RocAuc().undecidable(np.repeat([0.0, 1.0], [50, 4]))
    assert RocAuc().undecidable(np.repeat([0.0, 1.0], 50)) is None
    with pytest.raises(DataError, match="both classes"):
        RocAuc().value(np.ones(50), np.arange(50))


@pytest.mark.parametrize("name", ["roc_auc", "log_loss"])
def test_several_labels_of_the_same_scores_are_measured_as_one_after_the_other(name):
    metric, rng = load("metrics", name)(), np.random.default_rng(3)
    scores = rng.random(500).round(2)
    labels = [(rng.random(500) < 0.3).astype(float) for _ in range(7)]
    assert values_of(metric, labels, scores) == [metric.value(y, scores) for y in labels]
    assert values_of(metric, [], scores) == []


@pytest.mark.parametrize("n", [6, 100])
def test_a_share_of_no_row_or_of_all_is_not_known_to_the_last_digit(n):
    """Rows that are all alike have no variance; of 100 without an error the upper bound is 3 %, by the binomial distribution."""
    y = np.zeros(n)
    low, high = ErrorRate().interval(y, y, 0.95)
    assert (low, high) == (0.0, pytest.approx(beta.ppf(0.95, 1, n)))
    assert Accuracy().interval(y, y, 0.95) == (pytest.approx(1 - high), 1.0)
    assert ErrorRate().interval(y, y + 1, 0.95) == (pytest.approx(1 - high), 1.0)
