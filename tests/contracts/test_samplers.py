"""What every sampler promises, of whatever package: each row goes one way, none is made up, and the same pool and seed give the same answer."""

from __future__ import annotations

import numpy as np
import pytest
from tests.contracts.pools import pool

from keepfit import plugins
from keepfit.compose.samplers.parts import WindowParts

MEMBERS = [*(plugins.load("samplers", name)() for name in plugins.names("samplers")), WindowParts(windows=3, new=1, replays=True)]
every_sampler = pytest.mark.parametrize("sampler", MEMBERS, ids=[each.name for each in MEMBERS])


def draw(sampler, rows, seed=0):
    return sampler.draw(rows, rng=np.random.default_rng(seed))


@every_sampler
def test_every_row_of_the_pool_goes_one_way_and_says_why(sampler):
    rows = pool()
    drawn = draw(sampler, rows)
    assert len(drawn.part) == len(drawn.reason) == len(rows.row_id)
    assert set(drawn.part) <= {"train", "replay", "out"}
    assert all(isinstance(reason, str) and reason for reason in drawn.reason)
    assert drawn.trains.any()


@every_sampler
def test_what_it_says_in_codes_is_what_it_says_in_texts(sampler):
    drawn = draw(sampler, pool())
    assert drawn.parts.texts.tolist() == drawn.part.tolist()
    assert drawn.reasons.texts.tolist() == drawn.reason.tolist()


@every_sampler
def test_the_same_pool_and_seed_give_the_same_answer(sampler):
    once, again = draw(sampler, pool(), seed=3), draw(sampler, pool(), seed=3)
    assert once.part.tolist() == again.part.tolist()
    assert once.reason.tolist() == again.reason.tolist()


@every_sampler
def test_a_row_that_trains_weighs_more_than_nothing(sampler):
    drawn = draw(sampler, pool())
    weight = np.ones(len(drawn.part)) if drawn.weight is None else np.asarray(drawn.weight, float)
    assert weight.shape == drawn.part.shape
    assert (np.isfinite(weight) & (weight > 0))[drawn.trains].all()


@every_sampler
def test_windows_that_it_does_not_need_are_not_drawn_from(sampler):
    rows, needed = pool(), sampler.windows_needed
    assert needed is None or set(rows.window[draw(sampler, rows).trains]) <= set(rows.order[-needed:])


@every_sampler
def test_one_window_of_one_row_is_no_trouble(sampler):
    assert draw(sampler, pool(rows=1, order=("2013-01",))).part.tolist() == ["train"]
