"""Windows lie in their time: ids are names."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import DataError
from keepfit.records import Window
from keepfit.tables.windows import count_window_id, parse_window_id, window_of


def rows(number, start=None, end=None):
    return Window(id=count_window_id(number), source="rows.csv", start=start, end=end)


@pytest.mark.parametrize(
    "in_time",
    [
        ("2012-12", "2013-01", "2013-02"),
        ("2013-02-01", "2013-02", "2013-02-28", "2013-03"),
        ("2013-01", "2013-W06", "2013-W09", "2013-03"),
        ("0999-12", "1000-01"),
        ("rows-000009", "rows-000010"),
        ("rows-999999", "rows-1000000", "rows-1000001"),
    ],
)
def test_what_is_before_what_is_not_told_by_the_text_of_ids(in_time):
    windows = [parse_window_id(name) for name in in_time]
    assert sorted({*windows}, key=lambda window: window.order) == windows
    assert all(one.order < other.order and one.order <= other.order and other.order > one.order for one, other in pairwise(windows))


def test_windows_of_rows_that_begin_together_lie_by_their_number():
    at = datetime(2013, 2, 1)
    assert rows(999_999, at, at).order < rows(1_000_000, at, at).order
    assert rows(9).order < rows(10, at, at).order, "with its time or without"


def test_a_window_of_rows_lies_beside_one_of_time_by_its_time():
    february, march = parse_window_id("2013-02"), parse_window_id("2013-03")
    counted = rows(1, datetime(2013, 2, 20), datetime(2013, 3, 2))
    assert february.order < counted.order < march.order


def test_a_window_that_says_no_time_cannot_be_put_beside_one_that_does():
    with pytest.raises(DataError, match="says no time"):
        assert rows(1).order < parse_window_id("2013-02").order


@given(st.lists(st.tuples(st.sampled_from(["day", "week", "month"]), st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1))), max_size=12))
def test_windows_of_any_sizes_lie_in_the_order_of_their_starts(drawn):
    windows = sorted((window_of(size, at) for size, at in drawn), key=lambda window: window.order)
    assert [window.start for window in windows] == sorted(window.start for window in windows)


def test_a_number_is_a_count_windows_alone():
    assert (rows(7).number, parse_window_id("2013-02").number, Window(id="rows-7", source="").number) == (7, None, None)
