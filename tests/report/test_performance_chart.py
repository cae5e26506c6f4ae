"""The chart of performance over time: every mark at its window, readable at both widths however many windows there are."""

import random
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.drawn import assert_readable, texts
from tests.report.test_performance import JOURNAL, TICKET, unlabelled, window

from keepfit.report.performance import performance_course
from keepfit.report.performance_chart import DESK, PHONE, performance_chart, performance_figure


def course(count, seed=0):
    """So many windows under several champions, with tickets and refusals, the newest without labels."""
    rng, windows, tickets, version = random.Random(seed), [], [], 1
    for day in range(1, count + 1):
        version += rng.random() < 0.15
        made = unlabelled(day, str(version)) if day > count - 3 else window(day, str(version), 0.7 + rng.gauss(0, 0.03))
        windows.append(made)
        if rng.random() < 0.3:
            tickets.append(replace(TICKET, window=made.window.id, status=rng.choice(["open", "resolved"])))
    refused = [replace(JOURNAL, kind="refused", version=str(90 + at), at=JOURNAL.at.replace(month=1 + at)) for at in range(3)]
    return performance_course(windows, greater_is_better=bool(seed % 2), tickets=tickets, journal=refused)


@pytest.mark.parametrize("width", [DESK, PHONE])
@settings(max_examples=20)
@given(st.integers(1, 130), st.integers(0, 10_000))
def test_it_is_readable_however_many_windows_there_are(width, count, seed):
    assert_readable(performance_chart(course(count, seed), width=width))


def test_what_happened_stands_in_a_lane_of_its_kind_at_its_window():
    shown = performance_course([window(1), window(2, "2"), window(3)], greater_is_better=True, tickets=[TICKET])
    svg = performance_chart(shown)
    lanes = {text: box[3] for text, box in texts(svg) if text in ("promoted", "rolled back", "refused", "ticket")}
    assert list(lanes) == ["promoted", "rolled back", "ticket"]
    words = {text: box for text, box in texts(svg) if text in ("v2", "v1", "harm")}
    assert [words[text][3] == lanes[lane] for text, lane in (("v2", "promoted"), ("v1", "rolled back"), ("harm", "ticket"))] == [True] * 3
    assert words["v2"][0] == words["harm"][0] < words["v1"][0]


def test_the_estimate_is_dashed_and_hollow_beside_what_was_measured():
    root = ET.fromstring(performance_chart(performance_course([window(1), unlabelled(2)], greater_is_better=True)))
    classes = [one.get("class") for one in root]
    assert (classes.count("value"), classes.count("interval"), classes.count("guess"), classes.count("estimate")) == (1, 1, 1, 2)


@pytest.mark.parametrize("greater_is_better", [True, False])
def test_better_is_up(greater_is_better):
    shown = performance_course([window(1, value=0.6), window(2, value=0.8)], greater_is_better=greater_is_better)
    first, second = [float(one.get("cy")) for one in ET.fromstring(performance_chart(shown)) if one.get("class") == "value"]
    assert (second < first) is greater_is_better


def test_the_line_of_a_champion_ends_where_another_one_served():
    svg = performance_chart(performance_course([window(1), window(2), window(3, "2"), window(4), window(5)], greater_is_better=True))
    lines = [one.get("d").count("L") for one in ET.fromstring(svg) if one.get("class") == "line"]
    assert lines == [1, 1]


def test_one_window_alone_and_one_with_one_value_only_can_be_drawn():
    for alone in (window(1, value=0.5, low=None, high=None), window(1, value=0.0, low=0.0, high=0.0, evidence=()), unlabelled(1)):
        assert_readable(performance_chart(performance_course([alone], greater_is_better=True)))


def test_nothing_measured_draws_nothing_and_the_same_course_the_same_bytes():
    assert performance_figure(performance_course([], greater_is_better=True)) == ""
    assert performance_figure(course(30)) == performance_figure(course(30))
    assert [performance_figure(course(30)).count(css) for css in ("on-desk", "on-phone")] == [1, 1]
