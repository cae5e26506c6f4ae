from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from keepfit.errors import DataError
from keepfit.evaluate.behaviour.answers import SLACK, broken_by
from keepfit.evaluate.behaviour.declared import AboutModel, ExpectedAnswers

TWO = AboutModel(task="classification", classes=("0", "1"))
MANY = AboutModel(task="classification", classes=("a", "b", "c"), many=True)
NUMBER = AboutModel(task="regression")


def broken(expected, before, after, about=TWO):
    return broken_by(expected, about, before=np.asarray(before, dtype=float), after=np.asarray(after, dtype=float)).tolist()


@pytest.mark.parametrize(
    ("expected", "before", "after", "breaks"),
    [
        (ExpectedAnswers(tolerance=0.1), [0.5, 0.5, 0.5], [0.6, 0.61, 0.39], [False, True, True]),
        (ExpectedAnswers(same_label=True), [0.49, 0.5, 0.9], [0.5, 0.51, 0.1], [True, False, True]),
        (ExpectedAnswers(direction="must_not_fall"), [0.5, 0.5, 0.5], [0.5, 0.4, 0.6], [False, True, False]),
        (ExpectedAnswers(direction="must_not_rise"), [0.5, 0.5, 0.5], [0.5, 0.4, 0.6], [False, False, True]),
        (ExpectedAnswers(direction="must_rise", by_at_least=0.1), [0.5, 0.5, 0.5], [0.6, 0.55, 0.4], [False, True, True]),
        (ExpectedAnswers(direction="must_fall", by_at_least=0.1), [0.5, 0.5, 0.5], [0.4, 0.45, 0.6], [False, True, True]),
        (ExpectedAnswers(label="1"), [0.0, 0.0], [0.5, 0.49], [False, True]),
        (ExpectedAnswers(label="0"), [0.0, 0.0], [0.5, 0.49], [True, False]),
        (ExpectedAnswers(low=0.2, high=0.8), [0.0, 0.0, 0.0], [0.2, 0.81, 0.1], [False, True, True]),
    ],
)
def test_what_breaks_an_expectation_of_a_score(expected, before, after, breaks):
    assert broken(expected, before, after) == breaks


@pytest.mark.parametrize(
    ("expected", "breaks"),
    [
        (ExpectedAnswers(same_label=True), [False, True]),
        (ExpectedAnswers(tolerance=0.3), [False, True]),
        (ExpectedAnswers(tolerance=0.3, of_class="c"), [False, False]),
        (ExpectedAnswers(label="b"), [False, True]),
        (ExpectedAnswers(direction="must_not_fall", of_class="b"), [False, True]),
        (ExpectedAnswers(low=0.5, of_class="b"), [False, True]),
    ],
)
def test_what_breaks_an_expectation_of_many_classes(expected, breaks):
    before = [[0.2, 0.6, 0.2], [0.2, 0.6, 0.2]]
    after = [[0.1, 0.7, 0.2], [0.6, 0.2, 0.2]]
    assert broken(expected, before, after, MANY) == breaks


def test_a_regression_is_held_in_its_own_unit():
    assert broken(ExpectedAnswers(tolerance=5.0), [100.0, 100.0], [105.0, 106.0], NUMBER) == [False, True]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_a_model_does_not_answer_is_neither_kept_nor_broken(bad):
    with pytest.raises(DataError, match="1 scores are not finite"):
        broken(ExpectedAnswers(tolerance=1.0), [0.1, 0.2], [0.1, bad])


def test_the_last_digits_of_a_sum_break_nothing():
    assert broken(ExpectedAnswers(direction="must_not_fall"), [0.3], [0.3 - SLACK / 2]) == [False]


scores = hnp.arrays(float, st.integers(1, 20), elements=st.floats(0, 1))


@given(scores)
def test_a_model_that_answers_the_same_keeps_every_invariance_and_no_strict_direction(found):
    assert not any(broken(ExpectedAnswers(tolerance=0.0), found, found))
    assert not any(broken(ExpectedAnswers(same_label=True), found, found))
    assert all(broken(ExpectedAnswers(direction="must_rise", by_at_least=0.01), found, found))


@given(scores, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_tolerance_breaks_no_more(before, one, other):
    after = before[::-1]
    loose, strict = (np.array(broken(ExpectedAnswers(tolerance=width), before, after)) for width in (max(one, other), min(one, other)))
    assert not (loose & ~strict).any()
