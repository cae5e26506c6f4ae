"""An equal model is called back in at most 5 % over 24 looks, and one that is truly better within a few: simulated."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from keepfit.stats.bounds import quantile
from keepfit.stats.looks import confidence_at, over_looks

LOOKS, RUNS, ERROR = 24, 20_000, 0.0068  # of one month's paired gain: 5,000 rows on 25 days of which two points are shown with .9


def first_calls(gain, *, looks=LOOKS, bound=None, seed=1):
    """At which look the pooled gain's lower bound is above 0 for the first time (0: at none), in so many runs of windows with equal errors."""
    seen = np.random.default_rng(seed).normal(gain, ERROR, (RUNS, looks)).cumsum(axis=1) / np.arange(1, looks + 1)
    limits = np.array([(bound or (lambda k: quantile(confidence_at(k, confidence=0.95))))(look) * ERROR / np.sqrt(look) for look in range(1, looks + 1)])
    called = seen > limits
    return np.where(called.any(axis=1), called.argmax(axis=1) + 1, 0)


def test_an_equal_model_is_called_back_in_at_most_5_percent_over_24_looks():
    assert (first_calls(0.0) > 0).mean() <= 0.05 - 2 * np.sqrt(0.05 * 0.95 / RUNS)


def test_a_bound_of_each_look_alone_would_call_it_back_in_one_of_five():
    assert 0.14 < (first_calls(0.0, looks=12, bound=lambda _: quantile(0.95)) > 0).mean() < 0.20


def test_a_model_that_is_two_points_better_is_called_back_within_three_windows():
    found = first_calls(0.02)
    within = [float((found <= windows).mean()) for windows in (1, 2, 3)]
    assert (found > 0).all()
    assert within[0] > 0.8
    assert within[2] > 0.99


def test_one_point_better_takes_about_three_windows_and_of_half_a_point_most_take_years():
    one, half = first_calls(0.01), first_calls(0.005)
    assert np.median(one) <= 3
    assert ((one > 0) & (one <= 12)).mean() > 0.95
    assert 0.3 < ((half > 0) & (half <= 12)).mean() < 0.5 < (half > 0).mean()


def test_the_errors_of_all_looks_sum_to_that_of_the_confidence():
    spent = np.cumsum([1 - confidence_at(look, confidence=0.9) for look in range(1, 5_000)])
    assert spent[-1] < 0.1
    assert spent[-1] == pytest.approx(0.1, abs=1e-4)
    assert all(confidence_at(one, confidence=0.9) < confidence_at(other, confidence=0.9) for one, other in pairwise(range(1, 50)))


def test_bounds_are_widened_as_their_law_says():
    low, high = over_looks(0.0, (-1.0, 1.0), look=1, confidence=0.95)
    assert (low, high) == (pytest.approx(-1.959964 / 1.644854), pytest.approx(1.959964 / 1.644854))
    few, _ = over_looks(0.0, (-1.0, 1.0), look=1, confidence=0.95, freedom=7)
    assert few == pytest.approx(-2.364624 / 1.894579)
    assert over_looks(0.3, (0.1, 0.4), look=1, confidence=0.95)[1] - 0.3 < 0.3 - over_looks(0.3, (0.1, 0.4), look=1, confidence=0.95)[0]


def test_looks_are_counted_from_one():
    with pytest.raises(ValueError, match="counted from 1"):
        confidence_at(0, confidence=0.95)
