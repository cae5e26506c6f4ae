"""The curve: axes with words and round numbers, better is up, today and the winner are marked, names lie over nothing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.drawn import assert_readable, texts

from keepfit.report.curve import DESK, PHONE, Level, Place, curve, curves

LEVELS = [Level(a_year=float(many), best=0.6 + 0.02 * many, spaced=0.6 + 0.01 * many, random_low=0.6, random_high=0.6 + 0.015 * many) for many in range(4)]
PLACES = [Place(name="reviews:2", a_year=2.0, score=0.63), Place(name="a<b", a_year=0.0, score=0.6)]


def heights(svg):
    """Where the policies' points lie, in the order in which they were given."""
    return [float(one.get("cy")) for one in ET.fromstring(svg) if one.get("class") == "policy"]


def test_the_axes_say_what_they_measure_and_in_what():
    svg = curve(PLACES, LEVELS, metric="roc_auc", greater_is_better=True)
    assert "retrainings (reviews) a year" in svg
    assert "mean roc_auc (more is better)" in svg
    assert ">0.62<" in svg


def test_better_is_up_whichever_way_the_metric_counts():
    auc, mae = (heights(curve(PLACES, LEVELS, metric="m", greater_is_better=way)) for way in (True, False))
    assert auc[0] < auc[1]
    assert mae[0] > mae[1]


def test_one_point_alone_can_be_drawn():
    svg = curve([Place(name="never", a_year=0.0, score=0.6)], [], metric="m", greater_is_better=True)
    assert "nan" not in svg
    assert "never" in svg


def test_today_the_winner_never_and_the_calendar_are_marked():
    named = [Place(name=name, a_year=a_year, score=0.6 + a_year / 100) for name, a_year in (("never", 0), ("params", 3), ("calendar", 12), ("reviews:6", 6))]
    svg = curve(named, LEVELS, metric="m", greater_is_better=True, winner="reviews:6")
    classes = [one.get("class") for one in ET.fromstring(svg)]
    assert (classes.count("star"), classes.count("ring"), classes.count("flat"), classes.count("policy")) == (1, 1, 2, 3)
    assert {"reviews:6 0.66", "these params 0.63", "never retrained 0.6", "by the calendar 0.72"} <= {text for text, _ in texts(svg)}
    assert not re.search(r'class="star"', curve(named, LEVELS, metric="m", greater_is_better=True))


NAMES = st.lists(st.builds(Place, name=st.text(max_size=50), a_year=st.floats(0, 30), score=st.floats(0.1, 1)), min_size=1, max_size=12)


@pytest.mark.parametrize("width", [DESK, PHONE])
@given(NAMES, st.booleans())
def test_no_name_lies_over_another_or_leaves_the_picture(width, places, greater_is_better):
    assert_readable(curve(places, LEVELS, metric="m", greater_is_better=greater_is_better, winner=places[0].name, width=width))


def test_a_page_gets_one_for_a_desk_and_one_for_a_phone():
    both = curves(PLACES, LEVELS, metric="m", greater_is_better=True)
    assert [both.count(css) for css in ("on-desk", "on-phone")] == [1, 1]
    assert both == curves(PLACES, LEVELS, metric="m", greater_is_better=True)
