"""Holm's adjustment: what it is, and that it keeps the family-wise error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.stats.holm import holm


@given(st.lists(st.floats(0, 1), max_size=30))
def test_holm_never_lowers_a_p_value_and_keeps_their_order(p_values):
    adjusted = holm(p_values)
    assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    assert [adjusted[index] for index in order] == sorted(adjusted)


def test_holm_is_holms():
    # the example of Holm's procedure: .01 * 4, .02 * 3, .03 * 2, .04 * 1, made monotone
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])


def test_holm_on_no_p_value_is_none():
    assert holm([]) == []


def test_holm_keeps_the_family_wise_error():
    rng = np.random.default_rng(5)
    false = sum(min(holm(rng.random(23).tolist())) <= 0.05 for _ in range(1000))
    # 5 % of 1000 is 50, one sigma 6.9
    assert 28 <= false <= 72
