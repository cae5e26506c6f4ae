"""The chi-squared detector against scipy."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from keepfit.errors import DataError
from keepfit.monitor.detectors.chi2 import ChiSquared
from keepfit.profiles.profile import learn_layout, profile_table


def compare(a, b, **options):
    layout = learn_layout(pa.table({"x": a}), {"x": "categorical"}, **options)
    sides = [profile_table(pa.table({"x": side}), layout, "w").columns["x"] for side in (a, b)]
    return ChiSquared().compare(*sides, "x")


@pytest.mark.parametrize(("categories", "n", "m"), [(2, 500, 400), (5, 1000, 300), (16, 9000, 8000)])
def test_it_is_scipys(categories, n, m):
    rng = np.random.default_rng(categories)
    a, b = rng.integers(0, categories, n), rng.integers(0, categories, m)
    table = np.stack([np.bincount(side, minlength=categories) for side in (a, b)])
    expected = stats.chi2_contingency(table)
    found = compare([str(v) for v in a], [str(v) for v in b])
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue)


def test_new_categories_are_counted_not_skipped():
    found = compare(["a"] * 90 + ["b"] * 10, ["a"] * 50 + ["c"] * 50)
    assert found.effect == pytest.approx(0.5)
    assert found.statistic == pytest.approx(stats.chi2_contingency([[90, 10, 0], [50, 0, 50]]).statistic)


def test_the_effect_is_the_share_of_rows_that_moved():
    assert compare(["a", "b"] * 50, ["a"] * 100).effect == pytest.approx(0.5)
    assert compare(["a"] * 10, ["b"] * 10).effect == pytest.approx(1.0)


def test_one_category_is_no_change():
    found = compare(["a"] * 10, ["a"] * 30)
    assert (found.statistic, found.effect, found.p_value) == (0.0, 0.0, 1.0)


def test_past_the_most_frequent_categories_it_sees_only_other():
    many = [f"c{i:03d}" for i in range(200)]
    assert compare(many, many[:50] + [f"d{i}" for i in range(150)], max_categories=50).effect == 0.0


def test_two_layouts_are_refused():
    sides = [profile_table(pa.table({"x": v}), learn_layout(pa.table({"x": v}), {"x": "categorical"}), "w").columns["x"] for v in (["a"], ["b"])]
    with pytest.raises(DataError, match="two different layouts"):
        ChiSquared().compare(*sides, "x")
