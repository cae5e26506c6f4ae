"""Missing values are seen, infinities too."""

import math

import pyarrow as pa
import pytest
from scipy import stats

from keepfit.monitor.detectors.missing import Missing
from keepfit.profiles.profile import learn_layout, profile_table


def compare(a, b):
    layout = learn_layout(pa.table({"x": pa.array(a, pa.float64())}), {"x": "numeric"})
    sides = [profile_table(pa.table({"x": pa.array(side, pa.float64())}), layout, "w").columns["x"] for side in (a, b)]
    return Missing().compare(*sides, "x")


def test_it_is_scipys_test_of_two_proportions():
    found = compare([1.0] * 190 + [None] * 10, [1.0] * 160 + [None] * 30 + [math.inf] * 10)
    assert found.effect == pytest.approx(0.15)
    assert found.p_value == pytest.approx(stats.chi2_contingency([[10, 190], [40, 160]]).pvalue)
    assert found.detail == "missing: 5.0% before, 20.0% now"


def test_a_column_that_vanishes_is_an_effect_of_one():
    assert compare([1.0] * 50, [None] * 50).effect == 1.0
    assert compare([None] * 50, [None] * 20).effect == 0.0
