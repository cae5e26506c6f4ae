"""The oracle is the best of all schedules, as an exhaustive search finds it."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.update.hindsight import best_totals

NUMBERS = st.floats(-1, 1, allow_nan=False).map(lambda value: round(value, 3))


def exhaustive(scores, ends, *, most):
    """The best total over every sequence of stay, go back and train, tried one by one."""
    count, windows = scores.shape
    best = [-np.inf] * (most + 1)

    def walk(window, serves, before, spent, total):
        if window > windows:
            best[spent] = max(best[spent], total)
            return
        choices = [(serves, before, spent)]
        if before is not None:
            choices.append((before, None, spent))
        if spent < most:
            choices += [(model, serves, spent + 1) for model in range(count) if ends[model] < window]
        for model, former, used in choices:
            walk(window + 1, model, former, used, total + scores[model, window - 1])

    for first in range(count):
        if ends[first] == 0:
            walk(1, first, None, 0, 0.0)
    return list(itertools.accumulate(best, max))


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(0, 2))
def test_it_finds_what_an_exhaustive_search_finds(data, windows, most):
    ends = [0, *range(windows)]  # two recipes for the first window
    scores = np.array(data.draw(st.lists(st.lists(NUMBERS, min_size=windows, max_size=windows), min_size=len(ends), max_size=len(ends))))
    assert best_totals(scores, ends, most=most) == pytest.approx(exhaustive(scores, ends, most=most))


def test_a_rollback_costs_no_training():
    first, second = [0.5, 0.0, 0.9], [0.0, 0.6, 0.1]
    assert best_totals([first, second], [0, 1], most=1).tolist() == pytest.approx([1.4, 2.0])


def test_a_model_serves_no_window_that_it_learned_from():
    assert best_totals([[0.1, 0.1], [9.0, 0.2]], [0, 1], most=2).tolist() == pytest.approx([0.2, 0.3, 0.3])


def test_more_trainings_are_never_worse():
    scores = np.random.default_rng(1).normal(size=(8, 8))
    assert (np.diff(best_totals(scores, range(8), most=8)) >= 0).all()
