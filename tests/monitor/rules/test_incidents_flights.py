"""The flights of 2013 in true order against January's days: each lasting change is one incident, by months (as the template has them), weeks or days."""

from functools import reduce

import pandas as pd
import pytest
from tests.monitor.flights import KINDS, SCHEDULE, WEATHER, counted_day, load_days
from tests.monitor.streams import opened

from keepfit.monitor.rules.e_detector import EvidenceOverTime
from keepfit.monitor.rules.rule import Watch
from keepfit.profiles.profile import learn_layout, merge
from keepfit.records import EvidenceMemory, Reference

JANUARY = 31
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def days():
    """The counts of each day, in time order."""
    rows = load_days()
    layout = learn_layout(pd.concat(rows[:JANUARY]), KINDS)
    return [counted_day(day, layout, f"{date:%Y-%m-%d}") for day, date in zip(rows, pd.date_range("2013-01-01", periods=365), strict=True)]


def months(days):
    return [[day for day in days if day.window.startswith(f"2013-{month:02}")] for month in range(2, 13)]


def weeks(days):
    return [days[i : i + 7] for i in range(JANUARY, len(days) - 6, 7)]


def incidents(days, windows, *, min_effect=0.01, whole=False):
    """(window, column, effect) of each incident that opens, and the columns that stand at the year's end; `whole`: a window is one look."""
    rule, memory, found = EvidenceOverTime(Watch(reference=Reference(profiles=tuple(days[:JANUARY])), min_effect=min_effect)), EvidenceMemory(), []
    for parts in windows:
        window = reduce(merge, parts)
        weighed = rule.step(memory, window, steps=() if whole else parts)
        memory = weighed.memory
        found += [(window.window[:7], one.subject, round(one.effect, 2)) for one in weighed.loud if one.subject in opened(weighed, window)]
    return found, set(memory.incidents)


def of_schedule(found):
    return [one for one in found if one[1] in SCHEDULE]


def test_in_months_the_years_changes_are_one_incident_each(days):
    found, standing = incidents(days, months(days))
    assert of_schedule(found) == [("2013-06", "distance", 0.03)]
    assert [one[:2] for one in found if one[1] == "temp"] == [("2013-07", "temp")]
    assert {name for _, name, _ in found} - SCHEDULE <= {*WEATHER, "temp|humid"}
    assert standing == {"distance"}  # flights stay longer to the end of the year; the weather of winter has come back


def test_in_months_at_a_floor_of_five_points_the_schedule_is_quiet_and_the_season_is_told_once(days):
    found, _ = incidents(days, months(days), min_effect=0.05)
    assert of_schedule(found) == []
    assert [one[:2] for one in found if one[1] == "temp"] == [("2013-07", "temp")]


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "in days"])
def test_in_weeks_the_schedule_is_one_incident_and_temperature_at_most_one(days, whole):
    found, _ = incidents(days, weeks(days), whole=whole)
    assert [one[1:] for one in of_schedule(found)] == [("distance", 0.03)]
    assert [one[1] for one in found].count("temp") <= 1


def test_in_days_the_schedule_is_a_day_of_storm_and_the_summer(days):
    """On 8 February 2013 a blizzard closed New York's airports in the afternoon."""
    found, _ = incidents(days, [[day] for day in days[JANUARY:]], whole=True)
    assert [one[:2] for one in of_schedule(found)] == [("2013-02", "sched_arr_time"), ("2013-06", "distance")]
    assert [one[1] for one in found].count("temp") == 1


def test_months_taken_whole_hear_nothing(days):
    assert incidents(days, months(days), whole=True) == ([], set())
