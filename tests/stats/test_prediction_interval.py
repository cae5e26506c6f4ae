"""Prediction intervals: Student's bound as SciPy has it, the coverage that is claimed, and what makes them wider."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from keepfit.errors import DataError
from keepfit.stats.prediction_interval import FEWEST, of_count, predict, share_above


@given(values=st.lists(st.floats(-1e3, 1e3).map(lambda value: round(value, 3)), min_size=FEWEST, max_size=12), alpha=st.sampled_from([0.05, 0.01, 1e-4]))
def test_a_bound_is_never_nearer_than_students_and_is_just_that_without_long_tails(values, alpha):
    found, there = predict(values, "plain"), np.array(values)
    reach = stats.t.ppf(1 - alpha, len(values) - 1) * there.std(ddof=1) * math.sqrt(1 + 1 / len(values))
    assert found.low(alpha) <= there.mean() - reach + 1e-6
    assert found.high(alpha) >= there.mean() + reach - 1e-6
    if found.tails == math.inf:
        assert found.high(alpha) == pytest.approx(there.mean() + reach, abs=1e-6)


def test_the_tails_are_scipys_unbiased_kurtosis():
    values = np.random.default_rng(1).standard_t(5, 60)
    excess = stats.kurtosis(values, fisher=True, bias=False)
    assert excess > 0
    assert predict(values.tolist(), "plain").tails == pytest.approx(4 + 6 / excess)


@pytest.mark.parametrize("n", [5, 11, 36])
def test_of_normal_windows_the_next_lies_outside_as_often_as_claimed(n):
    """4,000 streams: at 1 % a side the count of misses is within 4 standard errors of 2 %, or fewer (long tails by chance make it wider)."""
    rng = np.random.default_rng(n)
    streams = rng.normal(10, 2, (4000, n + 1))
    outside = [not (found.low(0.01) <= row[-1] <= found.high(0.01)) for row in streams for found in [predict(row[:-1].tolist(), "plain")]]
    assert 0.012 < np.mean(outside) < 0.02 + 4 * math.sqrt(0.02 * 0.98 / 4000)


def test_least_and_greatest_value_are_no_such_bounds():
    streams = np.random.default_rng(0).normal(size=(4000, 6))
    outside = (streams[:, 5] < streams[:, :5].min(axis=1)) | (streams[:, 5] > streams[:, :5].max(axis=1))
    assert np.mean(outside) == pytest.approx(1 / 3, abs=0.03)


def test_a_share_that_varies_as_a_beta_is_covered_on_the_arcsine_scale():
    """Shares of 20,000 rows, as uneven as an exponential law: of 3,000 streams of 12 windows 0.6 % lie above a bound at 0.1 %; of even ones fewer."""
    rng = np.random.default_rng(3)
    shares = rng.binomial(20_000, rng.beta(1.0, 250.0, (3000, 13))) / 20_000
    above = [row[-1] > predict(row[:-1].tolist(), "arcsine", least=[1 / 80_000] * 12).high(0.001) for row in shares]
    assert np.mean(above) < 0.008
    even = rng.binomial(20_000, rng.beta(20.0, 980.0, (3000, 13))) / 20_000
    assert np.mean([row[-1] > predict(row[:-1].tolist(), "arcsine").high(0.01) for row in even]) < 0.01 + 4 * math.sqrt(0.01 * 0.99 / 3000)


def test_bounds_stay_possible():
    shares = predict([0.001, 0.002, 0.0, 0.004, 0.001], "arcsine")
    assert shares.low(1e-6) == 0
    assert 0 < shares.high(1e-6) <= 1
    counts = predict([100.0, 120.0, 90.0, 110.0, 105.0], "log")
    assert 0 < counts.low(1e-6) < 90
    assert counts.high(1e-6) > 120


def test_a_count_that_never_was_allows_a_few_and_fewer_the_more_windows_had_none():
    found = [share_above(of_count(0, 10_000, windows=windows), 0.001) for windows in (5, 12, 36, 400)]
    assert found == sorted(found, reverse=True)
    assert found[-1] > 1 / 10_000
    t = stats.t.ppf(0.999, 11) * math.sqrt((1 / 0.5 + 1 / 10_000.5) * (1 + 1 / 12))
    assert found[1] == pytest.approx(1 / (1 + math.exp(math.log(10_000.5 / 0.5) - t)))


@pytest.mark.parametrize(("values", "scale"), [([1.0] * 4, "plain"), ([1.0, 2.0, 0.0, 1.0, 2.0], "log"), ([0.1, 0.2, 1.5, 0.1, 0.2], "arcsine")])
def test_too_few_values_and_impossible_ones_are_refused(values, scale):
    with pytest.raises(DataError):
        predict(values, scale)
