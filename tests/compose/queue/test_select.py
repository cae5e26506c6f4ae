"""A queue has a share by chance alone, its other rows by the strategy, and probabilities with which estimates are unbiased."""

from __future__ import annotations

import numpy as np
import pytest
from tests.contracts.queue_pools import queue_pool

from keepfit import plugins
from keepfit.compose.queue.at_random import AtRandom
from keepfit.compose.queue.select import select
from keepfit.compose.queue.uncertainty import Uncertainty
from keepfit.errors import DataError, ParamsError

STRATEGIES = [plugins.make("queue_strategies", name, where=f"--strategy {name}") for name in plugins.BUILTIN["queue_strategies"]]
every_strategy = pytest.mark.parametrize("strategy", STRATEGIES, ids=[each.name for each in STRATEGIES])
SEEDS = 400


@every_strategy
def test_horvitz_thompson_estimates_are_unbiased(strategy):
    """Over 400 seeds the mean estimate of a total lies within four of its standard errors: of all rows, and of a rare slice."""
    rows, estimates = 40, []
    truth = queue_pool(rows, seed=0)
    value = np.abs(truth.answers - 0.5) * 10 + np.arange(rows) / 7  # what is summed goes with what the strategies look at
    rare = np.arange(rows) % 10 == 3
    for seed in range(SEEDS):
        found = select(queue_pool(rows, seed=seed), strategy, rows=10, random_share=0.3)
        weight = 1 / found.probability
        estimates.append([(value[found.positions] * weight).sum(), (weight * rare[found.positions]).sum(), weight.sum()])
    mean, error = np.mean(estimates, axis=0), np.std(estimates, axis=0) / np.sqrt(SEEDS)
    assert (np.abs(mean - [value.sum(), rare.sum(), rows]) <= 4 * error + 1e-9).all()


@every_strategy
def test_the_share_by_chance_alone_is_a_fair_sample_of_all_rows(strategy):
    """Every row is among it as often as any other, whatever the strategy: within 4.5 standard errors for each of 30 rows."""
    seen, times = np.zeros(30), 400
    for seed in range(times):
        found = select(queue_pool(30, seed=seed), strategy, rows=12, random_share=0.5)
        seen[found.positions[found.by_chance]] += 1
    share = (12 if not strategy.chooses else 6) / 30
    assert np.abs(seen / times - share).max() <= 4.5 * np.sqrt(share * (1 - share) / times)


@every_strategy
def test_the_same_rows_are_selected_in_whatever_order_they_come(strategy):
    pool, turned = queue_pool(50, seed=3), queue_pool(50, seed=3, turned=True)
    one, other = select(pool, strategy, rows=15), select(turned, strategy, rows=15)
    assert one.positions.tolist() == (49 - other.positions).tolist()
    assert one.probability == pytest.approx(other.probability)
    assert one.by_chance.tolist() == other.by_chance.tolist()


def test_a_fifth_is_drawn_by_chance_and_the_rest_is_what_the_strategy_puts_first():
    pool = queue_pool(200)
    found = select(pool, Uncertainty(), rows=50)
    chosen = found.positions[~found.by_chance]
    assert (found.by_chance.sum(), len(chosen)) == (10, 40)
    left = set(range(200)) - set(found.positions[found.by_chance].tolist())
    assert set(chosen.tolist()) == {row for row in Uncertainty().order(pool, 200).tolist() if row in left and row in set(chosen.tolist())}
    assert max(np.abs(pool.answers[chosen] - 0.5)) <= min(np.abs(pool.answers[list(left - set(chosen.tolist()))] - 0.5)) + 1e-9


def test_at_random_every_row_is_as_likely_as_any_other_and_all_are_by_chance():
    found = select(queue_pool(200), AtRandom(), rows=50, random_share=0.2)
    assert found.by_chance.all()
    assert found.probability.tolist() == [0.25] * 50


