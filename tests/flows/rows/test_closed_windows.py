"""Closed windows come in the order of time, whatever their files are called."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.flows.project import Project
from keepfit.flows.rows.closed_windows import closed_windows, timed
from keepfit.integrations.tables import write_parquet
from keepfit.tables.windows import parse_window_id

PARAMS = """\
model: {name: m, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, features: {x: numeric}}
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    return Project(tmp_path)


def close(project, name, start, *, hours=48, place=".keepfit/windows"):
    rows = pa.table({"id": [f"{name}-{row}" for row in range(hours)], "t": [start + timedelta(hours=row) for row in range(hours)]})
    write_parquet(rows, project.root / place / f"{name}.parquet")


def test_windows_of_any_sizes_come_in_the_order_of_time(project):
    close(project, "2013-03", datetime(2013, 3, 1))
    close(project, "2013-02-28", datetime(2013, 2, 28), hours=24)
    close(project, "2013-02", datetime(2013, 2, 1), place="data/windows")
    close(project, "2013-W10", datetime(2013, 3, 4))
    assert [window.id for window in closed_windows(project)] == ["2013-02", "2013-02-28", "2013-03", "2013-W10"]


def test_a_window_of_rows_has_its_time_from_its_file(project):
    close(project, "rows-1000000", datetime(2013, 2, 3))
    close(project, "rows-999999", datetime(2013, 2, 1))
    close(project, "2013-01", datetime(2013, 1, 1))
    windows = list(closed_windows(project))
    assert [window.id for window in windows] == ["2013-01", "rows-999999", "rows-1000000"]
    assert (windows[1].start, windows[1].end) == (datetime(2013, 2, 1), datetime(2013, 2, 2, 23, 0, 0, 1))


def test_a_file_that_both_places_hold_is_one_window(project):
    close(project, "2013-02", datetime(2013, 2, 1))
    close(project, "2013-02", datetime(2013, 2, 1), place="data/windows")
    assert closed_windows(project) == {parse_window_id("2013-02", source="rows.csv"): project.root / "data/windows/2013-02.parquet"}


def test_a_window_of_rows_without_rows_or_file_has_its_number_only(project):
    close(project, "rows-000001", datetime(2013, 2, 1), hours=0)
    empty = project.root / ".keepfit/windows/rows-000001.parquet"
    for file in (empty, None):
        found = timed("rows-000001", file, project.params.data)
        assert (found.start, found.number) == (None, 1)


def test_a_file_that_is_named_for_no_window_is_one_sentence(project):
    close(project, "notes", datetime(2013, 2, 1))
    with pytest.raises(DataError, match="'notes' is no window's id"):
        closed_windows(project)
