"""Drift between neighbours and trends between years: against every order, against the tests' own size, and what they must see."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import kendalltau

from keepfit.stats.trend import drifts, seasonal_trend


@pytest.mark.parametrize("n", [5, 6])
def test_of_all_orders_of_a_few_values_about_one_in_a_hundred_drifts(n):
    orders = [drifts(list(order)) for order in permutations(range(n))]
    assert 2 / len(orders) <= np.mean(orders) <= max(0.01, 2 / len(orders))


@pytest.mark.parametrize("n", [9, 24, 60])
def test_values_without_order_are_seldom_said_to_drift(n):
    rng = np.random.default_rng(n)
    assert np.mean([drifts(rng.normal(size=n).tolist()) for _ in range(2000)]) < 0.02


@pytest.mark.parametrize("values", [range(5), range(6, 0, -1), np.sin(np.arange(12) / 4), np.cumsum(np.random.default_rng(0).normal(size=30))])
def test_a_trend_half_a_season_and_a_random_walk_drift(values):
    assert drifts([float(value) for value in values])


def test_the_seasonal_test_sees_a_trend_and_no_season():
    rng = np.random.default_rng(1)
    months = [month % 12 for month in range(48)]
    season = np.array([10 * np.sin(month / 2) for month in months]) + rng.normal(0, 0.3, 48)
    assert not seasonal_trend(season.tolist(), months)
    assert seasonal_trend((season + np.arange(48) / 12).tolist(), months)


def test_of_one_season_it_is_kendalls_test():
    values = [3.0, 1.0, 4.0, 1.5, 5.0, 9.0, 2.6, 5.3, 5.8, 9.7]
    p = kendalltau(range(10), values, method="asymptotic").pvalue
    assert 0.005 < p < 0.05
    assert seasonal_trend(values, [0] * 10, alpha=0.05)
    assert not seasonal_trend(values, [0] * 10, alpha=0.001)


def test_too_few_values_say_nothing():
    assert not drifts([1, 2, 3, 4])
    assert not seasonal_trend([1.0, 2.0], [1, 2])
