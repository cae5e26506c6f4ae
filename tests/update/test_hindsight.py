"""The oracle is the best of all schedules, as an exhaustive search finds it."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.update.hindsight import best_schedule_totals, best_totals
from keepfit.update.schedules import totals

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


@pytest.mark.parametrize("seed", range(5))
def test_the_best_schedule_is_the_best_of_all_that_there_are(seed):
    windows = 7
    scores = np.triu(np.random.default_rng(seed).normal(size=(windows - 1, windows - 1)))
    found = best_schedule_totals(scores, most=3)
    for most in range(4):
        every = [closes for many in range(most + 1) for closes in itertools.combinations(range(1, windows - 1), many)]
        assert found[most] == pytest.approx(totals(scores, every).max())


def test_no_schedule_surpasses_what_may_also_bring_models_back():
    scores = np.triu(np.random.default_rng(9).normal(size=(9, 9)))
    assert (best_totals(scores, range(9), most=5) >= best_schedule_totals(scores, most=5) - 1e-9).all()
