"""The values that moved are named, the largest first, and explain all of it."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.monitor.contributions import contributions
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.records import CategoricalProfile


def profiles(before, now, kind):
    layout = learn_layout(pa.table({"x": before}), {"x": kind})
    return [profile_table(pa.table({"x": values}), layout, "w").columns["x"] for values in (before, now)]


def test_the_bin_that_lost_and_the_bin_that_won_come_first():
    found = contributions("x", *profiles([1.0] * 50 + [2.0] * 50, [1.0] * 10 + [2.0] * 90, "numeric"))
    assert [(one.literal, one.before, one.after, one.explains) for one in found] == [("x=1", 0.5, 0.1, 1.0), ("x in (1, 2]", 0.5, 0.9, 1.0)]


def test_missing_values_and_new_categories_are_movements_too():
    found = contributions("x", *profiles(["a"] * 100, ["a"] * 50 + ["z"] * 30 + [None] * 20, "categorical"))
    assert {(one.literal, round(one.explains, 2)) for one in found} == {("x=a", 1.0), ("x is other", 0.6), ("x is missing", 0.4)}


def test_infinite_values_count_among_the_rows():
    found = contributions("x", *profiles([1.0] * 50 + [2.0] * 50, [1.0] * 40 + [2.0] * 40 + [float("inf")] * 20, "numeric"))
    assert {(one.literal, one.before, one.after) for one in found} == {("x=1", 0.5, 0.4), ("x in (1, 2]", 0.5, 0.4), ("x is infinite", 0.0, 0.2)}


def test_a_rare_value_that_doubles_surprises_more_than_a_common_one_that_gains_as_much():
    sides = [CategoricalProfile(categories=("a", "b", "c"), counts=counts, n=100, missing=0, other=0) for counts in ((60, 5, 35), (65, 10, 25))]
    assert [one.literal for one in contributions("x", *sides)] == ["x=c", "x=b", "x=a"]


def test_a_side_without_rows_moves_nothing():
    empty = CategoricalProfile(categories=("a",), counts=(0,), n=0, missing=0, other=0)
    assert contributions("x", empty, empty) == ()


@given(st.lists(st.integers(0, 50), min_size=3, max_size=3), st.lists(st.integers(0, 50), min_size=3, max_size=3))
def test_what_grew_explains_all_growth(a, b):
    sides = [CategoricalProfile(categories=("a", "b", "c"), counts=tuple(counts), n=sum(counts), missing=0, other=0) for counts in (a, b)]
    found = contributions("x", *sides)
    if found:
        assert sum(one.explains for one in found if one.after > one.before) == pytest.approx(1)
