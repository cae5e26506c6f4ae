from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.evaluate.impact.verdict import break_even, judged, least_rows
from keepfit.records import Impact

FOUND = Impact(unit="EUR", measure="costs", gain=0.5, low=0.2, high=0.8, confidence=0.95, n=900, rows_a_window=1000.0, price=120.0, horizon=3)


@pytest.mark.parametrize(("price", "verdict"), [(599.0, "worth it"), (601.0, "cannot tell"), (2399.0, "cannot tell"), (2401.0, "not worth it")])
def test_each_end_of_the_interval_is_held_against_the_price(price, verdict):
    assert judged(replace(FOUND, price=price)).verdict == verdict


def test_without_a_price_the_gain_is_held_against_nothing():
    assert judged(replace(FOUND, price=None, horizon=None)).verdict == "worth it"
    assert judged(replace(FOUND, price=None, low=-0.1)).verdict == "cannot tell"
    assert judged(replace(FOUND, price=None, gain=-0.5, low=-0.6, high=-0.1)).verdict == "not worth it"


def test_without_a_horizon_a_price_has_a_break_even_and_no_verdict():
    assert judged(replace(FOUND, horizon=None)).verdict is None
    assert judged(replace(FOUND, horizon=None, gain=-0.5, low=-0.6, high=-0.1)).verdict == "not worth it"


def test_what_was_not_measured_is_never_worth_it():
    unknown = judged(replace(FOUND, gain=None, low=None, high=None, price=None))
    assert (unknown.verdict, unknown.labels, break_even(unknown)) == ("cannot tell", None, None)
    assert judged(replace(FOUND, low=None, high=None)).verdict == "cannot tell"


def test_the_labels_that_would_decide_do_if_the_gain_stays_what_it_is():
    found = judged(replace(FOUND, price=1200.0))
    assert found.labels is not None
    narrower = 0.3 * (900 / found.labels) ** 0.5
    assert judged(replace(FOUND, price=1200.0, low=0.5 - 0.99 * narrower, high=0.5 + 0.99 * narrower)).verdict == "worth it"


@given(gain=st.floats(0.01, 10), half=st.floats(0, 20), price=st.floats(0.1, 1e5))
def test_from_the_break_even_on_and_no_window_sooner_the_gains_have_paid(gain, half, price):
    found = replace(FOUND, gain=gain, low=gain - half, high=gain + half, price=price, rows_a_window=10.0)
    when = break_even(found)
    assert when.windows * gain * 10 >= price * (1 - 1e-9)
    assert (when.windows - 1) * gain * 10 <= price * (1 + 1e-9)
    assert when.soonest <= when.windows
    assert when.latest is None or when.latest >= when.windows
    assert (when.latest is None) == (gain - half <= 0)


def test_a_candidate_pays_within_its_horizon_from_the_least_rows_on():
    rows = least_rows(replace(FOUND, price=1200.0))
    assert rows == 800
    assert 3 * 0.5 * rows >= 1200 > 3 * 0.5 * (rows - 1)
    assert least_rows(replace(FOUND, gain=-0.1)) is None
    assert least_rows(replace(FOUND, measure="metric")) is None
