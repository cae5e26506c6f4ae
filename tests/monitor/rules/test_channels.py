"""Channels are sums of a profile's counts: what they ask, and that they add up as profiles do."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import DataError
from keepfit.monitor.rules.channels import channels_of
from keepfit.profiles.profile import learn_layout, merge, profile_table

TABLE = pa.table({"x": [1.0, 2.0, 3.0, 4.0], "c": ["a", "a", "b", None]})
LAYOUT = learn_layout(TABLE, {"x": "numeric", "c": "categorical"}, bins=4)
CHANNELS = channels_of(LAYOUT)


def counts(rows):
    k, n = CHANNELS.counts(profile_table(rows, LAYOUT, "w"))
    return dict(zip(CHANNELS.names, zip(k.tolist(), n.tolist(), strict=True), strict=True))


def test_the_first_edge_lies_just_below_the_minimum():
    assert CHANNELS.names == ("x <= 1", "x <= 1", "x <= 2", "x <= 3", "x <= 4", "x missing", "c = a", "c = b", "c other", "c missing")
    assert CHANNELS.counts(profile_table(TABLE, LAYOUT, "w"))[0].tolist() == [0, 1, 2, 3, 4, 0, 2, 1, 0, 1]


def test_a_constant_column_that_drops_is_seen_by_the_first_channel():
    layout = learn_layout(pa.table({"x": [5.0, 5.0]}), {"x": "numeric"})
    k, n = channels_of(layout).counts(profile_table(pa.table({"x": [4.0, 5.0, 6.0]}), layout, "w"))
    assert (k.tolist(), n.tolist()) == ([1, 2, 0], [3, 3, 3])


def test_missing_and_infinite_values_are_missing_of_all_rows():
    found = counts(pa.table({"x": [None, float("nan"), float("inf"), 2.5], "c": [None, "z", "a", "a"]}))
    assert found["x missing"] == (3, 4)
    assert found["x <= 3"] == (1, 1)
    assert (found["c missing"], found["c other"], found["c = a"]) == ((1, 4), (1, 3), (2, 3))


def test_a_column_the_window_lacks_has_no_rows():
    found = counts(pa.table({"x": [1.0]}))
    assert (found["c = a"], found["c missing"]) == ((0, 0), (0, 0))


def test_windows_stack_in_time_order():
    k, n = CHANNELS.windows([profile_table(TABLE, LAYOUT, "1"), profile_table(TABLE.slice(0, 1), LAYOUT, "2")])
    assert (k.shape, n[:, 0].tolist()) == ((2, 10), [4, 1])
    assert CHANNELS.windows([])[0].shape == (0, 10)


def test_starts_and_owner_say_whose_a_channel_is():
    assert (CHANNELS.starts.tolist(), CHANNELS.owner.tolist()) == ([0, 6], [0] * 6 + [1] * 4)


def test_another_layout_is_refused():
    other = learn_layout(pa.table({"x": [1.0, 9.0], "c": ["a", "b"]}), {"x": "numeric", "c": "categorical"})
    with pytest.raises(DataError, match="'x' is counted on two different layouts"):
        CHANNELS.counts(profile_table(TABLE, other, "w"))


@given(st.lists(st.none() | st.floats(width=32), max_size=20), st.lists(st.none() | st.floats(width=32), max_size=20))
def test_channels_add_up_as_profiles_do(a, b):
    sides = [profile_table(pa.table({"x": pa.array(rows, pa.float64()), "c": pa.array([str(row) for row in rows])}), LAYOUT, "w") for rows in (a, b)]
    apart = np.sum([CHANNELS.counts(side) for side in sides], axis=0)
    assert apart.tolist() == np.array(CHANNELS.counts(merge(*sides))).tolist()
