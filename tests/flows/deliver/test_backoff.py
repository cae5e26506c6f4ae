from __future__ import annotations

import math

import pytest

from keepfit.flows.deliver.backoff import ATTEMPTS, MOST_SECONDS, wait


def seconds(attempt, **its):
    return wait(attempt, **{"key": "k", **its}).total_seconds()


def test_each_wait_is_twice_the_last_within_a_quarter_up_to_six_hours():
    for attempt in range(1, 40):
        doubled = min(60 * 2 ** (attempt - 1), MOST_SECONDS)
        assert doubled <= seconds(attempt) < 1.25 * doubled
    assert seconds(10**6) < 1.25 * MOST_SECONDS


def test_receivers_of_many_keys_are_not_called_at_once_and_each_waits_the_same_in_every_run():
    waits = [seconds(1, key=f"k{n}") for n in range(400)]
    assert waits == [seconds(1, key=f"k{n}") for n in range(400)]
    shares = sorted((one / 60 - 1) / 0.25 for one in waits)
    assert max(abs(share - n / 400) for n, share in enumerate(shares)) < 0.1, "uniform: Kolmogorov's distance at p = .0007 is .1"


@pytest.mark.parametrize(("asked", "least", "most"), [(5, 60, 75), (900, 900, 900), (1e9, 86400, 86400), (-3, 60, 75), (math.nan, 60, 75), (math.inf, 60, 75)])
def test_a_receiver_may_ask_for_longer_up_to_a_day(asked, least, most):
    assert least <= seconds(1, asked=asked) <= most


def test_all_attempts_together_are_about_three_days():
    assert 2.9 * 86400 < sum(seconds(attempt) for attempt in range(1, ATTEMPTS)) < 3.9 * 86400
