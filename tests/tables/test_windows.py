"""Windows tile time without gaps, and their ids say which."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import DataError, ParamsError
from keepfit.tables.windows import count_windows, number_of, parse_window_id, window_of, windows_between, windows_covering

TIMES = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1))
SIZES = st.sampled_from(["month", "week", "day"])


@given(SIZES, TIMES)
def test_a_time_lies_in_its_window_and_the_id_leads_back(size, t):
    window = window_of(size, t)
    assert window.start <= t < window.end
    assert parse_window_id(window.id) == window


@given(SIZES, TIMES, st.integers(0, 100))
def test_windows_follow_one_another_in_the_order_of_their_ids(size, start, days):
    found = windows_covering(size, start, start + timedelta(days=days))
    assert all(before.end == after.start for before, after in pairwise(found))
    assert [window.id for window in found] == sorted(window.id for window in found)
    assert all(window.end <= start + timedelta(days=days) for window in found)


@given(SIZES, TIMES, st.integers(0, 100))
def test_between_leaves_out_only_the_window_that_the_start_cuts(size, start, days):
    until = start + timedelta(days=days)
    covering, between = windows_covering(size, start, until), windows_between(size, start, until)
    assert between == tuple(window for window in covering if window.start >= start)


def test_an_iso_week_belongs_to_the_year_of_its_thursday():
    assert window_of("week", datetime(2021, 1, 3)).id == "2020-W53"
    assert window_of("week", datetime(2012, 12, 31)).id == "2013-W01"


def test_a_window_that_ends_at_until_is_closed():
    assert [window.id for window in windows_between("month", datetime(2013, 2, 1), datetime(2013, 3, 1))] == ["2013-02"]
    assert windows_between("month", datetime(2013, 2, 1), datetime(2013, 2, 28, 23, 59)) == ()


def test_until_before_the_start_is_no_window():
    assert windows_between("day", datetime(2013, 2, 1), datetime(2013, 1, 1)) == ()


@given(st.integers(1, 50), st.integers(0, 500), st.integers(0, 500))
def test_count_windows_are_full_and_hold_each_row_from_the_first_on(step, total, first):
    found = count_windows(f"{step} rows", total, begin=first, after=7)
    assert [window.first_row for window in found] == [first + step * number for number in range(len(found))]
    assert all(window.last_row - window.first_row == step and window.last_row <= total for window in found)
    assert [number_of(window.id) for window in found] == list(range(8, 8 + len(found)))
    assert all(parse_window_id(window.id) == replace(window, first_row=None, last_row=None) for window in found)
    # nothing full is left out
    assert len(found) == max(total - first, 0) // step


def test_a_count_id_alone_does_not_know_its_rows():
    assert parse_window_id("rows-000002").first_row is None


@pytest.mark.parametrize("text", ["", "2013", "2013-13", "2013-W54", "2013-02-30", "february", "rows-1", "../2013-02"])
def test_what_is_no_id_is_one_sentence(text):
    with pytest.raises(DataError, match="is no window's id"):
        parse_window_id(text)


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ParamsError):
        window_of("500 rows", datetime(2013, 1, 1))
    with pytest.raises(ParamsError):
        count_windows("month", 10)
