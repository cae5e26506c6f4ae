"""Schedules that look at nothing: every k-th window, evenly spaced, drawn by chance."""

from __future__ import annotations

import numpy as np
import pytest

from keepfit.update.backtest import calendar
from keepfit.update.schedules import drawn, every, serving, spaced, totals


@pytest.mark.parametrize("windows", [2, 3, 12, 63])
def test_every_window_is_the_calendar(windows):
    assert every(windows, 1) == spaced(windows, windows - 2) == calendar(windows).trainings


@pytest.mark.parametrize(("windows", "trainings"), [(12, 1), (12, 4), (12, 10), (63, 7), (108, 30)])
def test_evenly_spaced_models_serve_nearly_as_long_as_each_other(windows, trainings):
    closes = spaced(windows, trainings)
    lengths = np.diff([0, *closes, windows - 1])
    assert len(set(closes)) == trainings
    assert lengths.max() - lengths.min() <= 1


def test_there_are_never_more_trainings_than_closes_that_can_serve():
    assert spaced(4, 9) == (1, 2)
    assert set(drawn(4, 9, count=3)) == {(1, 2)}
    assert spaced(2, 3) == ()


def test_random_schedules_are_the_same_every_time_and_no_two_seeds_alike():
    assert drawn(30, 5) == drawn(30, 5)
    assert drawn(30, 5, seed=1) != drawn(30, 5)
    assert len(drawn(30, 5)) == 200


def test_the_close_of_a_window_serves_from_the_next_one_on():
    assert serving(6, ()) == (0, 0, 0, 0, 0)
    assert serving(6, (1, 4)) == (0, 1, 1, 1, 4)


def test_a_total_is_the_sum_of_what_served():
    scores = np.arange(25.0).reshape(5, 5)
    assert totals(scores, [(2,)]).tolist() == [scores[0, 0] + scores[0, 1] + scores[2, 2:].sum()]
