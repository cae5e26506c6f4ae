"""PSI: its formula, its convention for empty cells, and its p-value."""

import numpy as np
import pyarrow as pa
import pytest

from keepfit.monitor.detectors.psi import PopulationStability, index_of
from keepfit.profiles.profile import learn_layout, profile_table


def compare(a, b):
    layout = learn_layout(pa.table({"x": a}), {"x": "numeric"})
    sides = [profile_table(pa.table({"x": side}), layout, "w").columns["x"] for side in (a, b)]
    return PopulationStability().compare(*sides, "x")


def test_it_is_jeffreys_divergence():
    a, b = np.array([10.0, 20, 70]), np.array([30.0, 30, 40])
    p, q = a / 100, b / 100
    assert index_of(a, b) == pytest.approx((p * np.log(p / q)).sum() + (q * np.log(q / p)).sum())


def test_an_empty_cell_counts_as_half_a_row():
    assert index_of(np.array([10.0, 0]), np.array([5.0, 5])) == pytest.approx(0.5 * np.log(2) + (0.05 - 0.5) * np.log(0.1))


def test_the_same_shares_of_more_rows_are_no_change():
    assert index_of(np.array([10.0, 30]), np.array([100.0, 300])) == 0


def test_the_p_value_is_right_without_a_change():
    rng = np.random.default_rng(4)
    reference = rng.normal(size=20_000)
    p_values = np.array([compare(reference, rng.normal(size=1000)).p_value for _ in range(600)])
    # about 67 rows a bin; the shares' standard errors are .009 and .004
    assert np.mean(p_values < 0.05) == pytest.approx(0.05, abs=0.03)
    assert np.mean(p_values < 0.01) == pytest.approx(0.01, abs=0.015)


def test_a_shift_by_one_standard_deviation_is_far_above_the_rule_of_thumb():
    rng = np.random.default_rng(5)
    # the divergence of two normal laws one sd apart is 1; binning loses a little
    assert compare(rng.normal(size=20_000), rng.normal(1, 1, size=20_000)).effect == pytest.approx(1, abs=0.15)
