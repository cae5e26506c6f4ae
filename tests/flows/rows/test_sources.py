from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.errors import DataError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.rows.sources import live_rows
from keepfit.integrations.tables import write_parquet
from keepfit.tables.by_time import between

PARAMS = "model: {name: m, task: regression, target: y}\ndata: {live: LIVE, time: t}\n"


def project(root, live, params=PARAMS):
    (root / "params.yaml").write_text(params.replace("LIVE", live))
    return Project(root)


def test_a_file_gives_its_rows_of_a_time_range_sorted(tmp_path):
    (tmp_path / "rows.csv").write_text("t,y\n2013-02-03,3\n2013-02-01,1\n2013-02-02,2\n")
    found = live_rows(project(tmp_path, "rows.csv"), start=datetime(2013, 2, 1), end=datetime(2013, 2, 3))
    assert found["y"].to_pylist() == [1.0, 2.0]


def test_a_folder_of_csv_and_parquet_is_one_stream(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.csv").write_text("t,y\n2013-02-02,2\n")
    write_parquet(pa.table({"y": [1.5], "t": [datetime(2013, 2, 1)], "new": ["x"]}), tmp_path / "in" / "a.parquet")
    (tmp_path / "in" / "notes.txt").write_text("not a table")
    stream = project(tmp_path, "in")
    assert live_rows(stream, start=None, end=None)["y"].to_pylist() == [1.5, 2.0]


def test_appending_rows_changes_no_id(tmp_path):
    (tmp_path / "rows.csv").write_text("t,y,n\n2013-02-01,,1\n2013-02-02,2,2\n")
    before = live_rows(project(tmp_path, "rows.csv"), start=None, end=None)["row_id"].to_pylist()
    (tmp_path / "rows.csv").write_text("t,y,n\n2013-02-01,7,1\n2013-02-02,2,2\n2013-02-03,2,\n")
    assert live_rows(project(tmp_path, "rows.csv"), start=None, end=None)["row_id"].to_pylist()[:2] == before


def test_the_flights_are_a_stream_too(tmp_path):
    found = live_rows(project(tmp_path, "flights"), start=datetime(2013, 2, 1), end=datetime(2013, 3, 1))
    assert found.num_rows == 24_951


@pytest.mark.parametrize(
    ("files", "live", "error", "says"),
    [
        ({}, "rows.csv", DataError, "no file rows.csv"),
        ({"in/.keep": ""}, "in", DataError, "the folder in holds no table"),
        (
            {"in/a.csv": "t,y\n2013-02-01,1\n", "in/b.csv": "t,y\n2013-02-01,x\n"},
            "in",
            DataError,
            "b.csv: the column 'y' holds string, in the other files int64",
        ),
        ({"in/a.csv": "t,y\nsoon,1\n"}, "in", DataError, "a.csv: the time column"),
        ({"rows.csv": "time,y\n2013-02-01,1\n"}, "rows.csv", UnknownNameError, "no column 't'"),
    ],
)
def test_what_is_no_stream_is_said(tmp_path, files, live, error, says):
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    with pytest.raises(error, match=says):
        live_rows(project(tmp_path, live), start=None, end=None)


FEATURES = "model: {name: m, task: regression, target: y}\ndata: {live: in, time: t, features: {x: numeric, m: categorical}}\n"


def test_a_column_that_begins_in_a_later_file_is_kept_and_told_and_whole_numbers_before_fractions_are_not_rounded(tmp_path):
    (tmp_path / "in" / "m=01").mkdir(parents=True)
    (tmp_path / "in" / "m=02").mkdir()
    (tmp_path / "params.yaml").write_text(FEATURES)
    write_parquet(pa.table({"t": [datetime(2013, 1, 1)], "y": [1]}), tmp_path / "in" / "m=01" / "a.parquet")
    write_parquet(pa.table({"t": [datetime(2013, 2, 1)], "y": [1.5], "x": [float("nan")], "other": [1]}), tmp_path / "in" / "m=02" / "b.parquet")
    (tmp_path / "in" / "m=02" / "c.csv").write_text("t,y,x\n2013-02-02,2,0.25\n")
    remarks = []
    found = live_rows(Project(tmp_path), start=None, end=None, remarks=remarks)
    assert found["y"].to_pylist() == [1.0, 1.5, 2.0]
    assert repr(found["x"].to_pylist()) == "[None, nan, 0.25]"
    assert found["m"].to_pylist() == ["01", "02", "02"]
    assert remarks == ["the column 'x' begins with m=02/b.parquet: it is NULL in the file before"]


NAMED = "model: {name: m, task: regression, target: y}\ndata: {live: in, time: t, id: id, timezone: America/New_York, features: {x: numeric, w: categorical}}\n"


@pytest.mark.parametrize("place", ["in", "in/b.parquet"])
def test_rows_of_a_period_are_those_that_the_whole_has_in_it_whatever_is_left_unread(tmp_path, place):
    """Times with a zone, a column that begins later, whole numbers beside fractions, words: read in part or whole, the rows are the same."""
    (tmp_path / "in").mkdir()
    days = [datetime(2013, 1, 1 + day, 3) for day in range(28)]
    first = pa.table({"id": range(28), "t": pa.array(days, pa.timestamp("ms", "UTC")), "y": range(28), "w": ["a", None] * 14})
    later = [day.replace(month=3) for day in days]
    more = {"y": [n / 2 for n in range(28)], "x": range(28)}
    second = pa.table({"id": [str(n) for n in range(100, 128)], "t": pa.array(later, pa.timestamp("us", "UTC")), **more})
    parquet.write_table(first, tmp_path / "in" / "a.parquet", row_group_size=7)
    parquet.write_table(second, tmp_path / "in" / "b.parquet", row_group_size=7)
    stream = project(tmp_path, place, NAMED.replace("live: in", f"live: {place}"))
    whole = live_rows(stream, start=None, end=None)
    for start, end in [
        (datetime(2013, 3, 2), None),
        (None, datetime(2013, 1, 20)),
        (datetime(2013, 3, 9), datetime(2013, 3, 12)),
        (datetime(2014, 1, 1), None),
    ]:
        assert live_rows(stream, start=start, end=end).equals(between(whole, "t", start, end))


def test_an_id_that_a_row_outside_of_the_period_has_too_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    write_parquet(pa.table({"id": [7, 8], "t": [datetime(2013, 1, 1)] * 2, "y": [1, 2]}), tmp_path / "in" / "a.parquet")
    write_parquet(pa.table({"id": [7, 9], "t": [datetime(2013, 3, 1)] * 2, "y": [1, 2]}), tmp_path / "in" / "b.parquet")
    with pytest.raises(DataError, match="1 ids in 'id' are there more than once: 7"):
        live_rows(project(tmp_path, "in", NAMED), start=datetime(2013, 2, 1), end=None)
