"""The KS detector against scipy."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from keepfit.errors import DataError
from keepfit.monitor.detectors.ks import KolmogorovSmirnov, p_of
from keepfit.profiles.profile import learn_layout, profile_table


def compare(a, b, **options):
    layout = learn_layout(pa.table({"x": a}), {"x": "numeric"}, **options)
    sides = [profile_table(pa.table({"x": side}), layout, "w").columns["x"] for side in (a, b)]
    return KolmogorovSmirnov().compare(*sides, "x")


@pytest.mark.parametrize(("n", "m", "shift"), [(10_000, 10_000, 0), (2_000, 300, 1), (500, 27_000, 0), (60, 80, 1)])
def test_it_is_scipys_where_every_value_has_a_bin(n, m, shift):
    rng = np.random.default_rng(n)
    a, b = rng.integers(0, 12, n).astype(float), rng.integers(0, 12, m) + float(shift)
    expected = stats.ks_2samp(a, b, method="asymp")
    found = compare(a, b)
    assert found.effect == pytest.approx(expected.statistic, abs=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-3)


def test_on_continuous_values_it_misses_at_most_one_bin():
    rng = np.random.default_rng(1)
    for shift in (0.0, 0.1, 0.5):
        a, b = rng.normal(size=5000), rng.normal(shift, 1.2, size=4000)
        expected = stats.ks_2samp(a, b, method="asymp")
        found = compare(a, b)
        assert expected.statistic - 1 / 15 - 0.01 <= found.effect <= expected.statistic + 1e-12
        assert found.p_value >= expected.pvalue - 1e-6


def test_with_a_bin_a_row_it_is_scipys_on_continuous_values():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=400), rng.normal(0.2, size=300)
    found = compare(a, b, bins=400)
    assert found.effect == pytest.approx(stats.ks_2samp(a, b).statistic, abs=1 / 300)


def test_the_p_value_keeps_its_promise_without_a_change():
    rng = np.random.default_rng(3)
    p_values = [compare(rng.normal(size=300), rng.normal(size=200)).p_value for _ in range(1000)]
    # conservative; the share below .05 has a standard error of .007
    assert np.mean(np.array(p_values) < 0.05) < 0.07


def test_a_constant_column_that_drops_or_rises_is_seen():
    assert compare([5.0] * 50, [4.0] * 50).effect == 1.0
    assert compare([5.0] * 50, [6.0] * 50).effect == 1.0
    assert compare([5.0] * 50, [5.0] * 50).effect == 0.0


def test_tiny_samples_have_a_probability():
    assert 0 <= p_of(1.0, 1, 1) <= 1
    assert p_of(0.0, 1, 1) == 1.0


def test_categories_and_foreign_layouts_are_refused():
    one = profile_table(pa.table({"x": ["a"]}), learn_layout(pa.table({"x": ["a"]}), {"x": "categorical"}), "w").columns["x"]
    with pytest.raises(DataError, match="'x' is categorical"):
        KolmogorovSmirnov().compare(one, one, "x")
    sides = [profile_table(pa.table({"x": v}), learn_layout(pa.table({"x": v}), {"x": "numeric"}), "w").columns["x"] for v in ([1.0], [2.0])]
    with pytest.raises(DataError, match="two different layouts"):
        KolmogorovSmirnov().compare(*sides, "x")


@pytest.mark.parametrize(("gap", "p"), [(0.012, 0.512), (0.002, 1.000)], ids=["age and hours", "capital gain and loss"])
def test_the_published_p_values_of_the_adult_data_follow_from_the_published_gaps(gap, p):
    """The data is not here, and the gaps are published to three decimals: some gap that rounds to the published one gives the published p."""
    assert p_of(gap + 0.0005, 10_000, 10_000) - 0.0005 <= p <= p_of(gap - 0.0005, 10_000, 10_000) + 0.0005
