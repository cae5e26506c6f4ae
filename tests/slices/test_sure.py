"""A p-value and an interval that never contradict each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from keepfit.slices.sure import sureness

SHARES = st.floats(1e-6, 0.2)


@given(st.floats(-1, 1), st.floats(0, 1), SHARES, st.integers(1, 100_000), st.floats(1e-4, 0.2))
def test_p_is_at_most_alpha_only_if_the_interval_excludes_zero(effect, error, p_value, tests, alpha):
    found = sureness(effect, error, p_value=p_value, tests=tests, alpha=alpha)
    if found.p_value < alpha * (1 - 1e-9):
        assert found.low > 0 or found.high < 0
    if found.p_value > max(p_value, alpha * (1 + 1e-9)):
        assert found.low <= 0 <= found.high
    assert found.p_value >= p_value


def test_the_interval_is_bonferronis():
    found = sureness(0.1, 0.02, p_value=0.0, tests=50, alpha=0.05)
    reach = norm.isf(0.05 / 2 / 50) * 0.02
    assert (found.low, found.high) == (pytest.approx(0.1 - reach), pytest.approx(0.1 + reach))
    assert found.p_value == pytest.approx(50 * 2 * norm.sf(5))


def test_an_effect_without_error_is_as_sure_as_the_search_and_none_says_nothing():
    assert sureness(0.3, 0.0, p_value=1e-5, tests=9, alpha=0.01).p_value == 1e-5
    assert sureness(0.0, 0.0, p_value=1e-5, tests=9, alpha=0.01).p_value == 1.0
