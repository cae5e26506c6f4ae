"""Bounds from a standard error, against scipy's distributions."""

from __future__ import annotations

import pytest
from scipy import stats

from keepfit.stats.bounds import p_below, quantile


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999])
def test_a_bound_is_students_with_freedom_and_normal_without(confidence):
    assert quantile(confidence, 7) == pytest.approx(stats.t(7).ppf(confidence))
    assert quantile(confidence) == pytest.approx(stats.norm.ppf(confidence))


def test_the_p_value_of_a_gain_is_one_sided():
    assert p_below(-0.3, 0.2, 12) == pytest.approx(stats.t(12).cdf(-1.5))
    assert p_below(-0.3, 0.2) == pytest.approx(stats.norm.cdf(-1.5))


def test_what_has_no_error_is_sure():
    assert (p_below(-1e-9, 0.0), p_below(0.0, 0.0)) == (0.0, 1.0)
