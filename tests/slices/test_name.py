from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.slices.name import OVERALL, Slice, matches

COLUMN = st.text(min_size=1).filter(lambda text: "=" not in text and text != OVERALL)


@given(COLUMN, st.text())
def test_a_slices_name_reads_back_as_the_slice(column, value):
    each = Slice(column, value)
    assert Slice.parse(each.name) == each


def test_all_rows_are_called_overall():
    assert Slice().name == OVERALL
    assert Slice.parse(OVERALL) == Slice()


def test_a_value_may_hold_an_equals_sign():
    assert Slice.parse("route=JFK=LAX") == Slice("route", "JFK=LAX")


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("*", "carrier=EV", True),
        ("*", "overall", False),
        ("overall", "overall", True),
        ("overall", "carrier=EV", False),
        ("carrier=*", "carrier=EV", True),
        ("carrier=*", "origin=EWR", False),
        ("carrier=EV", "carrier=EV", True),
        ("carrier=ev", "carrier=EV", False),
    ],
)
def test_a_pattern_covers_what_it_says(pattern, name, covered):
    assert matches(pattern, name) is covered
