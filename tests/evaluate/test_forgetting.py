from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.certificates import pinned, row, scorecard

from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.forgetting import PastScores, mean_gain, past_scores
from keepfit.stats.metric import Difference


def in_turn(values, *, greater_is_better=True):
    """Models that learned one window after the other: model k knows the windows up to k."""
    values = np.asarray(values, dtype=np.float64)
    learned = np.tril(np.ones(values.shape, dtype=np.bool_))
    names = tuple(map(str, range(len(values))))
    return PastScores(models=names, windows=names[: values.shape[1]], values=values, learned=learned, greater_is_better=greater_is_better)


def published(values):
    """Backward transfer and forgetting after the last task as the papers write them, tasks and models counted from 0, as many of one as of the other."""
    last = len(values) - 1
    transfer = sum(values[last][i] - values[i][i] for i in range(last)) / last
    forgetting = sum(max(values[k][j] for k in range(j, last)) - values[last][j] for j in range(last)) / last
    return transfer, forgetting


squares = st.integers(2, 6).flatmap(lambda n: st.lists(st.lists(st.floats(0, 1), min_size=n, max_size=n), min_size=n, max_size=n))


@given(values=squares)
def test_transfer_and_forgetting_are_those_of_the_papers(values):
    """Lopez-Paz & Ranzato (2017), equation 3; Chaudhry et al. (2018), definition 3, over the models that had learned the task."""
    transfer, forgetting = published(values)
    scores = in_turn(values)
    assert scores.backward_transfer == pytest.approx(transfer)
    assert scores.average_forgetting == pytest.approx(forgetting)


@given(values=squares)
def test_a_metric_that_is_better_when_smaller_is_turned_round(values):
    other = in_turn(-np.asarray(values), greater_is_better=False)
    assert other.backward_transfer == pytest.approx(in_turn(values).backward_transfer)
    assert other.average_forgetting == pytest.approx(in_turn(values).average_forgetting)


@given(values=squares)
def test_forgetting_is_never_less_than_the_transfer_turned_round(values):
    scores = in_turn(values)
    assert scores.average_forgetting >= -scores.backward_transfer - 1e-12


def test_what_is_not_known_is_left_out_and_nothing_known_gives_no_number():
    half = in_turn([[0.9, 0.1, 0.1], [np.nan, 0.8, 0.1], [0.7, np.nan, 0.6]])
    assert (half.backward_transfer, half.average_forgetting) == (pytest.approx(-0.2), pytest.approx(0.2))
    nothing = in_turn([[np.nan, np.nan], [0.7, 0.6]])
    assert (nothing.backward_transfer, nothing.average_forgetting) == (None, None)


def test_what_is_no_matrix_is_refused():
    with pytest.raises(ValueError, match=r"must be of shape \(2, 1\)"):
        PastScores(models=("a", "b"), windows=("w",), values=np.zeros((1, 2)), learned=np.ones((1, 2), dtype=np.bool_), greater_is_better=True)


def on(gain, error):
    made = Difference(value_a=0.7, value_b=0.7 + gain, gain=gain, low=0.0, high=0.0, p_harm=0.5, n=900, error=error)
    return Comparison(slice="window=w", metric="roc_auc", n=900, status="measured", difference=made)


def test_the_mean_over_windows_is_the_transfer_of_two_models_and_its_bounds_hold():
    """Windows whose holdouts are independent: the bounds of the mean hold in 95 of 100 simulated evaluations, each end (error of the count 1.5)."""
    rng = np.random.default_rng(0)
    true, errors = np.array([-0.04, 0.0, 0.02, 0.01]), np.array([0.01, 0.03, 0.02, 0.015])
    held = [0, 0]
    for _ in range(2000):
        found = mean_gain([on(gain, error) for gain, error in zip(rng.normal(true, errors), errors, strict=True)], confidence=0.95)
        held[0] += found.low <= true.mean()
        held[1] += found.high >= true.mean()
    assert held == [pytest.approx(1900, abs=30)] * 2
    values = np.array([[0.7] * 4, 0.7 + true])
    scores = PastScores(models=("old", "new"), windows=tuple("abcd"), values=values, learned=np.ones((2, 4), dtype=np.bool_), greater_is_better=True)
    assert scores.backward_transfer == pytest.approx(mean_gain([on(gain, 0.01) for gain in true], confidence=0.95).gain)


def test_windows_that_were_not_measured_are_no_windows():
    few = Comparison(slice="window=w", metric="roc_auc", n=9, status="undecided", detail="9 rows")
    assert mean_gain([few], confidence=0.95) is None
    assert mean_gain([few, on(-0.02, 0.01)], confidence=0.95).windows == 1


def card(champion, until, **values):
    """A scorecard that compared a candidate with this champion, trained until then, on past windows: `jan=(champion's, candidate's)`."""
    months = {"jan": "2013-01", "feb": "2013-02", "mar": "2013-03"}
    rows = [
        replace(row("not_forgotten", 0.02, slice_=f"window={months[name]}", champion=was, challenger=now, difference=now - was), basis="past")
        for name, (was, now) in values.items()
    ]
    pin = None if champion is None else replace(pinned("m", champion, "sha256:a"), trained_until=until)
    return scorecard("m", champion=pin, rows=(row(), *rows))


HISTORY = (
    card(None, None),
    card("1", datetime(2013, 2, 1), jan=(0.80, 0.78)),
    card("2", datetime(2013, 3, 1), jan=(0.77, 0.60), feb=(0.75, 0.55)),  # refused: who failed is no champion
    card("2", datetime(2013, 3, 1), jan=(0.77, 0.76), feb=(0.75, 0.74), mar=(0.5, 0.7)),
)


def test_the_matrix_is_of_champions_as_they_were_measured_and_of_the_newest_candidate():
    found = past_scores(HISTORY, "roc_auc", greater_is_better=True)
    assert (found.models, found.windows) == (("1", "2", "candidate"), ("2013-01", "2013-02", "2013-03"))
    assert np.nan_to_num(found.values, nan=-1).tolist() == [[0.80, -1, -1], [0.77, 0.75, 0.5], [0.76, 0.74, 0.7]]
    assert found.learned[:2].tolist() == [[True, False, False], [True, True, False]]


def test_what_was_learned_first_is_the_measure_of_what_is_left():
    """January since version 1 -.04, February since version 2 -.01; March no champion had learned."""
    found = past_scores(HISTORY, "roc_auc", greater_is_better=True)
    assert found.backward_transfer == pytest.approx((-0.04 - 0.01) / 2)
    assert found.average_forgetting == pytest.approx((0.04 + 0.01) / 2)


def test_without_a_row_about_the_past_the_matrix_is_empty():
    for cards in ((), HISTORY[:1]):
        found = past_scores(cards, "roc_auc", greater_is_better=True)
        assert (found.models, found.windows, found.backward_transfer, found.average_forgetting) == ((), (), None, None)
    assert past_scores(HISTORY, "mae", greater_is_better=False).windows == ()
