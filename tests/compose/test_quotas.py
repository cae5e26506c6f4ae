"""Quotas over several columns: rows leave until all hold within one row, and no more than must."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.compose.quotas import STAYS, Quotas, drawn_down
from keepfit.compose.strata import Coded
from keepfit.errors import ParamsError

N = 400
RANK = np.random.default_rng(7).integers(0, 2**63, N).astype(np.uint64)
EVERY = np.ones(N, bool)


def column(name, codes):
    codes = np.asarray(codes, np.int32)
    return Coded(name, tuple(f"{name}={value}" for value in range(codes.max() + 1)), codes)


def quotas(name, codes, low=None, high=None, floor=None, cap=None):
    one = Quotas.none(column(name, codes))
    for array, given_ in ((one.low, low), (one.high, high), (one.floor, floor), (one.cap, cap)):
        for at, value in (given_ or {}).items():
            array[at] = value
    return one


SHARES = st.dictionaries(st.integers(0, 2), st.sampled_from([0.1, 0.2, 0.3]), max_size=2)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), SHARES, SHARES, st.none() | st.integers(20, 500))
def test_the_shares_of_two_columns_hold_together_within_one_row(seed, low, exact, most):
    chance = np.random.default_rng(seed)
    one = quotas("a", chance.choice(3, N, p=[0.7, 0.2, 0.1]), low=low)
    two = quotas("b", chance.choice(3, N, p=[0.5, 0.3, 0.2]), low=exact, high=exact)
    stays = drawn_down([one, two], RANK, EVERY, most=most) == STAYS
    total = stays.sum()
    assert total > 0
    assert most is None or total <= most
    for share, each in ((low, one), (exact, two)):
        counts = each.column.counts(stays)
        assert all(counts[at] > value * total - 1 for at, value in share.items())
    assert all(two.column.counts(stays)[at] < value * total + 1 for at, value in exact.items())


def test_without_quotas_nobody_leaves_and_a_cap_takes_the_lowest_ranks():
    assert (drawn_down([], RANK, EVERY) == STAYS).all()
    stays = drawn_down([], RANK, EVERY, most=50) == STAYS
    assert stays.sum() == 50
    assert RANK[stays].max() < RANK[~stays].min()


def test_rows_that_are_not_asked_about_are_left_alone():
    among = np.arange(N) < 100
    by = drawn_down([quotas("a", np.arange(N) % 2, cap={0: 10})], RANK, among)
    assert set(by[~among]) == {-2}
    assert ((by == STAYS) & (np.arange(N) % 2 == 0)).sum() == 10
    assert ((by == STAYS) & (np.arange(N) % 2 == 1)).sum() == 50


def test_a_floor_holds_against_the_shares_of_another_column_and_the_cap():
    rare = quotas("a", (np.arange(N) < 20).astype(int), floor={1: 15})
    other = quotas("b", np.arange(N) % 2, low={0: 0.8}, high={0: 0.8})
    stays = drawn_down([rare, other], RANK, EVERY, most=60) == STAYS
    assert stays.sum() <= 60
    assert rare.column.counts(stays)[1] >= 10, "the ten of b=0 are kept first, and as many of b=1 as a fifth allows"
    alone = drawn_down([rare], RANK, EVERY, most=60) == STAYS
    assert rare.column.counts(alone).tolist() == [45, 15]


def test_the_rows_that_stay_are_the_same_whatever_other_column_is_asked_about_first():
    one, two = quotas("a", np.arange(N) % 4, cap={0: 30}), quotas("b", np.arange(N) // 200, cap={1: 90})
    assert (drawn_down([one, two], RANK, EVERY) == STAYS).sum() == pytest.approx((drawn_down([two, one], RANK, EVERY) == STAYS).sum(), abs=30)


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ({"high": {0: 0.3, 1: 0.3}}, "at most 60% of the training rows may be of the 2 values of a that there are"),
        ({"low": {0: 0.7, 1: 0.6}}, "at least 130% of the training rows would have to be of the values of a"),
    ],
)
def test_shares_that_do_not_add_up_are_refused(shares, sentence):
    with pytest.raises(ParamsError, match=sentence):
        drawn_down([quotas("a", np.arange(N) % 2, **shares)], RANK, EVERY)
