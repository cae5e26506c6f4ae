"""Staleness debt: what is owed, what one retraining is worth, and when it is asked for."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.errors import ParamsError
from keepfit.records import DebtMemory, Evidence, Gain, PolicyState, Window, from_json, to_json
from keepfit.tables.windows import windows_between
from keepfit.update.debt import ADVANCE, KEPT, Debt, DebtRule, asked, days_of, debt_in_words, newer_worth, settled

MONTHS = windows_between("month", datetime(2013, 1, 1), datetime(2023, 1, 1))
PRICED = DebtRule(price=0.02, window="month")


def measured(kind, effect, margin=0.0, trained=0, **changes):
    numbers = {"statistic": effect, "effect": effect, "low": effect - margin, "high": effect + margin, "n": 1000, "n_reference": trained}
    return Evidence(kind=kind, subject="overall", detector="roc_auc", **{**numbers, **changes})


def month(number, gain, newer=None, **changes):
    found = [measured("scout", gain, **changes)]
    return MONTHS[number], found if newer is None else [*found, measured("newer", newer)]


def fold(rule, *months, memory=None):
    """The memory and what was owed after each month."""
    memory, debts = memory or DebtMemory(), []
    for window, evidence in months:
        memory, debt = rule.owed(memory, evidence, window)
        debts.append(debt)
    return memory, debts


# -- what is owed ---------------------------------------------------------------------------------------------------------


def test_the_debt_is_the_sum_of_gains_and_the_next_one_is_the_last_and_what_a_window_of_data_brings():
    _, (first, second) = fold(PRICED, month(1, 0.004, 0.004), month(2, 0.006, 0.002))
    assert (first.total, first.ahead, first.asks) == (pytest.approx(0.004), pytest.approx(0.008), False)
    assert (second.total, second.ahead, second.asks) == (pytest.approx(0.010), pytest.approx(0.009), False)
    assert fold(PRICED, month(1, 0.004, 0.004), month(2, 0.006, 0.002), month(3, 0.007, 0.002))[1][-1].asks


def test_a_window_that_is_scored_again_replaces_its_gain_and_its_days_count_once():
    once, _ = fold(PRICED, month(1, 0.004), month(2, 0.006))
    again, debts = fold(PRICED, month(1, 0.009), memory=once)
    assert debts[-1].total == pytest.approx(0.015)
    assert (again.days, again.until) == (once.days, MONTHS[2].start)
    assert debts[-1].ahead == pytest.approx(0.006)  # the last gain is that of the newest window


def test_labels_that_come_for_an_older_window_first_scored_now_take_their_place_in_time():
    memory, debts = fold(PRICED, month(2, 0.006), month(1, 0.004))
    assert [one.window for one in memory.gains] == ["2013-02", "2013-03"]
    assert debts[-1].ahead == pytest.approx(0.006)


def test_a_window_without_a_scout_says_nothing_and_a_scout_tried_every_third_window_is_credited_to_all_three():
    labelled = [measured("performance", -0.01)]
    memory, debts = fold(PRICED, (MONTHS[1], labelled), (MONTHS[2], labelled), month(3, 0.006, 0.006))
    assert debts[:2] == [None, None]
    assert (debts[2].total, debts[2].ahead) == (pytest.approx(0.018), pytest.approx(0.006 + 0.002))
    assert memory.days == pytest.approx(30 * 3)
    assert fold(PRICED, month(3, 0.004, 0.006), memory=memory)[1][0].total == pytest.approx(0.012)  # scored again, still for three


def test_a_scout_that_could_not_be_measured_leaves_the_debt_as_it_was():
    memory, debts = fold(PRICED, month(1, 0.004), (MONTHS[2], [replace(measured("scout", 0.0), effect=None), measured("performance", 0.0)]))
    assert debts[-1] is None
    assert memory == fold(PRICED, month(1, 0.004))[0]


def test_many_windows_keep_their_sum():
    months = [
        (Window(id=f"{i:04}", source="live", start=datetime(2000, 1, 1) + timedelta(days=i), end=datetime(2000, 1, 2) + timedelta(days=i)),) for i in range(300)
    ]
    memory, debts = fold(PRICED, *((window, [measured("scout", 0.01, 0.002)]) for (window,) in months))
    assert len(memory.gains) == KEPT
    assert debts[-1].total == pytest.approx(3.0)
    assert debts[-1].margin == pytest.approx((299 * 0.002**2 + (2 * 0.002) ** 2) ** 0.5)
    old = fold(PRICED, (months[5][0], [measured("scout", 9.0)]), memory=memory)[1][0]
    assert old.total == pytest.approx(3.0)  # its gain is in the sum by now


# -- what a candidate costs, and what another champion owes ---------------------------------------------------------------


def test_a_candidate_that_was_refused_or_declined_costs_one_price():
    memory, (debt,) = fold(PRICED, month(1, 0.03, 0.0))
    assert debt.asks
    refused = asked(memory, debt)
    _, (second, third) = fold(PRICED, month(2, 0.004, 0.0), month(3, 0.004, 0.0), memory=refused)
    assert (second.total, second.asks, third.asks) == (pytest.approx(0.014), False, True)


def test_another_champion_owes_nothing_and_what_data_brings_is_still_known():
    memory, _ = fold(PRICED, month(1, 0.03, 0.01))
    _, (debt,) = fold(PRICED, month(2, 0.0, 0.0), memory=settled(asked(memory, Debt(total=0.03, ahead=0.0, margin=0.0, price=0.02))))
    assert (debt.total, debt.ahead) == (0.0, pytest.approx(0.005))


def test_a_rollback_starts_at_nothing_from_its_window():
    memory, _ = fold(PRICED, month(1, 0.03), month(2, 0.05))
    back = settled(memory, rolled_back=True)
    _, (late, next_one) = fold(PRICED, month(1, 0.04), month(3, 0.002), memory=back)
    assert (late.total, next_one.total) == (0.0, pytest.approx(0.002))


def test_price_nought_retrains_at_every_labelled_window():
    free = DebtRule(price=0.0, window="month")
    memory = DebtMemory()
    for number in range(1, 30):
        memory, debt = free.owed(memory, month(number, 0.0, None if number == 1 else 0.001 - 0.002 * (number % 3))[1], MONTHS[number])
        assert debt.asks
        memory = settled(asked(memory, debt))


def test_a_price_names_its_window():
    memory, _ = fold(PRICED, month(1, 0.004))
    weeks = replace(PRICED, window="week")
    with pytest.raises(ParamsError, match=r"the price 0\.02 was set for windows of a month, and data\.window is week now"):
        weeks.owed(memory, month(2, 0.004)[1], MONTHS[2])
    after, debt = replace(weeks, price=0.005).owed(memory, month(2, 0.004)[1], MONTHS[2])
    assert (after.window, debt.total) == ("week", pytest.approx(0.004))  # months are not added to weeks
    assert replace(weeks, price=None).owed(memory, month(2, 0.004)[1], MONTHS[2])[1].total == pytest.approx(0.004)


# -- the price that reviews a year set ------------------------------------------------------------------------------------


def test_an_old_model_is_reviewed_as_often_as_asked_and_a_young_one_more_often():
    four = DebtRule(reviews_a_year=4, window="month")
    memory = DebtMemory(days=365.25 * 10, asked=40)
    assert four.interval(memory, 10_000, MONTHS[0]) == pytest.approx(3, rel=0.05)
    assert four.interval(DebtMemory(), 1, MONTHS[0]) == 1
    growing = [four.interval(DebtMemory(), learned, MONTHS[0]) for learned in (1, 3, 9, 27, 81)]
    assert growing == sorted(growing)


def test_the_price_is_what_the_windows_until_the_next_review_cost_by_ageing():
    rule = DebtRule(reviews_a_year=4, window="month")
    memory, (debt,) = fold(rule, month(1, 0.004, 0.004, trained=24_000))
    interval = rule.interval(memory, 25, MONTHS[1])
    assert debt.price == pytest.approx(0.004 * interval * (interval + 1) / 2)


def test_chance_asks_for_nothing():
    rule = DebtRule(reviews_a_year=4, window="month")
    noisy = Debt(total=0.02, ahead=0.01, margin=0.031, price=0.01)
    assert (noisy.asks, replace(noisy, margin=0.029).asks, replace(noisy, fixed=True).asks) == (False, True, True)
    assert not fold(rule, month(1, 0.0, 0.0, trained=24_000))[1][0].asks


def test_an_adopted_champion_whose_ageing_nobody_measured_is_renewed_once_the_gain_is_sure():
    rule = DebtRule(reviews_a_year=1, window="month")
    assert fold(rule, month(1, 0.02, margin=0.005, trained=50_000))[1][0].asks
    assert not fold(rule, month(1, 0.02, margin=0.021, trained=50_000))[1][0].asks


@settings(max_examples=60, deadline=None)
@given(
    gains=st.lists(st.floats(0.001, 1.0), min_size=5, max_size=110),
    a_year=st.floats(0.2, 12),
    trained=st.integers(1000, 60_000),
)
def test_never_more_is_asked_for_than_the_reviews_that_are_due_by_now_and_one_in_advance(gains, a_year, trained):
    rule, memory, made = DebtRule(reviews_a_year=a_year), DebtMemory(), 0
    for number, gain in enumerate(gains, start=1):
        memory, debt = rule.owed(memory, [measured("scout", gain, trained=trained), measured("newer", gain)], MONTHS[number])
        if debt.asks:
            memory, made = settled(asked(memory, debt)), made + 1
        years = sum(days_of(window) for window in MONTHS[1 : number + 1]) / 365.25
        assert made <= a_year * years + ADVANCE


def test_a_memory_read_back_from_json_owes_the_same():
    memory, _ = fold(PRICED, month(1, 0.004, 0.003), month(2, 0.006, 0.002))
    state = from_json(PolicyState, to_json(PolicyState(debt=memory)))
    assert fold(PRICED, month(3, 0.001), memory=state.debt) == fold(PRICED, month(3, 0.001), memory=memory)


# -- the bound ------------------------------------------------------------------------------------------------------------


def worth(windows, rng):
    """What the data of each window brings on each later one: an older model is never the better one."""
    brings = rng.exponential(size=(windows, windows)) * (rng.random((windows, windows)) < rng.uniform(0.1, 1))
    return np.triu(brings, 1)


def missed(brings, champion, window):
    """What a model trained up to the window before would have gained over the champion."""
    return float(brings[champion + 1 : window, window].sum())


def cost_of_debt(brings, price):
    """What gains missed and prices paid come to, without the look-ahead; the largest gain of one window."""
    champion, owed, cost, largest = 0, 0.0, 0.0, 0.0
    for window in range(1, len(brings)):
        gain = missed(brings, champion, window)
        owed, cost, largest = owed + gain, cost + gain, max(largest, gain)
        if Debt(total=owed, ahead=None, margin=0.0, price=price, fixed=True).asks:
            champion, owed, cost = window, 0.0, cost + price
    return cost, largest


def best_cost(brings, price):
    """The best schedule in hindsight."""
    best = {0: 0.0}
    for window in range(1, len(brings)):
        best = {champion: cost + missed(brings, champion, window) for champion, cost in best.items()}
        best[window] = min(best.values()) + price
    return min(best.values())


@pytest.mark.parametrize("times", [0.0, 0.3, 1.0, 2.0, 5.0])
def test_without_the_look_ahead_the_cost_is_at_most_2_and_the_largest_gain_in_prices_times_the_best_in_hindsight(times):
    rng = np.random.default_rng(int(10 * times))
    for _ in range(60):
        brings = worth(int(rng.integers(2, 40)), rng)
        _, scale = cost_of_debt(brings, np.inf)
        price = max(scale / times, 1e-6) if times else 10 * scale + 1.0
        cost, largest = cost_of_debt(brings, price)
        assert cost <= (2 + largest / price) * best_cost(brings, price) + 1e-9


# -- in words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("debt", "said"),
    [
        (Debt(total=0.021, ahead=0.004, margin=0.001, price=0.02), "since v3 was promoted, a retrained model would have gained 0.021 roc_auc·months"),
        (Debt(total=0.021, ahead=0.004, margin=0.001, price=0.02), "; one retraining is worth 0.02"),
        (Debt(total=0.021, ahead=0.004, margin=0.03, price=0.02), "but the debt may be chance (its margin is 0.03)"),
        (Debt(total=0.021, ahead=0.004, margin=0.001, price=None), "; no review is left for now"),
        (Debt(total=0.0, ahead=None, margin=0.0, price=0.0, young=True), "v3 has learned from so few months that it is renewed at each"),
    ],
)
def test_page_and_ticket_say_what_is_owed_and_what_a_retraining_is_worth(debt, said):
    assert said in debt_in_words(debt, champion="v3", metric="roc_auc", window="month")


def test_what_newer_data_brought_is_the_mean_of_the_last_windows():
    assert newer_worth(DebtMemory()) is None
    gains = tuple(Gain(window=f"2013-0{month}", start=datetime(2013, month, 1), gain=gain, margin=0.01) for month, gain in ((2, 0.01), (3, 0.03)))
    assert newer_worth(DebtMemory(newer=gains)) == pytest.approx(0.02)
