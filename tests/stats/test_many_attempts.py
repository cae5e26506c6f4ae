"""Many candidates on the same rows: the error that is spent over them is not exceeded, and what no rule saw is not picked by luck."""

from __future__ import annotations

import pytest
from tests.stats.many_attempts import Trial, tried

from keepfit.rule_kinds.spending import of_all

RUNS = 300


@pytest.fixture(scope="module")
def twelve():
    """Twelve candidates that are worse by exactly what is allowed: each that passes is a mistake."""
    return tried(Trial(attempts=12, gain=-0.02), RUNS, seed=3)


def test_without_spending_one_of_twelve_passes_far_more_often_than_the_error_says_and_with_it_no_more(twelve):
    assert twelve.passed_unspent > 0.15 + 3 * twelve.error(0.15)
    assert twelve.passed <= 1 - of_all(0.95) + 3 * twelve.error(1 - of_all(0.95))  # .082, one sigma .016


def test_the_gain_on_the_rows_that_picked_the_best_is_too_large_and_on_rows_that_no_rule_saw_it_is_not(twelve):
    sigma = (2 * 0.25 * 0.75 / 500 / RUNS) ** 0.5  # of the mean of unseen gains: .0016 at most
    assert twelve.judged_gain - twelve.true_gain > 6 * sigma
    assert abs(twelve.unseen_gain - twelve.true_gain) <= 3 * sigma
    assert abs(twelve.covered - 0.95) <= 3 * twelve.error(0.95)


def test_a_loss_that_must_not_stay_hidden_passes_in_no_more_than_a_third_of_windows_however_many_are_tried():
    found = tried(Trial(attempts=12, gain=-0.05, kind="not_shown_worse", bound=0.05), 150, seed=4)
    allowed = 1 - of_all(0.8)
    assert found.passed <= allowed + 3 * found.error(allowed)
    assert found.passed_unspent > found.passed