@pytest.mark.parametrize("rows", [40, 41, 5000])
def test_a_queue_larger_than_the_data_is_all_of_it_and_nobody_chose(rows):
    found = select(queue_pool(40), Uncertainty(), rows=rows)
    assert sorted(found.positions.tolist()) == list(range(40))
    assert found.by_chance.all()
    assert found.probability.tolist() == [1.0] * 40


def test_a_small_queue_has_at_least_one_row_by_chance():
    assert select(queue_pool(40), Uncertainty(), rows=3, random_share=0.01).by_chance.sum() == 1
    assert select(queue_pool(40), Uncertainty(), rows=1, random_share=0.01).by_chance.tolist() == [True]


def test_without_a_share_by_chance_what_was_chosen_stands_for_itself_alone():
    found = select(queue_pool(40), Uncertainty(), rows=8, random_share=0)
    assert not found.by_chance.any()
    assert found.probability.tolist() == [1.0] * 8


def test_people_cannot_tell_from_the_order_which_rows_were_chosen():
    """The share by chance lies no earlier and no later than the rest: its mean place over 300 queues, within four standard errors."""
    places = [np.flatnonzero(select(queue_pool(60, seed=seed), STRATEGIES[-1], rows=20).by_chance).mean() for seed in range(300)]
    assert np.mean(places) == pytest.approx(9.5, abs=4 * np.std(places) / np.sqrt(300))


def test_an_empty_pool_gives_an_empty_queue():
    assert len(select(queue_pool(0), AtRandom(), rows=5).positions) == 0


@pytest.mark.parametrize(("asked", "where"), [({"rows": 0}, "--rows"), ({"rows": 5, "random_share": 1.2}, "--random-share"), ({"rows": -3}, "--rows")])
def test_numbers_that_make_no_queue_are_refused(asked, where):
    with pytest.raises(ParamsError) as refused:
        select(queue_pool(20), AtRandom(), **asked)
    assert refused.value.where == where


@pytest.mark.parametrize("order", [[1, 1, 2, 3, 4], [1, 2]], ids=["a row twice", "too few"])
def test_a_strategy_that_breaks_its_promise_is_refused_as_probabilities_would_be_wrong(order):
    class Wrong(Uncertainty):
        name = "wrong"

        def order(self, pool, first):
            return np.array(order)

    with pytest.raises(DataError, match="the strategy 'wrong' gave"):
        select(queue_pool(20), Wrong(), rows=5)


# -- from a slice -------------------------------------------------------------------------------------------------------


def inside(rows):
    return np.arange(rows) % 4 == 1


@every_strategy
def test_of_a_slice_estimates_are_unbiased_within_it_and_over_all_rows(strategy):
    """Over 400 seeds, within four standard errors: the slice is asked about more often, and still counts as what it is."""
    rows, estimates = 60, []
    value = np.arange(rows) / 7 + 1
    for seed in range(SEEDS):
        found = select(queue_pool(rows, seed=seed), strategy, rows=12, random_share=0.34, inside=inside(rows))
        weight = value[found.positions] / found.probability
        estimates.append([weight.sum(), (weight * inside(rows)[found.positions]).sum()])
    mean, error = np.mean(estimates, axis=0), np.std(estimates, axis=0) / np.sqrt(SEEDS)
    assert (np.abs(mean - [value.sum(), value[inside(rows)].sum()]) <= 4 * error + 1e-9).all()


def test_what_is_not_drawn_by_chance_is_of_the_slice():
    found = select(queue_pool(200), AtRandom(), rows=50, inside=inside(200))
    assert found.by_chance.sum() == 10
    assert inside(200)[found.positions[~found.by_chance]].all()
    assert not inside(200)[found.positions[found.by_chance]].all()


def test_a_slice_with_few_rows_gives_all_that_it_has():
    few = np.arange(200) < 7
    found = select(queue_pool(200), AtRandom(), rows=50, inside=few)
    assert set(range(7)) <= set(found.positions.tolist())
    assert len(found.positions) <= 17
    assert found.probability[few[found.positions]].tolist() == [1.0] * 7
    assert found.probability[~few[found.positions]] == pytest.approx(10 / 200)
