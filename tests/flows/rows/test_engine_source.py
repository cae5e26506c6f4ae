"""The live source as a table that stays with an engine: its windows, and what is wrong with it in one sentence."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import DataError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.rows.sources import live_rows, newest_rows, rows_of_ids
from keepfit.integrations.tables import write_parquet

PARAMS = """
model: {{name: m, task: classification, target: y}}
data: {{live: {{table: {table}, engine: {engine}}}, sample_rows: 1000, time: t, id: id, window: month, timezone: {zone}, features: {{x: numeric}}}}
"""
ROWS = 6_000


def project(root, *, table="lake", engine="local", zone="UTC"):
    (root / "params.yaml").write_text(PARAMS.format(table=table, engine=engine, zone=zone))
    return Project(root)


def rows(**changed):
    """Two months, an hour's rows four a quarter."""
    times = [datetime(2013, 1, 1) + timedelta(minutes=14 * row) for row in range(ROWS)]
    columns = {
        "id": [f"r{row}" for row in range(ROWS)],
        "t": pa.array(times, pa.timestamp("us")),
        "x": np.arange(ROWS, dtype=float),
        "y": np.arange(ROWS) % 2,
    }
    return pa.table({**columns, **changed})


@pytest.fixture
def root(tmp_path):
    write_parquet(rows(), tmp_path / "lake" / "all.parquet")
    return tmp_path


def test_of_each_window_so_many_rows_come_here_and_of_the_newest_alone(root):
    found = live_rows(project(root), start=None, end=None)
    months = [time.month for time in found["t"].to_pylist()]
    assert [months.count(month) for month in (1, 2)] == [1_000, 1_000]
    assert found["t"].to_pylist() == sorted(found["t"].to_pylist())
    newest = newest_rows(project(root), end=datetime(2013, 2, 20), most=400)
    assert newest.num_rows == 400
    assert newest["t"].to_pylist()[-1] < datetime(2013, 2, 20) < datetime(2013, 2, 21) > newest["t"].to_pylist()[0] > datetime(2013, 2, 1)


def test_rows_are_looked_up_by_their_ids_where_they_are(root):
    assert rows_of_ids(project(root), {"r7", "r5999", "nobody"})["id"].to_pylist() == ["r7", "r5999"]


def test_days_are_on_the_clock_of_the_timezone(root):
    write_parquet(rows(t=rows()["t"].cast(pa.timestamp("us", "UTC"))), root / "lake" / "all.parquet")
    found = live_rows(project(root, zone="Asia/Tokyo"), start=None, end=datetime(2013, 1, 2))
    assert found["t"].to_pylist() == [time + timedelta(hours=9) for time in rows()["t"].to_pylist() if time < datetime(2013, 1, 1, 15)]


def test_the_few_rows_without_a_time_lie_in_no_window_and_are_counted(root):
    times = rows()["t"].to_pylist()
    write_parquet(rows(t=pa.array([None, *times[1:]], pa.timestamp("us"))), root / "lake" / "all.parquet")
    untimed = []
    found = live_rows(project(root), start=None, end=datetime(2013, 1, 5), untimed=untimed)
    assert untimed == ["data.live: 1 row has no time and lies in no window"]
    assert "r0" not in found["id"].to_pylist()
    write_parquet(rows(t=pa.array([None] * 100 + times[100:], pa.timestamp("us"))), root / "lake" / "all.parquet")
    with pytest.raises(DataError, match="100 of 6,000 rows have no time in 't'"):
        live_rows(project(root), start=None, end=None)


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"t": None}, UnknownNameError, "no column 't'"),
        ({"id": pa.array([None, *(f"r{row}" for row in range(1, ROWS))])}, DataError, r"1 of 3,189 rows of window 2013-01 have no id"),
        ({"id": ["twice"] * ROWS}, DataError, "ids in 'id' are there more than once: twice"),
        ({"t": pa.array([True] * ROWS)}, DataError, "holds bool, not times"),
    ],
)
def test_what_is_wrong_with_the_table_is_one_sentence(root, changed, error, said):
    gone = [name for name, column in changed.items() if column is None]
    table = rows(**{name: column for name, column in changed.items() if column is not None}).drop_columns(gone)
    write_parquet(table, root / "lake" / "all.parquet")
    with pytest.raises(error, match=said):
        live_rows(project(root), start=None, end=None)


@pytest.mark.parametrize("engine", ["local", "duckdb"])
def test_no_such_table_and_an_empty_one(root, engine):
    with pytest.raises(DataError, match="no file nowhere"):
        live_rows(project(root, table="nowhere", engine=engine), start=None, end=None)
    write_parquet(rows().slice(0, 0), root / "lake" / "all.parquet")
    with pytest.raises(DataError, match="the table lake has no rows"):
        live_rows(project(root, engine=engine), start=None, end=None)
