from __future__ import annotations

import numpy as np
import pytest

from keepfit.compose.quality.label_errors import doubtfulness, expected_recall, most_doubtful, self_confidence


def test_the_confidence_is_that_of_the_class_which_the_row_has():
    assert self_confidence(np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]), np.array([0.0, 1.0])).tolist() == [0.7, 0.3]


def test_numbers_are_ranked_by_residuals_of_either_sign():
    doubt = doubtfulness(np.array([0.0, 0.0, 0.0, np.nan]), np.array([-5.0, 1.0, 3.0, 9.0]), numbers=True)
    assert most_doubtful(doubt, 9).tolist() == [0, 2, 1]


def test_a_row_without_a_score_is_not_ranked_and_equal_doubts_go_by_their_place():
    assert most_doubtful(np.array([0.5, np.nan, 0.5, 0.9]), 3).tolist() == [3, 0, 2]


@pytest.mark.parametrize("classes", [2, 4])
def test_what_a_list_is_expected_to_hold_is_what_it_holds_where_probabilities_are_right(classes):
    """Standard error of the share of 900 planted errors found: .017."""
    rng = np.random.default_rng(0)
    n, rate = 30_000, 0.03
    p = rng.dirichlet(np.full(classes, 0.3), n)
    label = (p.cumsum(axis=1) > rng.random((n, 1))).argmax(axis=1)
    wrong = np.zeros(n, np.bool_)
    wrong[rng.choice(n, round(rate * n), replace=False)] = True
    label[wrong] = (label[wrong] + rng.integers(1, classes, wrong.sum())) % classes
    noisy = p * (1 - rate) + (1 - p) * rate / (classes - 1)  # what a model says that learned from such labels
    doubt = 1 - self_confidence(noisy, label)
    found = wrong[most_doubtful(doubt, n // 20)].sum() / wrong.sum()
    assert abs(found - expected_recall(doubt, n // 20, rate=rate, classes=classes)) < 0.05


def test_where_nothing_is_doubtful_nothing_is_expected():
    assert expected_recall(np.zeros(10), 5) == 0
    assert expected_recall(np.full(3, np.nan), 5) == 0
