"""Count windows by the keys of what is closed; with files and a source that changes in tests/flows/rows/test_count_windows.py."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from keepfit.errors import ParamsError
from keepfit.params import load_params
from keepfit.tables.count_windows import CountWindows

PARAMS = load_params("model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t, id: id, window: 3 rows}\n")
UNTIL = datetime(2026, 2, 1)


def rows(*numbers):
    return pa.table({"t": [datetime(2026, 1, 1) + timedelta(hours=number) for number in numbers], "id": [f"r{number:02d}" for number in numbers]})


def windows(source, closed):
    return CountWindows(params=PARAMS, rows=source, closed=closed, keys=closed.__getitem__)


def test_open_windows_are_cut_before_between_and_after_the_closed_ones():
    closed = {"rows-000002": rows(3, 4, 5), "rows-000004": rows(9, 10, 11)}
    found = windows(rows(*range(15)), closed).since(None, UNTIL)
    assert [(one.id, one.first_row) for one in found] == [
        ("rows-000001", 0),
        ("rows-000002", None),
        ("rows-000003", 6),
        ("rows-000004", None),
        ("rows-000005", 12),
    ]


def test_rows_that_lie_before_the_last_closed_row_and_in_no_window_are_late():
    closed = {"rows-000001": rows(0, 2, 4), "rows-000002": rows(5, 6, 7)}
    found = windows(rows(*range(8)), closed)
    assert (found.late(1), found.late(2), found.late(3)) == (2, 0, 0)


def test_what_is_closed_is_not_cut_anew():
    with pytest.raises(ParamsError, match="the closed window rows-000001 holds 2 rows, not 3"):
        windows(rows(0, 1, 2), {"rows-000001": rows(0, 1)}).since(None, UNTIL)
