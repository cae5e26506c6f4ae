from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk

from keepfit.errors import DataError
from keepfit.stats.balanced_accuracy import BalancedAccuracy
from keepfit.stats.label_metrics import F1

BOTH = pytest.mark.parametrize(("metric", "reference"), [(BalancedAccuracy(), sk.balanced_accuracy_score), (F1(), sk.f1_score)])


def labelled(n=600, seed=1, share=0.2):
    """Labels and two models' answers: 85 % and 70 % of the rows right."""
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < share).astype(float)
    return y, np.where(rng.random(n) < 0.85, y, 1 - y), np.where(rng.random(n) < 0.7, y, 1 - y)


@BOTH
def test_values_are_those_of_scikit_learn_for_labels_and_for_scores_cut_at_a_half(metric, reference):
    y, a, _ = labelled()
    assert metric.value(y, a) == pytest.approx(reference(y, a), abs=1e-12)
    assert metric.value(y, 0.3 + 0.4 * a) == metric.value(y, a)


@BOTH
def test_the_paired_interval_agrees_with_a_bootstrap(metric, reference):
    y, a, b = labelled()
    rng = np.random.default_rng(7)
    draws = (rng.integers(0, len(y), len(y)) for _ in range(800))
    gains = [reference(y[rows], b[rows]) - reference(y[rows], a[rows]) for rows in draws]
    found = metric.difference(y, a, b, 0.95)
    assert found.gain == pytest.approx(reference(y, b) - reference(y, a), abs=1e-12)
    # 800 resamples: the standard deviation itself is known to 2.5 % (one sigma)
    assert found.error == pytest.approx(np.std(gains), rel=0.1)
    assert found.high < 0


@pytest.mark.parametrize(("metric", "truth"), [(BalancedAccuracy(), 0.85), (F1(), 2 * 0.2 * 0.85 / (2 * 0.2 * 0.85 + 0.2 * 0.15 + 0.8 * 0.15))])
def test_the_interval_covers_the_truth_as_often_as_promised(metric, truth):
    bounds = [metric.interval(*labelled(400, seed)[:2], 0.95) for seed in range(400)]
    # 5 % of 400 is 20, one sigma 4.4; the law is normal only in the limit
    assert 7 <= sum(low > truth for low, _ in bounds) <= 36
    assert 7 <= sum(high < truth for _, high in bounds) <= 36


def test_too_few_rows_of_a_class_decide_nothing():
    y = np.repeat([0.0, 1.0], [50, 9])
    assert BalancedAccuracy().undecidable(y) == "9 rows of one class, at least 10 are needed"
    assert F1().undecidable(y) == "9 positive rows, at least 10 are needed"
    assert BalancedAccuracy().undecidable(np.zeros(50)) == "one class only"
    with pytest.raises(DataError, match="both classes"):
        BalancedAccuracy().value([1, 1], [1, 0])
    with pytest.raises(DataError, match="positive row"):
        F1().value([0, 0], [0, 0])
