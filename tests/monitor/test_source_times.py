"""When rows came: a closed window stands for rows that the source has dropped."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.monitor.detectors.arrivals import Arrivals
from keepfit.monitor.detectors.silence import Silence
from keepfit.monitor.source_times import CountTimes, arrivals_of, dropped, with_kept
from keepfit.records import Window
from keepfit.tables.period_rows import Clock

HOURS = np.arange(np.datetime64("2013-01-01", "us"), np.datetime64("2013-01-05", "us"), np.timedelta64(1, "h"))
DAYS = [Window(id=f"2013-01-{day:02}", source="live", start=datetime(2013, 1, day), end=datetime(2013, 1, day + 1)) for day in range(1, 5)]


def column(times):
    return pa.chunked_array([pa.array(times, pa.timestamp("us"))])


def test_times_come_in_any_order():
    assert arrivals_of(column(HOURS[::-1])).times.tolist() == HOURS.tolist()


def test_a_window_is_dropped_where_the_source_holds_fewer_of_its_rows():
    closed = dict.fromkeys(DAYS, 24)
    assert dropped(arrivals_of(column(HOURS)), closed) == ()
    assert dropped(arrivals_of(column(HOURS[30:])), closed) == (DAYS[0], DAYS[1])
    assert dropped(arrivals_of(column(HOURS)), {DAYS[0]: 23}) == ()


def test_what_was_kept_takes_the_place_of_what_the_source_still_shows():
    found = with_kept(arrivals_of(column(HOURS[30:])), [(DAYS[0], column(HOURS[:24]), 24), (DAYS[1], column(HOURS[24:48]), 24)])
    assert found.times.tolist() == HOURS.tolist()
    assert found.counts.tolist() == [1] * len(HOURS)


def test_rows_that_were_drawn_stand_for_all_of_their_window():
    found = with_kept(counted(HOURS[30:]).arrivals, [(DAYS[0], column(HOURS[:24]), 24), (DAYS[1], column(HOURS[24:48:2]), 48)])
    assert [found.before(day.end) for day in DAYS] == [24, 72, 96, 120]


# -- counted where the rows are -----------------------------------------------------------------------------------------


def counted(times, *, cuts=(), until=None):
    table, look = pa.table({"t": pa.array(times, pa.timestamp("us"))}), CountTimes(Clock("t"), until)
    ends, state = [*cuts, table.num_rows], look.start(0)
    for begin, end in zip([0, *ends], ends, strict=False):
        state = look.join(state, look.add(look.start(begin), table.slice(begin, end - begin)))
    return look.found(state)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 96 * 3600), min_size=1, max_size=60), st.integers(0, 60))
def test_hours_counted_in_parts_say_of_windows_what_all_times_say(seconds, cut):
    times = np.datetime64("2013-01-01", "us") + np.array(seconds, "timedelta64[s]")
    whole, hourly = Arrivals.of(times), counted(times, cuts=[min(cut, len(times))])
    for day in DAYS:
        assert (hourly.arrivals.before(day.start), hourly.arrivals.before(day.end)) == (whole.before(day.start), whole.before(day.end))
        assert hourly.arrivals.last_before(day.end) == whole.last_before(day.end)
        assert Silence().compare(hourly.arrivals, start=day.start, end=day.end) == Silence().compare(whole, start=day.start, end=day.end)
    assert len(hourly.arrivals.times) == hourly.rows == len(times)
    assert hourly.span[1] == times.max().item()


def test_a_source_that_fell_silent_is_silent_by_its_hours():
    times = np.arange(np.datetime64("2013-01-01T00:20", "us"), np.datetime64("2013-08-06T15", "us"), np.timedelta64(1, "h"))
    august = {"start": datetime(2013, 8, 1), "end": datetime(2013, 9, 1)}
    assert Silence().compare(counted(times, cuts=[100]).arrivals, **august) == Silence().compare(Arrivals.of(times), **august) is not None


def test_rows_from_the_end_on_do_not_count_and_those_without_a_time_are_counted():
    found = counted([*HOURS, None], until=datetime(2013, 1, 2))
    assert (found.arrivals.before(datetime(2014, 1, 1)), found.rows, found.untimed) == (24, len(HOURS) + 1, 1)
    assert counted([]).span is None
