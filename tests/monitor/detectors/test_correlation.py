"""The correlation detector: its level, its power, and what it says when it cannot tell."""

import numpy as np
import pyarrow as pa
import pytest

from keepfit.monitor.detectors.correlation import Correlation
from keepfit.monitor.joint import compare_correlations
from keepfit.profiles.pairs import count_pairs
from keepfit.profiles.profile import learn_layout
from keepfit.tables.batches import TableRows


def rows(rng, n, rho):
    x, y = rng.normal(size=(2, n))
    return pa.table({"x": x, "y": rho * x + np.sqrt(1 - rho**2) * y})


def compare(reference, current):
    layout = learn_layout(reference, {"x": "numeric", "y": "numeric"})
    return Correlation().compare(*(count_pairs(side, layout, "w").pairs["x|y"] for side in (reference, current)), "x|y")


@pytest.mark.parametrize("rho", [0.0, 0.6, 0.9])
def test_it_keeps_its_level_without_a_change(rho):
    rng = np.random.default_rng(1)
    p_values = np.array([compare(rows(rng, 1000, rho), rows(rng, 300, rho)).p_value for _ in range(500)])
    # standard error .01
    assert np.mean(p_values < 0.05) == pytest.approx(0.05, abs=0.03)


def test_it_sees_a_correlation_of_one_half_in_two_hundred_rows():
    rng = np.random.default_rng(2)
    seen = [compare(rows(rng, 5000, 0.0), rows(rng, 200, 0.5)).p_value < 0.05 / 190 for _ in range(60)]
    assert np.mean(seen) >= 0.95


def test_both_directions_are_one_effect():
    rng = np.random.default_rng(3)
    a, b = (count_pairs(rows(rng, 500, rho), learn_layout(rows(rng, 500, 0.0), {"x": "numeric", "y": "numeric"}), "w").pairs["x|y"] for rho in (0.0, 0.7))
    assert Correlation().compare(a, b, "x|y").effect == Correlation().compare(b, a, "x|y").effect
    assert Correlation().compare(a, a, "x|y").p_value == 1


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 50, [None] * 50])
def test_what_cannot_be_measured_is_none_and_says_why(values):
    odd = pa.table({"x": pa.array(values, pa.float64()), "y": pa.array(values, pa.float64())})
    found = compare(rows(np.random.default_rng(4), 100, 0.0), odd)
    assert (found.statistic, found.effect, found.p_value, found.detail) == (None, None, None, "too few rows or a constant")


def test_a_perfect_correlation_is_finite():
    line = pa.table({"x": np.arange(100.0), "y": np.arange(100.0)})
    assert compare(line, line).p_value == 1


def test_tables_are_compared_pair_by_pair_the_largest_change_first():
    rng = np.random.default_rng(5)
    before, after = (rows(rng, 2000, rho).append_column("z", pa.array(rng.normal(size=2000))) for rho in (0.0, 0.8))
    found = compare_correlations(TableRows(before), TableRows(after))
    assert len(found) == 3
    assert found[0].subject == "x|y"
    assert compare_correlations(TableRows(before.select(["x"])), TableRows(after)) == ()
