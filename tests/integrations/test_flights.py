from __future__ import annotations

from datetime import datetime
from zipfile import ZipFile

import pyarrow.compute as pc
import pytest

from keepfit.errors import DataError
from keepfit.integrations import flights
from keepfit.integrations.flights import flights_table, weather_table


def month(number):
    return flights_table(start=datetime(2013, number, 1), end=datetime(2013 + number // 12, number % 12 + 1, 1))


def test_january_has_27004_flights_with_their_weather_and_no_leak():
    table = month(1)
    assert table.num_rows == 27_004
    assert table["row_id"][0].as_py() == "2013-01-01-0515-EWR-UA1545"
    assert table["temp"][0].as_py() == 39.02
    assert not {"dep_time", "dep_delay", "arr_time"} & set(table.column_names)
    assert table["row_id"].to_pylist() == sorted(set(table["row_id"].to_pylist()))


def test_late_is_null_for_flights_that_never_arrived_and_else_15_minutes():
    table = flights_table(start=None, end=None)
    assert table.num_rows == 336_776
    assert table.num_rows - table["late"].null_count == 327_346
    assert round(pc.mean(table["late"]).as_py(), 3) == 0.245


def test_schedules_are_minutes_after_midnight():
    first = month(1).slice(0, 1).to_pylist()[0]
    assert (first["dep_minute"], first["arr_minute"], first["day_part"]) == (5 * 60 + 15, 8 * 60 + 19, "night")


def test_only_december_lacks_weather_for_more_than_two_percent_of_its_flights():
    without = {number: month(number)["temp"].null_count / month(number).num_rows for number in range(1, 13)}
    assert [number for number, share in without.items() if share > 0.02] == [12]


def test_the_raw_weather_holds_the_wind_of_1048_mph():
    table = weather_table(end=datetime(2013, 3, 1))
    row = table.filter(pc.greater(table["wind_speed"], 100)).to_pylist()
    assert [(one["row_id"], one["time"]) for one in row] == [("2013-02-12T08Z-EWR", datetime(2013, 2, 12, 3))]


def test_another_folder_may_be_named_for_other_labels(tmp_path, monkeypatch):
    folder, _ = flights._source()
    content = ZipFile(folder / "flights.csv.zip").read("flights.csv").decode().splitlines()
    with ZipFile(tmp_path / "flights.csv.zip", "w") as archive:
        archive.writestr("flights.csv", "\n".join([content[0], content[1].replace(",819,11,", ",819,99,")]))
    (tmp_path / "weather.csv").write_bytes((folder / "weather.csv").read_bytes())
    monkeypatch.setenv("KEEPFIT_FLIGHTS", str(tmp_path))
    assert flights_table(start=None, end=None)["late"].to_pylist() == [1.0]


def test_a_folder_without_the_files_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("KEEPFIT_FLIGHTS", str(tmp_path))
    with pytest.raises(DataError, match=r"no flights\.csv\.zip and weather\.csv"):
        flights_table(start=None, end=None)
