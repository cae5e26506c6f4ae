"""Axes: ticks are round and within the ends, and labels that are shown do not touch."""

from itertools import pairwise
from math import log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.report.axis import Axis, fitted, label, percent_texts, roundest, spaced, text_width, tick_texts

NUMBERS = st.floats(-1e9, 1e9).map(lambda value: round(value, 6))


@given(NUMBERS, st.floats(1e-4, 1e9), st.integers(2, 8))
def test_ticks_are_one_two_or_five_times_a_power_of_ten_apart_within_the_ends_and_not_too_many(low, span, most):
    axis = Axis(low=low, high=low + span, start=0.0, end=100.0)
    ticks = axis.ticks(most)
    assert len(ticks) <= most + 1
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in ticks)
    if len(ticks) > 1 and span > abs(low) * 1e-6:
        step = ticks[1] - ticks[0]
        assert min(abs(step / 10 ** round(log10(step / times)) / times - 1) for times in (1, 2, 5)) < 1e-4
        assert len(set(tick_texts(ticks))) == len(ticks)


@given(NUMBERS, st.floats(0, 1e6))
def test_the_roundest_number_lies_between_and_no_rounder_one_does(low, span):
    high = low + span
    found = roundest(low, high)
    assert low <= found <= high
    digits = len(f"{abs(found):.12e}".split("e")[0].rstrip("0").replace(".", "")) if found else 0
    for other in (float(f"{edge:.{max(digits - 2, 0)}e}") for edge in (low, high)):
        assert digits <= 1 or not low <= other <= high or len(f"{abs(other):.12e}".split("e")[0].rstrip("0").replace(".", "")) >= digits - 1


@given(st.lists(st.tuples(st.floats(1, 60), st.floats(1, 60)), max_size=80))
def test_labels_that_are_shown_do_not_touch(steps):
    places = [sum(step for step, _ in steps[: index + 1]) for index in range(len(steps))]
    widths = [wide for _, wide in steps]
    shown = spaced(places, widths)
    assert bool(shown) == bool(steps)
    assert all(places[a] + widths[a] / 2 < places[b] - widths[b] / 2 for a, b in pairwise(shown))


@given(st.text(max_size=300), st.floats(0, 200))
def test_a_text_is_cut_to_its_room(text, room):
    assert text_width(fitted(text, room)) <= room


def test_percentages_have_the_digits_that_tell_them_apart():
    assert [text.replace("\xa0", " ") for text in percent_texts([0.0, 0.005, 0.01])] == ["0.0 %", "0.5 %", "1.0 %"]


@pytest.mark.parametrize("text", ["<b>", 'a" onload="x', "a\nb", "\u202eabc"])
def test_a_label_is_text_and_nothing_else(text):
    drawn = label(text, 1, 2)
    assert drawn.count("<") == 2
    assert '" onload' not in drawn
    assert "\n" not in drawn
    assert "\u202e" not in drawn
