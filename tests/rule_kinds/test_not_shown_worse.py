from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from keepfit.rule_kinds.kind import Measured
from keepfit.rule_kinds.not_shown_worse import NotShownWorse, found_loss


def decided(value, half, bound=0.02, **more):
    its = Measured(value=value, low=value - half, high=value + half, n=900, champion=0.7, challenger=0.7 + value, **more)
    return NotShownWorse().decide(its, bound)


@pytest.mark.parametrize(
    ("value", "half", "status"),
    [
        (-0.011, 0.010, "fail"),  # shown worse, by however little
        (-0.500, 0.400, "fail"),
        (-0.009, 0.010, "pass"),  # lower end above the loss
        (-0.012, 0.013, "pass"),  # below it, but the window would have found the loss
        (0.000, 0.019, "pass"),  # an equal one on a window that excludes the loss
        (0.000, 0.021, "undecided"),
        (-0.010, 0.014, "undecided"),
        (0.050, 0.040, "pass"),  # shown not worse, on whatever window
    ],
)
def test_what_is_shown_and_what_the_window_would_have_found_decide(value, half, status):
    assert decided(value, half).status == status


def test_an_equal_candidate_is_no_better_and_no_worse_in_words():
    assert decided(0.0, 0.01).detail.startswith("no better, no worse")
    assert decided(0.05, 0.01).detail == "shown not worse: lower bound +0.0400"


def test_undecided_says_which_loss_would_have_been_found_and_how_many_labels_would_do():
    said = decided(0.0, 0.04).detail
    assert said == (
        "not shown worse, but only a loss of 0.0605 or more would have been found (power 0.8), not 0.02; about 8,227 labels would decide it, there are 900"
    )
    assert decided(0.0, 0.01324).status == "pass"  # with so many: 0.04 x sqrt(900 / 8226), the loss just found


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_the_loss_that_is_found_is_found_with_power_8(confidence):
    error, law = 0.01, NormalDist()
    half = law.inv_cdf(confidence) * error
    loss = found_loss(half=half, confidence=confidence)
    shown = np.random.default_rng(1).normal(-loss, error, 20_000) + half < 0
    assert abs(shown.mean() - 0.8) < 0.01


def test_a_row_that_does_not_say_its_confidence_is_taken_at_the_usual_one():
    assert found_loss(half=0.01, confidence=None) == found_loss(half=0.01, confidence=0.95)


def test_a_loss_of_nothing_is_named_as_a_mistake():
    assert "by a proven gain only" in NotShownWorse().problem(0.0, metric="roc_auc", lowest=0.0, highest=1.0)


# -- a later attempt on the same rows -----------------------------------------------------------------------------------


def test_a_later_attempt_passes_on_windows_that_find_the_loss_with_more_power():
    assert decided(-0.012, 0.013, confidence=0.95).status == "pass"
    later = decided(-0.012, 0.013, confidence=0.95, attempt=3)
    assert later.status == "undecided"
    assert "(power 0.978), not 0.02" in later.detail
    assert decided(-0.012, 0.0125, bound=0.03, confidence=0.95, attempt=3).status == "pass"


@pytest.mark.parametrize("attempt", [1, 2, 3, 8])
@pytest.mark.parametrize("half", [0.008, 0.013, 0.02, 0.04])
def test_one_that_is_worse_by_the_bound_passes_as_the_kth_attempt_with_a_fifth_over_k_squared_at_most(attempt, half):
    error, allowed, runs = half / NormalDist().inv_cdf(0.95), 0.2 / attempt**2, 20_000
    gains = np.random.default_rng(attempt).normal(-0.02, error, runs)
    passed = sum(decided(gain, half, confidence=0.95, attempt=attempt).status == "pass" for gain in gains)
    assert passed / runs <= allowed + 3 * (allowed * (1 - allowed) / runs) ** 0.5
