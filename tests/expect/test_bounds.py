"""Bounds from rows that may hold bad values: those lie outside, and of ordinary columns hardly a row does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.expect.bounds import robust_bounds

DRAWS = {
    "normal": lambda rng, n: rng.normal(size=n),
    "exponential": lambda rng, n: rng.exponential(size=n),
    "lognormal, sigma 2": lambda rng, n: rng.lognormal(0, 2, n),
    "Pareto, alpha 1": lambda rng, n: rng.pareto(1, n),
    "Pareto, alpha 1.5": lambda rng, n: rng.pareto(1.5, n),
    "Cauchy": lambda rng, n: rng.standard_cauchy(n),
    "zero but for 2 %, those Pareto": lambda rng, n: np.where(rng.random(n) < 0.98, 0, rng.pareto(1.5, n)),
    "counts, mostly 0": lambda rng, n: rng.negative_binomial(0.3, 0.05, n),
    "two values": lambda rng, n: rng.random(n) < 0.001,
    "Zipf": lambda rng, n: rng.zipf(2.0, n),
    "uniform": lambda rng, n: rng.random(n),
}


@pytest.mark.parametrize("name", DRAWS)
def test_of_ordinary_columns_hardly_a_row_is_set_aside(name):
    rng = np.random.default_rng(7)
    shares = [robust_bounds(DRAWS[name](rng, n)).aside / n for n in (1_000, 10_000) for _ in range(20)]
    assert np.mean(shares) < 0.0005
    assert max(shares) <= 0.002  # two rows of a thousand


@pytest.mark.parametrize("name", DRAWS)
def test_later_rows_of_an_ordinary_column_pass(name):
    rng = np.random.default_rng(8)
    outside = []
    for _ in range(20):
        found, later = robust_bounds(DRAWS[name](rng, 10_000)), DRAWS[name](rng, 10_000)
        outside.append(((later < found.low) | (later > found.high)).mean())
    assert np.mean(outside) < 0.0005


def test_no_kelvin_is_zero_and_no_rain_is_ten_metres():
    rng = np.random.default_rng(9)
    temp = np.append(rng.normal(281, 13, 16_000), np.zeros(10))
    rain = np.append(np.where(rng.random(16_000) < 0.93, 0, np.minimum(rng.lognormal(-0.5, 1.3, 16_000), 56)), 9831.3)
    cold, wet = robust_bounds(temp), robust_bounds(rain)
    assert (cold.aside, cold.extremes) == (10, (0.0,))
    assert 0 < cold.low < 243
    assert cold.seen[0] > 200
    assert (wet.aside, wet.extremes) == (1, (9831.3,))
    assert 56 < wet.high < 9831
    assert wet.low == 0


@pytest.mark.parametrize("sentinel", [-999.0, 9999.0, 1e9])
def test_sentinels_lie_outside_on_either_side(sentinel):
    values = np.append(np.random.default_rng(1).normal(10, 2, 5_000), np.full(40, sentinel))
    found = robust_bounds(values)
    assert (found.aside, found.extremes) == (40, (sentinel,))


def test_a_population_of_its_own_is_no_error():
    values = np.append(np.random.default_rng(1).normal(10, 1, 9_500), np.random.default_rng(2).normal(1000, 10, 500))
    assert robust_bounds(values).aside == 0


def test_a_constant_leaves_room_and_what_is_never_negative_stays_so():
    found = robust_bounds(np.zeros(100))
    assert (found.low, found.high, found.aside) == (0.0, 1.0, 0)
    assert robust_bounds(np.full(100, -5.0)).low < -5 < robust_bounds(np.full(100, -5.0)).high


def test_missing_and_infinite_values_are_no_range():
    assert robust_bounds([np.nan, np.inf]) is None
    assert robust_bounds([1.0, 2.0, np.nan, np.inf]).n == 2


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=200))
def test_the_kept_values_lie_inside_and_the_count_is_a_recount(values):
    found = robust_bounds(values)
    column = np.asarray(values)
    assert found.low <= found.seen[0] <= found.seen[1] <= found.high
    assert found.aside == ((column < found.low) | (column > found.high)).sum()
    assert found.n == len(values)
