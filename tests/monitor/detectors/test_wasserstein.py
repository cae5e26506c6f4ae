"""The Wasserstein distance against scipy: what is exact and how far off the rest is."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from keepfit.errors import DataError
from keepfit.monitor.detectors.wasserstein import Wasserstein
from keepfit.profiles.profile import learn_layout, profile_table

FEW = st.lists(st.integers(0, 9).map(float), min_size=1, max_size=40)


def compare(a, b, kind="numeric", bins=15):
    layout = learn_layout(pa.table({"x": a}), {"x": kind}, bins=bins)
    sides = [profile_table(pa.table({"x": side}), layout, "w").columns["x"] for side in (a, b)]
    return Wasserstein().compare(*sides, "x")


@given(FEW, FEW)
def test_it_is_scipys_where_every_value_has_a_bin(a, b):
    known = [*a, *np.arange(10.0)]  # so that every value of the window is one of the reference's
    assert compare(known, b).statistic == pytest.approx(stats.wasserstein_distance(known, b), abs=1e-9)


@pytest.mark.parametrize("shift", [0.01, 0.3, 5.0])
def test_a_pure_shift_is_exact_on_any_layout(shift):
    a = np.random.default_rng(9).lognormal(size=3000)
    found = compare(a, a + shift, bins=5)
    assert found.statistic == pytest.approx(stats.wasserstein_distance(a, a + shift), rel=1e-3)
    assert found.effect == pytest.approx(shift / a.std(), rel=1e-2)


@pytest.mark.parametrize(("bins", "off"), [(15, 0.35), (60, 0.15), (400, 0.04)])
def test_a_change_of_spread_is_read_from_the_bins_and_more_bins_read_better(bins, off):
    rng = np.random.default_rng(10)
    a, b = rng.normal(size=20_000), rng.normal(scale=1.5, size=20_000)
    exact = stats.wasserstein_distance(a, b)
    assert exact * (1 - off) <= compare(a, b, bins=bins).statistic <= exact * 1.01


def test_constants_that_differ_have_effect_one_and_equal_ones_none():
    assert (compare([5.0] * 9, [7.0] * 9).statistic, compare([5.0] * 9, [7.0] * 9).effect) == (2.0, 1.0)
    assert compare([5.0] * 9, [5.0] * 3).effect == 0


def test_it_is_no_test():
    assert compare([1.0, 2.0], [1.0, 5.0]).p_value is None


def test_sums_past_the_largest_float_are_not_measured():
    found = compare([1e308, 1.5e308], [1.0, 2.0])
    assert (found.statistic, found.detail) == (None, "the values are too large to be summed")


def test_categories_are_refused():
    with pytest.raises(DataError, match="compares numbers"):
        compare(["a"], ["b"], "categorical")
