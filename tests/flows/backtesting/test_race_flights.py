"""On the flights of 2013, a sample of each month: all history wins `late`, recency wins `air_time` without weather, and how sure that is."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from keepfit.flows.backtesting.race import race_recipes
from keepfit.flows.init.init import InitRequest, init
from keepfit.flows.project import Project
from keepfit.integrations.flights import flights_table
from keepfit.integrations.tables import write_parquet
from keepfit.integrations.yaml_files import put

A_MONTH = 2000
FEW = 20


@pytest.fixture(scope="module")
def sample():
    """Flights of each month that arrived."""
    return drawn_flights(A_MONTH)


def drawn_flights(a_month):
    """The same number of flights of each month, drawn by a fixed seed."""
    table = flights_table(start=None, end=None)
    table = table.filter(pc.is_valid(table["late"]))
    month = pc.month(table["time"]).to_numpy()
    rng = np.random.default_rng(0)
    drawn = [rng.choice(np.flatnonzero(month == each), a_month, replace=False) for each in range(1, 13)]
    return table.take(pa.array(np.sort(np.concatenate(drawn))))


def race(folder, sample, task, *, weather, recipes, window="month", until=None):
    """Race in a project of the template whose live source is the sample, with fewer iterations."""
    init(InitRequest(folder=folder, task=task, weather=weather), ask=lambda _path, _diff: False, say=lambda _line: None)
    write_parquet(sample, folder / "sample.parquet")
    params = folder / "params.yaml"
    text = put(put(params.read_text(), "data.live", "sample.parquet"), "train.params.max_iter", FEW)
    params.write_text(put(text, "data.window", window))
    return race_recipes(Project(folder), recipes=recipes, until=until)


def later(found):
    """The mean metric by recipe over April to December."""
    return {name: np.mean([one.values[name] for one in found.windows if one.window >= "2013-04"]) for name in found.names}


@pytest.mark.long
def test_all_history_wins_late(tmp_path, sample):
    found = race(tmp_path / "late", sample, "late", weather=True, recipes=["all", "last1", "last3"])
    means = later(found)
    assert means["all"] > means["last3"] > means["last1"]
    assert found.race.chosen == "all"


def test_recency_wins_air_time_without_weather_but_not_from_october_on(tmp_path, sample):
    found = race(tmp_path / "air", sample, "air_time", weather=False, recipes=["all", "last1", "last3"])
    means = later(found)
    assert means["last1"] < means["last3"] < means["all"]  # minutes of error
    assert found.race.leader in ("last1", "last3")
    assert found.race.recipes[found.race.leader].ranked > 0.2  # minutes
    worst = min(one.values["all"] - one.values["last1"] for one in found.windows if one.window in ("2013-10", "2013-11"))
    assert worst < 0  # as the world of the summer goes, so does the gain: four windows that differ decide nothing
    assert found.race.chosen == "all"


@pytest.mark.long
def test_by_weeks_up_to_september_recency_is_surely_better_for_air_time(tmp_path):
    recipes = ["all", "last4", "last8"]
    found = race(tmp_path / "air", drawn_flights(4000), "air_time", weather=False, recipes=recipes, window="week", until=datetime(2013, 9, 2))
    assert (found.race.windows, found.race.ranking) == (34, 22)
    assert (found.race.leader, found.race.chosen) == ("last8", "last8")
    assert found.race.recipes["last8"].rest.low > 0.2  # minutes, on 12 weeks that had no part in the choice
