"""Calibration: the error's formula, an interval that covers, and honest silence."""

import numpy as np
import pytest

from keepfit.monitor.calibration import calibration_evidence, expected_error
from keepfit.records import Evidence, from_json, to_json


def test_it_is_the_weighted_gap_of_the_bins():
    p = np.repeat([0.2, 0.7], [60, 40])
    y = np.r_[np.ones(18), np.zeros(42), np.ones(20), np.zeros(20)]  # shares .3 and .5
    assert calibration_evidence(y, p).statistic == pytest.approx(0.6 * 0.1 + 0.4 * 0.2)


@pytest.mark.parametrize("n", [100, 1000, 10_000])
def test_the_interval_of_a_calibrated_model_reaches_down_to_no_error(n):
    rng = np.random.default_rng(n)
    covered = 0
    for _ in range(300):
        p = rng.beta(2, 3, n)
        error, reach = expected_error((rng.random(n) < p).astype(float), p, confidence=0.95)
        covered += error - reach <= 0.0
    assert covered / 300 >= 0.95 - 2 * 0.0126  # two standard errors


@pytest.mark.parametrize("n", [300, 5000])
def test_the_interval_covers_the_true_error_of_a_model_that_is_off(n):
    rng = np.random.default_rng(n)
    covered = 0
    for _ in range(300):
        p = rng.choice(np.arange(0.05, 1, 0.1), n)
        true = np.clip(p + np.where(p > 0.5, 0.1, -0.05), 0, 1)
        error, reach = expected_error((rng.random(n) < true).astype(float), p, confidence=0.95)
        covered += abs(error - np.mean(np.abs(true - p))) <= reach
    assert covered / 300 >= 0.95


def test_a_model_that_is_off_by_ten_points_is_below_its_promise():
    rng = np.random.default_rng(1)
    p = rng.uniform(0.2, 0.8, 5000)
    found = calibration_evidence(rng.random(5000) < p + 0.1, p, promised=0.02)
    assert found.effect == pytest.approx(-0.08, abs=0.02)
    assert found.low < found.effect < found.high < 0


def test_rows_without_a_label_are_left_out_and_without_a_promise_there_is_no_effect():
    found = calibration_evidence([1.0, 0.0, np.nan], [0.9, 0.1, 0.5])
    assert (found.n, found.effect, found.low, found.high) == (2, None, None, None)


@pytest.mark.parametrize(
    ("y", "p", "why"),
    [
        ([], [], "no labels"),
        ([np.nan], [0.5], "no labels"),
        ([1.0, 2.0], [0.5, 0.5], "the labels are not 0 and 1"),
        ([1.0], [1.2], "the scores are no probabilities"),
        ([1.0], [np.nan], "the scores are no probabilities"),
    ],
)
def test_what_cannot_be_measured_says_why(y, p, why):
    found = calibration_evidence(y, p, promised=0.1)
    assert (found.statistic, found.effect, found.detail) == (None, None, why)
    assert from_json(Evidence, to_json(found)) == found
