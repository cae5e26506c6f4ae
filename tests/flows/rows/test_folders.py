"""Which windows an odd file holds back: those that its rows may lie in, and no other."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.errors import DataError
from keepfit.flows.rows.folders import read_folder
from keepfit.integrations.tables import read_table
from keepfit.tables.odd_files import may_hold
from keepfit.tables.windows import windows_covering


def write(folder, name, *times):
    parquet.write_table(pa.table({"t": [datetime(2026, *time) for time in times], "x": [1.0] * len(times)}), folder / name)


def held(folder, size="month"):
    found = read_folder(folder, read_table, where="here", time="t")
    windows = windows_covering(size, datetime(2026, 1, 1), datetime(2026, 7, 1))
    return [one.name for one in found.odd], [window.id for window in windows if any(may_hold(odd, window, all_after=False) for odd in found.odd)]


def test_a_month_between_two_months_is_its_own(tmp_path):
    for month in (1, 2, 4, 5):
        write(tmp_path, f"{month}.parquet", (month, 1), (month, 28, 23))
    (tmp_path / "3.parquet").write_bytes(b"")
    assert held(tmp_path) == (["3.parquet"], ["2026-03"])


def test_a_day_of_a_month_holds_its_month(tmp_path):
    for day in (*range(1, 15), *range(16, 28)):
        write(tmp_path, f"03-{day:02d}.parquet", (3, day, 1), (3, day, 23))
    (tmp_path / "03-15.parquet").write_bytes(b"")
    assert held(tmp_path) == (["03-15.parquet"], ["2026-03"])
    assert held(tmp_path, "day")[1] == ["2026-03-15"]


def test_the_last_file_holds_what_comes_after_the_others(tmp_path):
    for month in (1, 2, 3):
        write(tmp_path, f"{month}.parquet", (month, 1), (month, 28, 23))
    (tmp_path / "4.parquet").write_bytes(b"")
    assert held(tmp_path) == (["4.parquet"], ["2026-04", "2026-05", "2026-06"])


def test_a_file_whose_times_can_be_read_holds_just_those(tmp_path):
    write(tmp_path, "a.parquet", (1, 1), (1, 2), (5, 1))
    parquet.write_table(pa.table({"t": [datetime(2026, 2, 3)], "x": [[1]]}), tmp_path / "b.parquet")
    assert held(tmp_path) == (["b.parquet"], ["2026-02"])


def test_files_in_no_order_hold_nothing_back(tmp_path):
    write(tmp_path, "a.parquet", (5, 1))
    write(tmp_path, "c.parquet", (1, 1))
    (tmp_path / "b.parquet").write_bytes(b"")
    assert held(tmp_path) == (["b.parquet"], [])


def test_a_folder_of_odd_files_only_is_the_first_ones_error(tmp_path):
    for name in ("a.parquet", "b.parquet"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(DataError, match=r"a\.parquet is not readable Parquet"):
        read_folder(tmp_path, read_table, where="here")
