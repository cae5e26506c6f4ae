"""What each built-in strategy asks for first."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.contracts.queue_pools import queue_pool

from keepfit.compose.queue.at_random import AtRandom
from keepfit.compose.queue.disagreement import Disagreement
from keepfit.compose.queue.diversity import Diversity
from keepfit.compose.queue.margin import Margin
from keepfit.compose.queue.slices import SliceTurns
from keepfit.compose.queue.strategy import QueuePool
from keepfit.compose.queue.uncertainty import Uncertainty
from keepfit.compose.strata import coded
from keepfit.errors import DataError, ParamsError, UnknownNameError


def asked(n: int, **given) -> QueuePool:
    return QueuePool(**{"rank": np.arange(n, dtype=np.uint64) * 7919 % 1009, "features": pa.table({}), **given})


THREE = np.array([[0.5, 0.5, 0.0], [0.34, 0.33, 0.33], [0.9, 0.05, 0.05]])


def test_of_two_classes_uncertainty_and_margin_ask_for_the_same_rows_nearest_to_a_half():
    pool = asked(4, answers=np.array([0.02, 0.45, 0.8, 0.61]))
    assert Uncertainty().order(pool, 4).tolist() == Margin().order(pool, 4).tolist() == [1, 3, 2, 0]


def test_of_three_classes_a_margin_asks_where_one_answer_settles_which_of_two_and_uncertainty_where_all_are_open():
    assert Uncertainty().order(asked(3, answers=THREE), 3).tolist() == [1, 0, 2]
    assert Margin().order(asked(3, answers=THREE), 3).tolist() == [0, 1, 2]


def test_a_sure_answer_has_no_entropy_and_raises_no_warning():
    assert Uncertainty().order(asked(3, answers=np.array([0.0, 1.0, 0.5])), 1).tolist() == [2]


def test_disagreement_asks_where_the_answers_lie_farthest_apart_of_numbers_and_of_classes():
    pool = asked(3, answers=np.array([0.1, 0.5, 0.9]), rival=np.array([0.2, 0.9, 0.9]))
    assert Disagreement().order(pool, 3).tolist() == [1, 0, 2]
    other = np.array([[0.5, 0.0, 0.5], [0.33, 0.34, 0.33], [0.9, 0.05, 0.05]])
    assert Disagreement().order(asked(3, answers=THREE, rival=other), 3).tolist() == [0, 1, 2]


def test_what_a_strategy_lacks_is_one_sentence():
    with pytest.raises(DataError, match="margin needs the champion's answers"):
        Margin().order(asked(3), 1)
    with pytest.raises(DataError, match="answers of two models"):
        Disagreement().order(asked(3, answers=np.ones(3)), 1)
    with pytest.raises(DataError, match="do not answer the same classes"):
        Disagreement().order(asked(3, answers=np.ones(3), rival=THREE), 1)
    with pytest.raises(ParamsError, match="no slices"):
        SliceTurns().order(asked(3), 1)


def test_diversity_finds_every_group_of_rows_that_are_alike_sooner_than_chance_does():
    """Nine groups, of which the rarest has 1 row in 100: the number of groups among 12 rows, mean of 40 seeds."""
    sizes = [600, 200, 100, 40, 20, 15, 10, 10, 5]
    group = np.repeat(np.arange(len(sizes)), sizes)
    features = pa.table({"kind": [f"k{one}" for one in group], "size": group * 1.0})

    def groups(strategy, seed):
        pool = QueuePool(rank=np.random.default_rng(seed).permutation(1000).astype(np.uint64) << np.uint64(54), features=features, kinds=KINDS)
        return len(set(group[strategy.order(pool, 12)[:12]].tolist()))

    spread, chance = (np.mean([groups(strategy, seed) for seed in range(40)]) for strategy in (Diversity(), AtRandom()))
    assert spread > chance + 1


KINDS = {"kind": "categorical", "size": "numeric"}


def test_slices_take_turns_so_that_a_rare_one_has_as_many_rows_as_the_others():
    pool = queue_pool(200)
    towns = np.array(pool.features["town"].to_pylist())[SliceTurns().order(pool, 30)]
    assert {town: int((towns == town).sum()) for town in ("Oslo", "Rome", "Bern")} == {"Oslo": 10, "Rome": 10, "Bern": 10}


def test_slices_that_run_out_leave_their_turn_to_the_others():
    pool = queue_pool(40)
    towns = np.array(pool.features["town"].to_pylist())[SliceTurns().order(pool, 30)]
    assert int((towns == "Oslo").sum()) == 4
    assert abs(int((towns == "Rome").sum()) - int((towns == "Bern").sum())) <= 1


def test_quotas_are_filled_first_and_the_rest_comes_by_chance():
    pool = queue_pool(200)
    towns = np.array(pool.features["town"].to_pylist())[SliceTurns(quotas={"town=Oslo": 12}).order(pool, 30)]
    assert towns[:12].tolist() == ["Oslo"] * 12
    assert {"Rome", "Bern"} <= set(towns[12:].tolist())


def test_a_row_counts_for_its_slice_of_every_column():
    pool = queue_pool(100)
    half = coded("half", pa.array(["first" if number < 50 else "second" for number in range(100)]))
    object.__setattr__(pool, "slices", {**pool.slices, "half": half})
    found = SliceTurns().order(pool, 20)
    assert abs(int((found < 50).sum()) - 10) <= 3


def test_a_quota_of_a_slice_without_a_row_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownNameError, match="did you mean 'town=Oslo'"):
        SliceTurns(quotas={"town=Osol": 3}).order(queue_pool(50), 10)
