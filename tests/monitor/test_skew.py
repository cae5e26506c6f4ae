"""One feature beside itself: which rows differ, by how much, what is missing on one side."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.monitor.skew import FeatureSkew, Skew, compare_feature, earlier_by, value_texts

VALUES = st.lists(st.tuples(st.one_of(st.none(), st.floats()), st.one_of(st.none(), st.floats())), max_size=20)


def compared(online, offline, tolerance=1e-6):
    return compare_feature("x", online, offline, tolerance=tolerance).skew


@pytest.mark.parametrize(
    ("online", "offline", "differ"),
    [
        ([1.0], [1.0 + 9e-7], 0),
        ([1.0], [1.0 + 2e-6], 1),
        ([1e9], [1e9 + 900], 0),
        ([0.0], [1e-7], 0),
        ([1], [1.0], 0),
        ([True], [1], 0),
        ([float("inf")], [float("inf")], 0),
        ([float("inf")], [1.0], 1),
        ([Decimal("0.10")], [0.1], 0),
        (["a"], ["b"], 1),
        (["7"], [7], 0),
        ([[1]], [[2]], 1),
        ([None, float("nan")], [None, None], 0),
    ],
)
def test_two_values_are_the_same_or_differ(online, offline, differ):
    found = compared(pa.array(online), pa.array(offline))
    assert (found.differ, found.missing_online, found.missing_offline) == (differ, 0, 0)


def test_what_is_missing_on_one_side_is_counted_apart_and_the_first_that_differs_is_shown():
    found = compared(pa.array([1.0, None, 3.0, 9.0, 4.0]), pa.array([1.0, 2.0, None, 3.0, 8.0]))
    assert found == FeatureSkew(name="x", rows=5, differ=2, missing_online=1, missing_offline=1, typical=5.0, online="9.0", offline="3.0")
    assert (found.unlike, found.share) == (4, 0.8)


def test_a_distance_that_is_infinite_is_none():
    assert compared(pa.array([float("inf")]), pa.array([1.0])).typical is None


def test_words_in_a_dictionary_are_words():
    assert compared(pa.array(["a", "b"]).dictionary_encode(), pa.array(["a", "c"])).differ == 1


@given(VALUES)
def test_sides_that_change_places_differ_in_the_same_rows(pairs):
    one, other = (pa.array([pair[side] for pair in pairs], pa.float64()) for side in (0, 1))
    there, back = compared(one, other), compared(other, one)
    assert (there.differ, there.missing_online, there.missing_offline) == (back.differ, back.missing_offline, back.missing_online)
    assert there.typical == back.typical
    assert compared(one, one).unlike == 0
    assert there.unlike <= len(pairs)


def test_a_value_that_a_model_saw_in_float32_is_found_again():
    assert value_texts(pa.array([0.1, 2.0])).equals(value_texts(pa.array([0.1, 2.0], pa.float32())))
    assert value_texts(pa.array(["a", None])).to_pylist() == ["a", None]


def test_how_much_earlier_is_the_median_of_those_that_were_found():
    assert earlier_by(pa.array([9_000_000, 5_000_000, 1]), pa.array([1_000_000, 1_000_000, None])) == (2, 6.0)
    assert earlier_by(pa.array([1]), pa.array([None], pa.int64())) == (0, None)


def test_a_feature_is_skewed_when_more_rows_than_allowed_are_unlike():
    def skew(unlike, max_share=0.01, matched=100):
        one = FeatureSkew(name="x", rows=100, differ=unlike, missing_online=0, missing_offline=0)
        sides = {"names": ("a", "b"), "key": ("id",), "time": None, "rows_online": 100, "rows_offline": 100, "repeated": 0}
        return Skew(**sides, matched=matched, features=(one,), only_online=(), only_offline=(), tolerance=1e-6, max_share=max_share).verdict

    assert [skew(1), skew(2), skew(0, 0), skew(1, 0), skew(0, matched=0)] == ["no skew", "skew", "no skew", "skew", "nothing compared"]
