"""What every queue strategy promises, of whatever package: an order of rows, each once, the same again, and the rows' own, whatever their order."""

from __future__ import annotations

import numpy as np
import pytest
from tests.contracts.queue_pools import queue_pool

from keepfit import plugins

NEEDS = {"champion", "candidate", "slicing columns"}
FIELDS: dict[str, dict[str, object]] = {}
"""Fields of members that need one."""
MEMBERS = [plugins.make("queue_strategies", name, FIELDS.get(name), where=f"--strategy {name}") for name in plugins.names("queue_strategies")]
every_strategy = pytest.mark.parametrize("strategy", MEMBERS, ids=[each.name for each in MEMBERS])


@every_strategy
@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize(("rows", "first"), [(60, 1), (60, 17), (60, 60), (1, 1)])
def test_it_gives_as_many_rows_as_are_asked_for_each_once(strategy, rows, first, classes):
    found = strategy.order(queue_pool(rows, classes=classes), first)
    assert len(found) >= first
    assert len(np.unique(found)) == len(found)
    assert set(found.tolist()) <= set(range(rows))


@every_strategy
def test_it_gives_the_same_rows_again_in_whatever_order_they_come(strategy):
    found, turned = strategy.order(queue_pool(80), 20), strategy.order(queue_pool(80, turned=True), 20)
    assert strategy.order(queue_pool(80), 20).tolist() == found.tolist()
    assert (79 - turned[:20]).tolist() == found[:20].tolist()


@every_strategy
def test_asking_for_more_rows_gives_the_same_first_ones(strategy):
    assert strategy.order(queue_pool(80), 40)[:10].tolist() == strategy.order(queue_pool(80), 10)[:10].tolist()


@every_strategy
def test_rows_that_are_all_alike_have_an_order_too(strategy):
    pool = queue_pool(30)
    alike = {"features": pool.features.take([0] * 30), "answers": np.full(30, 0.5), "rival": np.full(30, 0.5)}
    for name, value in alike.items():
        object.__setattr__(pool, name, value)
    assert len(np.unique(strategy.order(pool, 12))) >= 12


@every_strategy
def test_it_says_what_it_asks_for_what_it_needs_and_for_which_tasks_it_is(strategy):
    assert strategy.words
    assert set(strategy.needs) <= NEEDS
    assert strategy.tasks
    assert set(strategy.tasks) <= {"classification", "regression"}
    assert isinstance(strategy.chooses, bool)
