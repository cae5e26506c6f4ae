"""What courses came to: scores, prices, regret and the winner, on a grid that is known by heart."""

from __future__ import annotations

import pytest

from keepfit.params import BacktestParams
from keepfit.update.backtest import Course, Trained, calendar, never
from keepfit.update.outcomes import cost_of, judged

WINDOWS, DAYS = 4, 91.3125
FREE = BacktestParams()
PRICED = BacktestParams(cost_per_training=3.0, cost_per_alert=1.0, value_per_point=2.0)


class Known:
    """A model is worth .5, and .1 more for each window that it has learned from; nobody knows window `dark`."""

    def __init__(self, *, dark=()):
        self.dark = dark

    def score(self, model, window):
        return None if window in self.dark else 0.5 + model.until / 10


def of(grid=None, prices=FREE, *, greater=True):
    courses = {"never": never(WINDOWS), "calendar": calendar(WINDOWS)}
    return judged(courses, grid or Known(), prices, days=DAYS, greater_is_better=greater)


def test_a_score_is_the_mean_over_windows_and_the_best_wins():
    found = of()
    assert found.values == {"never": (0.5, 0.5, 0.5), "calendar": (0.5, 0.6, 0.7)}
    assert (found.outcomes["never"].score, found.outcomes["calendar"].score, found.winner) == (0.5, pytest.approx(0.6), "calendar")


def test_where_smaller_is_better_the_first_model_wins_here():
    assert of(greater=False).winner == "never"


def test_regret_is_against_the_best_schedule_with_as_many_trainings():
    assert {name: one.regret for name, one in of().outcomes.items()} == {"never": 0.0, "calendar": pytest.approx(0.0)}


def test_a_window_that_nobody_could_measure_counts_for_nobody():
    found = of(Known(dark={2}))
    assert found.values["calendar"] == (0.5, None, 0.7)
    assert found.outcomes["calendar"].score == pytest.approx(0.6)


def test_nothing_measured_has_no_score_no_regret_and_no_winner():
    found = of(Known(dark={1, 2, 3}))
    assert [(one.score, one.regret) for one in found.outcomes.values()] == [(None, None)] * 2
    assert found.winner is None


def test_with_prices_the_net_is_what_the_gain_over_the_first_model_is_worth_less_the_cost():
    found = of(prices=PRICED).outcomes["calendar"]
    assert (found.cost, found.net) == (6.0, pytest.approx(2.0 / 0.01 * 0.3 - 6.0))


def test_a_cost_adds_what_has_a_price_and_is_none_without_any():
    assert (cost_of(calendar(WINDOWS), PRICED), cost_of(calendar(WINDOWS), FREE)) == (6.0, None)


def test_trainings_a_year_are_counted_over_the_time_that_was_judged():
    assert of().outcomes["calendar"].a_year == pytest.approx(8.0)  # two in a quarter of a year


def test_the_share_is_of_what_the_best_schedule_with_as_many_trainings_gains():
    late = Course(served=(Trained("all", 0), Trained("all", 0), Trained("all", 2)), trainings=(2,))
    found = judged({"late": late, "never": never(WINDOWS)}, Known(), FREE, days=DAYS, greater_is_better=True).outcomes
    # one training: the best serves .5, .5, .7 or .5, .6, .6, both .2 above never's total
    assert found["late"].share == pytest.approx(1.0)
    assert found["never"].share is None  # without a training there is nothing to gain


def test_a_training_at_the_last_close_is_counted_but_held_against_nobody():
    last = Course(served=never(WINDOWS).served, trainings=(3,))
    found = judged({"last": last}, Known(), FREE, days=DAYS, greater_is_better=True).outcomes["last"]
    assert (found.trainings, found.standard.trainings) == (1, 0)
