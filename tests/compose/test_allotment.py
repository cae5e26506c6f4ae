"""Rows per group under shares: as many as they allow, each share within one row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.compose.allotment import allotted

GROUPS = st.lists(st.tuples(st.integers(0, 300), st.sampled_from([0.0, 0.1, 0.3, 0.5]), st.sampled_from([0.2, 0.5, 0.8, 1.0])), min_size=1, max_size=6)


@given(GROUPS, st.none() | st.integers(1, 400))
def test_shares_hold_within_one_row_and_nothing_is_made_up(groups, most):
    available, low, high = (np.array(column) for column in zip(*groups, strict=True))
    low = np.minimum(low, high)
    found = allotted(available, low=low, high=high, most=most)
    total = found.sum()
    assert (found <= available).all()
    assert (found >= 0).all()
    assert most is None or total <= most
    some = available > 0
    assert (found < high * total + 1).all()
    assert (found > low * total - 1)[some].all() or total == 0


@given(GROUPS)
def test_no_share_leaves_every_row(groups):
    available = np.array([one[0] for one in groups])
    assert allotted(available).tolist() == available.tolist()


@pytest.mark.parametrize(
    ("available", "low", "high", "found"),
    [
        ([600, 300, 100], [0, 0, 0], [0.4, 0.4, 0.4], [200, 200, 100]),  # capped at 40 % each: the rest of 20 % holds the others down
        ([900, 100], [0.5, 0.5], [0.5, 0.5], [100, 100]),
        ([990, 10], [0, 0.3], [1, 1], [23, 10]),
        ([900, 0], [0.5, 0.5], [1, 1], [900, 0]),  # nothing stands in for rows that are not there
        ([900, 100], [0, 0], [0.5, 0.3], [0, 0]),  # shares that do not add up
    ],
)
def test_the_most_rows_that_shares_allow(available, low, high, found):
    assert allotted(np.array(available), low=np.array(low, float), high=np.array(high, float)).tolist() == found


def test_a_floor_holds_where_a_cap_makes_rows_go():
    assert allotted(np.array([1000, 50]), floor=np.array([0, 40]), most=100).tolist() == [60, 40]
    assert allotted(np.array([1000, 50]), floor=np.array([0, 90]), most=100).tolist() == [50, 50], "no more than there are"
    assert allotted(np.array([500, 500]), floor=np.array([90, 90]), most=100).tolist() == [50, 50], "floors over the cap are shared"
