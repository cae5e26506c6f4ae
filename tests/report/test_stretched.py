"""Round numbers on an axis of equal bins: each stands where its value lies."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.report.axis import text_width
from keepfit.report.stretched import SMALL, stretched_ticks

EDGES = st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 4)), min_size=1, max_size=40, unique=True).map(sorted)


@given(EDGES, st.booleans())
def test_ticks_rise_lie_in_their_bins_and_do_not_touch(edges, open_ended):
    places = [None, *edges, None] if open_ended else edges
    step = 300 / max(len(places) - 1, 1)
    ticks = stretched_ticks(places, start=20.0, step=step, end=360.0)
    for (a, one), (b, other) in pairwise(ticks):
        assert a + text_width(one, SMALL) / 2 < b - text_width(other, SMALL) / 2
    values = [float(text.replace(",", "")) for _, text in ticks]
    assert values == sorted(values)
    for at, value in zip((at for at, _ in ticks), values, strict=True):
        index = min(int((at - 20.0) / step + 1e-6), len(places) - 1)
        low = places[max(index - 1, 0)]
        high = places[min(index + 1, len(places) - 1)]
        tolerance = abs(value) * 1e-3 + 1e-4
        assert low is None or low - tolerance <= value
        assert high is None or value <= high + tolerance


def test_a_bin_of_one_value_is_named_in_its_middle_and_once():
    assert stretched_ticks((None, 7.0, 7.0, None), start=0.0, step=100.0, end=360.0) == [(150.0, "7")]


def test_the_numbers_are_round():
    ticks = stretched_ticks([671525.3, 812345.1, 915273.2, 975250.7, 1085030.9], start=40.0, step=75.0, end=360.0)
    assert all(len(text.replace(",", "").rstrip("0")) <= 3 for _, text in ticks), ticks
    assert len(ticks) >= 3


@pytest.mark.parametrize("edges", [(), (None, None), (None, 3.0, None), (-1e308, 1e308), (1e-300, 2e-300)])
def test_odd_edges_are_drawn_without_a_fault(edges):
    stretched_ticks(edges, start=0.0, step=100.0, end=360.0)
