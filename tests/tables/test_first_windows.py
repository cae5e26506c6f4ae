"""The windows of an own table, and where a first model's training ends."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from keepfit.errors import DataError
from keepfit.tables.first_windows import first_windows

HOURS = pd.Series(pd.date_range("2026-01-01", "2026-05-10", freq="h"))
ALL = HOURS.notna()


@pytest.mark.parametrize(("until", "size"), [("2026-05-10", "month"), ("2026-02-10", "week"), ("2026-01-10", "day")])
def test_the_longest_size_that_closes_four_windows_is_taken(until, size):
    times = HOURS[until >= HOURS]
    assert first_windows(times, times.notna(), None).size == size


def test_the_first_training_ends_with_a_third_of_the_labels_and_leaves_a_window_to_live_through():
    assert first_windows(HOURS, ALL, "month").first_end() == datetime(2026, 3, 1)
    late = first_windows(HOURS, datetime(2026, 4, 2) <= HOURS, "month")
    assert (late.counts[:3], late.first_end()) == ((0, 0, 0), datetime(2026, 4, 1))


def test_an_end_that_is_asked_for_is_that_of_the_last_labelled_window_that_is_closed_by_then():
    found = first_windows(HOURS, datetime(2026, 3, 1) > HOURS, "month")
    assert found.end_by(datetime(2026, 4, 20)) == datetime(2026, 3, 1)
    with pytest.raises(DataError, match="no window with labels is closed by 2026-01-15; the first one ends on 2026-02-01"):
        found.end_by(datetime(2026, 1, 15))


def test_count_windows_end_just_after_their_last_row_in_whatever_order_the_rows_are():
    found = first_windows(HOURS.sample(frac=1, random_state=0, ignore_index=True), ALL, "1000 rows")
    assert (found.counts, found.usual_rows) == ((1000, 1000, 1000), 1000)
    assert found.ends[0] == HOURS[999].to_pydatetime().replace(microsecond=1)


def test_one_window_is_too_few():
    with pytest.raises(DataError, match="closes 1 windows of 'month'"):
        first_windows(HOURS[datetime(2026, 2, 2) > HOURS], ALL, "month")
