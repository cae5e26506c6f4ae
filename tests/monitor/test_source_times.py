"""When rows came: a closed window stands for rows that the source has dropped."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa

from keepfit.monitor.source_times import arrivals, dropped, ordered_times
from keepfit.records import Window

HOURS = np.arange(np.datetime64("2013-01-01", "us"), np.datetime64("2013-01-05", "us"), np.timedelta64(1, "h"))
DAYS = [Window(id=f"2013-01-{day:02}", source="live", start=datetime(2013, 1, day), end=datetime(2013, 1, day + 1)) for day in range(1, 5)]


def column(times):
    return pa.chunked_array([pa.array(times, pa.timestamp("us"))])


def test_times_come_in_any_order():
    assert ordered_times(column(HOURS[::-1])).tolist() == HOURS.tolist()


def test_a_window_is_dropped_where_the_source_holds_fewer_of_its_rows():
    closed = dict.fromkeys(DAYS, 24)
    assert dropped(HOURS, closed) == ()
    assert dropped(HOURS[30:], closed) == (DAYS[0], DAYS[1])
    assert dropped(HOURS, {DAYS[0]: 23}) == ()


def test_what_was_kept_takes_the_place_of_what_the_source_still_shows():
    found = arrivals(HOURS[30:], [(DAYS[0], column(HOURS[:24])), (DAYS[1], column(HOURS[24:48]))])
    assert found.times.tolist() == HOURS.tolist()
    assert found.counts.tolist() == [1] * len(HOURS)
