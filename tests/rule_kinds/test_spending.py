from __future__ import annotations

from fractions import Fraction
from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import zeta

from keepfit.rule_kinds.spending import ALL_ATTEMPTS, of_all, spent


def test_a_first_attempt_is_judged_as_it_always_was():
    assert spent(0.95, 1) == 0.95


@given(st.floats(0.5, 0.9999), st.integers(1, 5000))
def test_the_errors_of_all_attempts_add_up_to_no_more_than_is_said(confidence, attempts):
    together = sum(1 - spent(confidence, attempt) for attempt in range(1, attempts + 1))
    assert together <= (1 - of_all(confidence)) * (1 + 1e-9)


def test_what_all_attempts_spend_is_zeta_of_two():
    assert pytest.approx(zeta(2)) == ALL_ATTEMPTS == pi**2 / 6
    assert float(sum(Fraction(1, k * k) for k in range(1, 300))) < ALL_ATTEMPTS


@given(st.floats(0.5, 0.9999), st.integers(1, 10**9))
def test_a_later_attempt_must_show_more_and_can_still_be_asked_for(confidence, attempt):
    assert spent(confidence, attempt) <= spent(confidence, attempt + 1) < 1.0


@pytest.mark.parametrize("nonsense", [0, -3])
def test_a_number_that_is_no_attempt_is_taken_for_the_first(nonsense):
    assert spent(0.95, nonsense) == 0.95
