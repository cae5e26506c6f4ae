from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from keepfit.errors import DataError, ParamsError, UnknownNameError
from keepfit.flows.stages.ingest import run_ingest
from keepfit.integrations.flights import flights_table
from keepfit.integrations.tables import read_table, write_parquet

OWN = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, features: {x: numeric}}\n"
FLIGHTS = "model: {name: m, task: classification, target: late}\ndata: {history: flights, as_of: '2013-02-01', live: flights, time: time, id: row_id}\n"


def project(root, params):
    (root / "params.yaml").write_text(params)
    (root / "data" / "windows").mkdir(parents=True)
    return root


def ingest(root):
    run_ingest(root, windows="data/windows", out="build/ingest")
    return {path.stem: path for path in sorted((root / "build" / "ingest").rglob("*.parquet"))}


def rows(**changes):
    return pa.table({"t": ["2013-02-02T05:00:00", "2013-02-01T05:00:00"], "x": [1.0, 2.0], "y": [1.0, None]} | changes)


def test_the_template_ingests_january_with_the_weather_up_to_its_end(tmp_path):
    found = ingest(project(tmp_path, FLIGHTS))
    assert sorted(found) == ["2013-01", "weather"]
    assert read_table(found["2013-01"]).num_rows == 27_004
    assert read_table(found["weather"])["time"].to_pylist()[-1] < datetime(2013, 2, 1)


def test_a_closed_window_joins_the_history_and_brings_its_weather(tmp_path):
    root = project(tmp_path, FLIGHTS)
    write_parquet(flights_table(start=datetime(2013, 2, 1), end=datetime(2013, 3, 1)), root / "data/windows/2013-02.parquet")
    found = ingest(root)
    assert sorted(found) == ["2013-01", "2013-02", "weather"]
    assert read_table(found["weather"])["time"].to_pylist()[-1] >= datetime(2013, 2, 28)


def test_a_window_that_the_history_holds_too_is_refused(tmp_path):
    root = project(tmp_path, FLIGHTS)
    write_parquet(flights_table(start=datetime(2013, 1, 1), end=datetime(2013, 2, 1)), root / "data/windows/2013-01.parquet")
    with pytest.raises(DataError, match="2013-01 is in data/windows and in the history"):
        ingest(root)


def test_twice_gives_the_same_bytes(tmp_path):
    root = project(tmp_path, OWN)
    write_parquet(rows(), root / "data/windows/2013-02.parquet")
    first = ingest(root)["2013-02"].read_bytes()
    assert ingest(root)["2013-02"].read_bytes() == first


def test_rows_get_ids_and_are_sorted_by_them(tmp_path):
    root = project(tmp_path, OWN)
    write_parquet(rows(), root / "data/windows/2013-02.parquet")
    ids = read_table(ingest(root)["2013-02"])["row_id"].to_pylist()
    assert ids == sorted(set(ids))


@pytest.mark.parametrize(
    ("params", "name", "table", "error", "says"),
    [
        (OWN, None, None, DataError, "no windows to learn from"),
        (OWN, "2013-02", rows().drop_columns(["x"]), UnknownNameError, "no column 'x'"),
        (OWN, "2013-02", rows(t=["1/2/2013", "2/2/2013"]), DataError, r"2013-02.parquet: the time column 't' is not ISO 8601"),
        (OWN, "february", rows(), DataError, "'february' is no window's id"),
        (FLIGHTS.replace("'2013-02-01'", "null"), None, None, ParamsError, "needs a last day"),
        (FLIGHTS.replace("2013-02-01", "2012-02-01"), None, None, DataError, "no flights before"),
    ],
)
def test_what_cannot_be_ingested_is_said(tmp_path, params, name, table, error, says):
    root = project(tmp_path, params)
    if table is not None:
        write_parquet(table, root / f"data/windows/{name}.parquet")
    with pytest.raises(error, match=says):
        ingest(root)


def test_a_missing_folder_of_windows_is_named(tmp_path):
    (tmp_path / "params.yaml").write_text(OWN)
    with pytest.raises(DataError, match="the folder of closed windows is missing"):
        ingest(tmp_path)


def test_a_window_that_cannot_be_read_leaves_what_was_ingested_before(tmp_path):
    root = project(tmp_path, OWN)
    write_parquet(rows(), root / "data/windows/2013-02.parquet")
    before = {name: path.read_bytes() for name, path in ingest(root).items()}
    (root / "data/windows/2013-03.parquet").write_bytes(b"no Parquet")
    with pytest.raises(DataError, match=r"2013-03.parquet"):
        ingest(root)
    assert {path.stem: path.read_bytes() for path in (root / "build/ingest/windows").iterdir()} == before
    assert [path.name for path in (root / "build").iterdir()] == ["ingest"]
