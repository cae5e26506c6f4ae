"""Intervals against `scipy.stats.bootstrap` on independent rows, a second source that knows no formula.

keepfit draws no resamples: DeLong's, Student's and the delta method's intervals cost one pass. The ends of a percentile interval of `DRAWS` resamples are known
to .12 of a standard error (one sigma: √(.05 · .95 / 300) over the normal density at 1.645), so ends may differ by half a standard error: four sigma.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import bootstrap
from sklearn import metrics as sk
from tests.stats.many_classes import drawn

from keepfit.evaluate.compare import ScoredRows, compare
from keepfit.plugins import load

DRAWS, TOLERANCE = 300, 0.5
PERCENTILE = {"vectorized": False, "n_resamples": DRAWS, "confidence_level": 0.9, "method": "percentile"}


def scored(n=400, seed=5):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.3).astype(float)
    hidden = y + rng.normal(size=n)
    return y, *(1 / (1 + np.exp(-(hidden + noise * rng.normal(size=n) - 0.5))).round(2) for noise in (1.0, 0.5))


def numbers(n=400, seed=5):
    rng = np.random.default_rng(seed)
    y = rng.normal(size=n)
    return y, y + rng.normal(size=n), y + 0.8 * rng.normal(size=n)


def pairs_won(y, s):
    """Every positive row against every negative one, ties half."""
    above, below = s[y == 1][:, None], s[y == 0]
    return ((above > below) + 0.5 * (above == below)).mean()


def mean_f1(y, s):
    named = s.argmax(1)
    return np.mean([2 * ((named == code) & (y == code)).sum() / ((named == code).sum() + (y == code).sum()) for code in range(s.shape[1])])


CASES = {
    "roc_auc": (scored, pairs_won),
    "log_loss": (scored, lambda y, s: -np.log(np.clip(np.where(y == 1, s, 1 - s), 1e-15, None)).mean()),
    "brier": (scored, lambda y, s: ((s - y) ** 2).mean()),
    "error_rate": (scored, lambda y, s: ((s >= 0.5) != y).mean()),
    "balanced_accuracy": (scored, lambda y, s: (s[y == 1] >= 0.5).mean() / 2 + (s[y == 0] < 0.5).mean() / 2),
    "f1": (scored, lambda y, s: 2 * ((s >= 0.5) & (y == 1)).sum() / ((s >= 0.5).sum() + (y == 1).sum())),
    "mae": (numbers, lambda y, s: np.abs(s - y).mean()),
    "f1_macro": (drawn, mean_f1),
}


@pytest.mark.parametrize("name", CASES)
def test_both_intervals_end_where_a_bootstraps_do(name):
    metric, (sample, value) = load("metrics", name)(), CASES[name]
    y, a, b = sample()
    sign = 1 if metric.greater_is_better else -1
    rows = np.arange(len(y))

    def gain(drawn_rows):
        return sign * (value(y[drawn_rows], b[drawn_rows]) - value(y[drawn_rows], a[drawn_rows]))

    def own(drawn_rows):
        return value(y[drawn_rows], b[drawn_rows])

    found = metric.difference(y, a, b, 0.95)
    assert found.gain == pytest.approx(gain(rows), abs=1e-12)
    for statistic, (low, high) in ((gain, (found.low, found.high)), (own, metric.interval(y, b, 0.95))):
        drawn_ends = bootstrap((rows,), statistic, **PERCENTILE, rng=np.random.default_rng(3)).confidence_interval
        error = (high - low) / 2 / 1.645
        assert (low, high) == pytest.approx(tuple(drawn_ends), abs=TOLERANCE * error)


def test_where_one_resample_without_a_class_makes_the_bootstrap_nan_the_interval_is_finite_or_says_why_not():
    """12 of 24 rows are positive: an interval. 3 of 24: SciPy's is NaN as soon as one draw holds no positive row; here it is undecided, with the reason."""
    rng = np.random.default_rng(2)
    for positives, status in ((12, "measured"), (3, "undecided")):
        y = np.repeat([1.0, 0.0], [positives, 24 - positives])
        s = rng.random(24) + 0.3 * y
        found = compare(load("metrics", "roc_auc")(), ScoredRows(y=y, champion=s[::-1].copy(), challenger=s), name="overall", confidence=0.95, min_rows=2)
        assert found.status == status
        if status == "measured":
            assert np.isfinite([found.value_low, found.value_high, found.difference.low, found.difference.high]).all()
    assert "3 rows of one class, at least 10 are needed" in found.detail
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ends = bootstrap((np.arange(24),), lambda rows: sk.roc_auc_score(y[rows], s[rows]), **PERCENTILE, rng=np.random.default_rng(3)).confidence_interval
    assert np.isnan(ends.low), "the draws hold one without a positive row"
