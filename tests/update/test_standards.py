"""What a policy's score is held against: schedules with as many trainings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from keepfit.update.standards import Standards


def standards(*, sign=1.0, measured=5):
    """Six windows; a model is the better, the more windows it has learned from, and the fourth window taught the most."""
    worth = np.array([0.5, 0.51, 0.52, 0.6, 0.61])
    scores = np.array([[sign * worth[model] if model < window else 0.0 for window in range(1, 6)] for model in range(5)])
    return Standards(scores=sign * scores, ends=range(5), measured=measured, sign=sign, most=4)


def test_the_best_is_never_below_what_is_spaced_or_drawn():
    for trainings in range(5):
        found = standards().of(trainings)
        ordered = [found.best, found.random_high, found.random_mean, found.random_low]
        assert all(better >= worse - 1e-12 for better, worse in pairwise(ordered))
        assert found.best >= found.spaced - 1e-12


def test_without_a_training_all_are_the_first_model():
    found = standards().of(0)
    assert [found.best, found.spaced, found.random_mean, found.random_high] == [pytest.approx(0.5)] * 4


def test_with_a_training_at_every_close_there_is_one_schedule():
    found = standards().of(4)
    assert [found.best, found.random_mean, found.random_low] == [pytest.approx(found.spaced)] * 3


def test_a_share_is_of_the_gain_over_never_retraining():
    one = standards()
    assert one.share(1, one.best[1]) == pytest.approx(1.0)
    assert one.share(1, one.never) == pytest.approx(0.0)
    assert one.share(0, one.never) is None


def test_nothing_measured_is_no_standard():
    assert standards(measured=0).of(2) is None
    assert standards(measured=0).share(2, 1.0) is None


def test_where_less_is_better_the_standards_are_in_the_metrics_own_sign():
    scores = np.array([[3.0, 3.0], [0.0, 1.0]])
    found = Standards(scores=-scores, ends=[0, 1], measured=2, sign=-1.0, most=1).of(1)
    assert (found.best, found.spaced) == (2.0, 2.0)
