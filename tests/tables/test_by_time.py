"""Rows by their time: half-open periods, windows, and where a table begins and ends."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from keepfit.records import Window
from keepfit.tables.by_time import between, closed_parts, end_of, rows_of, span_of

DAYS = pa.table({"t": [datetime(2026, 1, day) for day in (1, 2, 3, 10)], "x": [1, 2, 3, 10]})


@pytest.mark.parametrize(("start", "end", "kept"), [(None, None, [1, 2, 3, 10]), (2, None, [2, 3, 10]), (None, 2, [1]), (2, 10, [2, 3]), (2, 2, [])])
def test_a_period_holds_its_start_and_not_its_end(start, end, kept):
    bounds = [None if day is None else datetime(2026, 1, day) for day in (start, end)]
    assert between(DAYS, "t", *bounds)["x"].to_pylist() == kept


def test_a_row_without_a_time_lies_in_no_bounded_period():
    table = pa.table({"t": [datetime(2026, 1, 1), None]})
    assert (between(table, "t", datetime(2026, 1, 1), None).num_rows, between(table, "t", None, None).num_rows) == (1, 2)
    assert span_of(table, "t") == (datetime(2026, 1, 1), datetime(2026, 1, 1))


def test_windows_of_time_are_cut_up_to_those_that_close():
    found = closed_parts(DAYS, "t", "day", datetime(2026, 1, 4))
    assert [(window.id, part["x"].to_pylist()) for window, part in found] == [("2026-01-01", [1]), ("2026-01-02", [2]), ("2026-01-03", [3])]


def test_without_an_end_the_last_row_closes_the_windows_before_it():
    assert [window.id for window, _ in closed_parts(DAYS, "t", "week", None)] == ["2026-W01"]


def test_count_windows_are_cut_in_the_tables_order_and_the_last_rows_fill_none():
    assert [part["x"].to_pylist() for _, part in closed_parts(DAYS, "t", "3 rows", None)] == [[1, 2, 3]]


def test_a_table_without_rows_has_no_windows():
    assert closed_parts(DAYS.slice(0, 0), "t", "day", datetime(2026, 2, 1)) == []


def test_a_window_that_does_not_say_when_it_is_has_no_rows_by_time():
    assert rows_of(DAYS, "t", Window(id="rows-000001", source="live")).num_rows == 0


def test_a_window_ends_as_its_id_says_and_one_of_a_count_after_its_last_row():
    assert end_of("2026-01", DAYS, "t") == datetime(2026, 2, 1)
    assert end_of("rows-000001", DAYS, "t") == datetime(2026, 1, 10, 0, 0, 0, 1)
    assert end_of("rows-000001", DAYS.slice(0, 0), "t") == datetime(1970, 1, 1, 0, 0, 0, 1)
