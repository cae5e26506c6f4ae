"""A source that fell silent is told, by what was due; nights, weekends, holidays, batches and yearly closures are not."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from keepfit.monitor.detectors.arrivals import Arrivals
from keepfit.monitor.detectors.silence import Silence
from keepfit.tables.windows import windows_covering

HOUR = np.timedelta64(1, "h")


def hourly(first, end):
    return np.arange(np.datetime64(first), np.datetime64(end), HOUR)


def working(times):
    """Those from Monday to Friday, 8 to 18 o'clock."""
    days, hours = times.astype("datetime64[D]"), times.astype(np.int64) % 24
    return times[np.is_busday(days) & (hours >= 8) & (hours < 18)]


def poisson(first, end, a_day, seed=0):
    """Times as customers come: independently of one another."""
    rng, span = np.random.default_rng(seed), (np.datetime64(end) - np.datetime64(first)) / np.timedelta64(1, "s")
    n = rng.poisson(span / 86400 * a_day)
    return np.datetime64(first, "s") + rng.uniform(0, span, n).astype("timedelta64[s]")


def without(times, first, end):
    return times[(times < np.datetime64(first)) | (times >= np.datetime64(end))]


def silent(times, size, first, until):
    """The windows that end in silence, by id."""
    arrivals = Arrivals.of(times)
    windows = windows_covering(size, datetime.fromisoformat(first), datetime.fromisoformat(until))
    return {window.id: found for window in windows if (found := Silence().compare(arrivals, start=window.start, end=window.end)) is not None}


@pytest.mark.parametrize("kind", ["hourly", "poisson", "working hours"])
def test_a_feed_that_dies_within_a_window_is_told_and_every_window_after_it(kind):
    times = {
        "hourly": hourly("2013-01-01", "2013-08-06T16"),
        "poisson": poisson("2013-01-01", "2013-08-06T16", 30),
        "working hours": working(hourly("2013-01-01", "2013-08-06T16")),
    }[kind]
    found = silent(times, "month", "2013-02-01", "2014-04-01")
    assert sorted(found) == [f"2013-{month:02d}" for month in range(8, 13)] + ["2014-01", "2014-02", "2014-03"]
    assert all(one.kind == "quality" and one.detail.startswith("no rows since 2013-08-06 1") for one in found.values())
    assert (found["2013-09"].n, found["2013-09"].effect) == (0, 1.0)
    rows = int((times >= np.datetime64("2013-08-01")).sum())
    assert found["2013-08"].n == rows
    assert found["2013-08"].statistic == pytest.approx(rows / (len(times) / 218 * 31), rel=0.1), "due is what the months before say"


@pytest.mark.parametrize("size", ["day", "week"])
def test_a_dead_feed_of_days_and_weeks_is_told_in_its_first_window_or_the_next(size):
    for times in (hourly("2013-01-01", "2013-03-13T10"), working(hourly("2013-01-01", "2013-03-13T10")), poisson("2013-01-01", "2013-03-13T10", 200)):
        assert sorted(silent(times, size, "2013-01-28", "2013-03-25"))[0] in {"2013-03-13", "2013-03-14", "2013-W11"}


@pytest.mark.parametrize("size", ["day", "week", "month"])
@pytest.mark.parametrize("seed", range(5))
def test_a_living_source_is_no_silence(size, seed):
    """At most one of 100 days: 5 streams of 8 months each, sparse ones too, none of them told."""
    for times in (hourly("2013-01-01", "2013-09-01"), working(hourly("2013-01-01", "2013-09-01")), poisson("2013-01-01", "2013-09-01", 3 * 10**seed, seed)):
        assert not silent(times, size, "2013-01-01", "2013-09-01")


@pytest.mark.parametrize("size", ["day", "week", "month"])
def test_a_source_that_becomes_rarer_or_comes_in_bursts_is_no_silence(size):
    rarer = np.concatenate([poisson("2013-01-01", "2013-05-01", 100), poisson("2013-05-01", "2013-07-01", 50, 1), poisson("2013-07-01", "2013-09-01", 25, 2)])
    bursts = np.repeat(poisson("2013-01-01", "2013-09-01", 2, 3), 40)
    assert not silent(rarer, size, "2013-01-01", "2013-09-01")
    assert not silent(bursts, size, "2013-01-01", "2013-09-01")


@pytest.mark.parametrize("size", ["day", "week", "month"])
def test_batches_once_a_day_week_or_month_are_no_silence(size):
    for step in (1, 7, 28):
        times = np.repeat(np.arange(np.datetime64("2013-01-01T03"), np.datetime64("2013-09-01"), step * 24 * HOUR), 100)
        assert not silent(times, size, "2013-01-01", "2013-09-01")
    firsts = np.repeat(np.arange("2013-01", "2013-09", dtype="datetime64[M]").astype("datetime64[h]"), 300)
    assert not silent(firsts, size, "2013-01-01", "2013-09-01"), "a snapshot a month"


@pytest.mark.parametrize("size", ["day", "week", "month"])
def test_a_yearly_closure_that_happened_before_is_no_silence(size):
    times = hourly("2011-01-01", "2014-01-01")
    for year, day in ((2011, 20), (2012, 16), (2013, 22)):
        times = without(times, f"{year}-07-{day}", str(np.datetime64(f"{year}-07-{day}") + np.timedelta64(21, "D")))
    found = sorted(silent(times, size, "2012-01-01", "2014-01-01"))
    assert not found
    dead = without(times, "2013-10-01T00", "2014-01-01")
    assert sorted(silent(dead, "month", "2012-01-01", "2014-01-01")) == ["2013-10", "2013-11", "2013-12"], "the closure makes no other month deaf"


def test_holidays_are_told_twice_and_known_then():
    times = working(hourly("2013-01-01", "2013-09-01"))
    holidays = ("2013-03-29", "2013-04-01", "2013-05-01", "2013-05-09", "2013-05-20")
    for day in holidays:
        times = without(times, day, str(np.datetime64(day) + 1))
    assert set(silent(times, "day", "2013-02-01", "2013-09-01")) == {"2013-03-29", "2013-04-01", "2013-05-01"}


def test_one_outage_of_long_ago_does_not_make_deaf():
    times = without(hourly("2012-01-01", "2013-08-06"), "2012-11-01", "2012-12-20")
    assert sorted(silent(times, "month", "2013-01-01", "2013-10-01")) == ["2013-08", "2013-09"]


def test_with_nothing_known_there_is_nothing_to_say():
    assert Silence().compare(Arrivals.of(np.array([], "datetime64[us]")), start=datetime(2013, 1, 1), end=datetime(2013, 2, 1)) is None
    assert Silence().compare(Arrivals.of(hourly("2013-03-01", "2013-04-01")), start=datetime(2013, 1, 1), end=datetime(2013, 2, 1)) is None
    assert Silence().compare(Arrivals.of(hourly("2013-01-01", "2013-01-01T01")), start=datetime(2013, 1, 1), end=datetime(2013, 2, 1)) is None


def test_what_came_after_the_window_plays_no_part():
    times = hourly("2013-01-01", "2013-08-06")
    later = np.concatenate([hourly("2013-11-03", "2014-01-01"), times])
    window = {"start": datetime(2013, 8, 1), "end": datetime(2013, 8, 1) + timedelta(days=31)}
    assert Silence().compare(Arrivals.of(times), **window) == Silence().compare(Arrivals.of(later), **window)
