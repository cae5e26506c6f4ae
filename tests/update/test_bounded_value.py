"""One number of a model on windows, or none: and scores are asked for only where labels decide something."""

from __future__ import annotations

import numpy as np
import pytest

from keepfit.stats.clusters import RowOrigins
from keepfit.stats.metrics import AbsoluteError, RocAuc
from keepfit.update.bounded_value import gain_of, value_of


def forbidden():
    raise AssertionError("scores of labels that decide nothing")


@pytest.mark.parametrize("y", [np.empty(0), np.ones(50)])
def test_labels_that_decide_nothing_are_no_number_and_nobody_is_asked_for_scores(y):
    assert value_of(RocAuc(), y, forbidden, confidence=0.95) is None
    assert gain_of(RocAuc(), [y, y], forbidden, confidence=0.95) is None


def test_a_value_has_the_metrics_own_bounds():
    y, scores = np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 3.0])
    found = value_of(AbsoluteError(), y, lambda: scores, confidence=0.9)
    assert (found.value, (found.low, found.high), found.n) == (pytest.approx(2 / 3), AbsoluteError().interval(y, scores, 0.9), 3)


def test_a_gain_is_taken_on_the_rows_of_all_windows_together():
    labels, first, second = [np.array([0.0, 1.0]), np.array([2.0])], [np.array([1.0, 1.0]), np.array([0.0])], [np.array([0.0, 1.5]), np.array([2.0])]
    found = gain_of(AbsoluteError(), labels, lambda: list(zip(first, second, strict=True)), confidence=0.9)
    whole = AbsoluteError().difference(np.concatenate(labels), np.concatenate(first), np.concatenate(second), 0.9)
    assert (found.value, found.low, found.high, found.n) == (whole.gain, whole.low, whole.high, 3)


def days(count):
    return RowOrigins(times=np.datetime64("2013-02-01") + np.repeat(np.arange(count), 30) * np.timedelta64(1, "D"))


def test_days_of_all_windows_are_clusters_of_a_gain_and_those_of_one_window_of_a_value():
    rng = np.random.default_rng(0)
    y, first, second = (rng.normal(size=360) for _ in range(3))
    value = value_of(AbsoluteError(), y, lambda: first, confidence=0.9, origins=days(12))
    gain = gain_of(AbsoluteError(), [y, y], lambda: [(first, second)] * 2, confidence=0.9, origins=[days(12), days(12)])
    found = AbsoluteError().interval(y, first, 0.9, clusters=np.repeat(np.arange(12), 30))
    assert (value.low, value.high, value.clusters) == (*found, 12)
    assert (gain.clusters, gain.n) == (12, 720)  # the same days twice
    assert gain.design > 0


def test_rows_of_one_moment_have_a_value_and_bounds_that_say_nothing():
    y, moment = np.arange(30.0), days(1)
    value = value_of(AbsoluteError(), y, lambda: y + 1, confidence=0.9, origins=moment)
    gain = gain_of(AbsoluteError(), [y], lambda: [(y + 2, y + 1)], confidence=0.9, origins=[moment])
    assert (value.value, value.low, value.high, value.clusters) == (1, -np.inf, np.inf, 1)
    assert (gain.value, gain.low, gain.high, gain.clusters) == (1, -np.inf, np.inf, 1)
