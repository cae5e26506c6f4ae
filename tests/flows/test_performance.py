"""The course that pages show counts as the project's metric does, and a window's page ends with it."""

from tests.report.test_performance import window

from keepfit.flows.performance import course_of
from keepfit.plugins import read_params

CLICKS = "model: {name: clicks, task: classification, target: y}\ndata: {live: rows, time: t, features: {x: numeric}}\n"
SEEN = [window(1), window(2), window(2, "2"), window(3, "2")]


def test_a_windows_page_ends_with_the_window_under_its_champion():
    course = course_of(read_params(CLICKS), SEEN, until=SEEN[1])
    assert course.windows == ("2024-01-01", "2024-01-02")
    assert [one.version for one in course.points] == ["1", "1"]
    assert course.greater_is_better


def test_a_window_that_the_ledger_does_not_hold_yet_is_the_last():
    assert course_of(read_params(CLICKS), SEEN[:1], until=SEEN[1]).windows == ("2024-01-01", "2024-01-02")


def test_without_an_end_every_window_is_there():
    assert len(course_of(read_params(CLICKS), SEEN).points) == 4
