"""Selection probabilities are exact: they add up to the queue's size, and agree with what happens when queues are drawn again and again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.compose.queue.chances import QueueSizes, chances, even_chance


@given(st.integers(1, 60), st.integers(0, 20), st.integers(0, 20))
def test_they_add_up_to_the_rows_that_are_selected(rows, by_chance, chosen):
    found = chances(np.arange(rows), QueueSizes(rows=rows, by_chance=by_chance, chosen=chosen))
    assert found.sum() == pytest.approx(min(rows, by_chance + chosen))
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) <= 1e-12).all()


@given(st.integers(2, 60), st.integers(1, 20), st.integers(0, 20))
def test_every_row_may_be_selected_where_any_are_drawn_by_chance(rows, by_chance, chosen):
    assert (chances(np.arange(rows), QueueSizes(rows=rows, by_chance=by_chance, chosen=chosen)) >= min(1, by_chance / rows) - 1e-12).all()


def test_the_first_of_the_order_are_selected_for_certain_and_those_far_behind_by_chance_alone():
    found = chances(np.arange(1000), QueueSizes(rows=1000, by_chance=10, chosen=40))
    assert found[:40].tolist() == [1.0] * 40
    assert found[50:] == pytest.approx(0.01)
    assert 0.01 < found[49] < found[40] < 1


def test_they_are_how_often_rows_are_selected():
    rng, rows, by_chance, chosen, times = np.random.default_rng(0), 12, 3, 4, 20_000
    seen = np.zeros(rows)
    for _ in range(times):
        drawn = rng.permutation(rows)[:by_chance]
        left = [row for row in range(rows) if row not in drawn][:chosen]
        seen[[*drawn, *left]] += 1
    error = 4 * np.sqrt(0.25 / times)
    assert seen / times == pytest.approx(chances(np.arange(rows), QueueSizes(rows=rows, by_chance=by_chance, chosen=chosen)), abs=error)


def test_rows_of_a_slice_that_are_drawn_from_evenly_are_as_likely_as_they_are_selected():
    rng, rows, among, by_chance, chosen, times = np.random.default_rng(1), 20, 6, 5, 4, 20_000
    seen = 0
    for _ in range(times):
        drawn = set(rng.permutation(rows)[:by_chance].tolist())
        left = [row for row in rng.permutation(among).tolist() if row not in drawn][:chosen]
        seen += len(left) + sum(row < among for row in drawn)
    likely = even_chance(among, QueueSizes(rows=rows, by_chance=by_chance, chosen=chosen))
    assert seen / times / among == pytest.approx(likely, abs=4 * 0.5 / np.sqrt(times * among))
    assert 0 < likely < 1


def test_a_slice_with_no_more_rows_than_are_drawn_is_selected_whole():
    assert even_chance(4, QueueSizes(rows=50, by_chance=5, chosen=4)) == 1.0
