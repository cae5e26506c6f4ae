from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, mean_absolute_error, mean_pinball_loss

from keepfit.evaluate.impact.costs import ErrorCosts, MatrixCosts, costs_of
from keepfit.params import load_params

SQUARE = ((-1.0, 5.0), (40.0, -7.0))
DATA = "\ndata: {live: rows.csv, time: t}\nimpact: "
TWO = "model: {name: m, task: classification, target: y}" + DATA
MANY = "model: {name: m, task: classification, target: y, classes: [a, b, c]}" + DATA
NUMBER = "model: {name: m, task: regression, target: y}" + DATA


def two_classes(n=500, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2, n).astype(float), rng.uniform(size=n).round(2)


@pytest.mark.parametrize("threshold", [0.0, 0.11, 0.5, 0.9, 1.0])
def test_costs_of_two_classes_add_up_to_those_of_scikit_learns_confusion_matrix(threshold):
    y, s = two_classes()
    counted = confusion_matrix(y, s >= threshold, labels=[0, 1])
    assert MatrixCosts(square=SQUARE, threshold=threshold).rows(y, s).sum() == pytest.approx((counted * np.array(SQUARE)).sum())


@pytest.mark.parametrize("expected", [False, True])
def test_costs_of_many_classes_agree_with_a_recount_row_by_row(expected):
    rng = np.random.default_rng(1)
    y, s, square = rng.integers(0, 4, 300).astype(float), rng.dirichlet(np.ones(3), 300), rng.uniform(0, 9, (3, 3))
    costs = MatrixCosts(square=tuple(map(tuple, square.tolist())), expected=expected)
    for label, scores, cost in zip(y.astype(int), s, costs.rows(y, s), strict=True):
        means = [sum(scores[truth] * square[truth][answer] for truth in range(3)) for answer in range(3)]
        answer = means.index(min(means)) if expected else int(scores.argmax())
        assert cost == (0.0 if label == 3 else square[label][answer])


def test_many_classes_that_are_answered_as_the_likeliest_agree_with_scikit_learns_confusion_matrix():
    rng = np.random.default_rng(2)
    y, s, square = rng.integers(0, 3, 400).astype(float), rng.dirichlet(np.ones(3), 400), rng.uniform(0, 9, (3, 3))
    counted = confusion_matrix(y, s.argmax(axis=1), labels=[0, 1, 2])
    assert MatrixCosts(square=tuple(map(tuple, square.tolist()))).rows(y, s).sum() == pytest.approx((counted * square).sum())


def test_no_other_threshold_costs_less_than_the_best_where_probabilities_come_true():
    rng = np.random.default_rng(3)
    s = rng.uniform(size=200_000)
    y = (rng.uniform(size=len(s)) < s).astype(float)
    best = costs_of(load_params(TWO + "{unit: EUR, threshold: best, costs: {false_positive: 5, false_negative: 40, true_positive: 2}}"))
    assert best.threshold == pytest.approx(5 / 43)
    total = {t: MatrixCosts(square=best.square, threshold=t).rows(y, s).mean() for t in (best.threshold, 0.05, 0.2, 0.5)}
    assert min(total, key=total.get) == best.threshold


def test_the_losses_of_a_regression_agree_with_scikit_learns():
    rng = np.random.default_rng(4)
    y, s = rng.normal(size=300), rng.normal(size=300)
    even = costs_of(load_params(NUMBER + "{unit: EUR, loss: {per_unit: 0.2}}"))
    pinball = costs_of(load_params(NUMBER + "{unit: EUR, loss: {pinball: {quantile: 0.9, per_unit: 3}}}"))
    assert even.rows(y, s).mean() == pytest.approx(0.2 * mean_absolute_error(y, s))
    assert pinball.rows(y, s).mean() == pytest.approx(3 * mean_pinball_loss(y, s, alpha=0.9))
    assert costs_of(load_params(NUMBER + "{unit: EUR, loss: {asymmetric: {over: 1, under: 3}}}")) == ErrorCosts(over=1, under=3)


def test_answers_are_acted_on_from_a_half_on_or_as_the_likeliest_unless_params_say_otherwise():
    two = costs_of(load_params(TWO + "{unit: EUR, costs: {false_positive: 5, false_negative: 40}}"))
    square = "{a: {b: 1, c: 1}, b: {a: 1, c: 1}, c: {a: 9, b: 1}}"
    many = costs_of(load_params(MANY + f"{{unit: EUR, costs: {square}}}"))
    cautious = costs_of(load_params(MANY + f"{{unit: EUR, threshold: best, costs: {square}}}"))
    unsure = np.array([[0.5, 0.1, 0.4]])
    assert two.acted(np.array([0.49, 0.5])).tolist() == [0, 1]
    assert (many.acted(unsure).tolist(), cautious.acted(unsure).tolist()) == ([0], [2])


def test_without_costs_nothing_is_priced():
    assert costs_of(load_params(TWO + "{}")) is None
