"""The history of a backtest is checked as monitor checks windows: a feed that died blocks its last window there too."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from keepfit.flows.backtesting.cache import BacktestCache
from keepfit.flows.backtesting.history import past_of
from keepfit.flows.project import Project

PARAMS = """
model: {name: shops, task: regression, target: y}
data: {live: rows.csv, time: time, window: month, features: {x: numeric}}
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    times = pd.date_range("2013-01-01", "2013-08-06T16:00", freq="h", inclusive="left")
    later = pd.date_range("2013-11-01", "2014-01-01", freq="h", inclusive="left")
    times = times.append(later)
    pd.DataFrame({"time": times, "x": range(len(times)), "y": range(len(times))}).to_csv(tmp_path / "rows.csv", index=False)
    return Project(tmp_path)


def blocked(project, until=None):
    past = past_of(project, until, BacktestCache(project.state / "backtest"))
    return [window.id for window, check in zip(past.windows, past.checks, strict=True) if check.blocked]


def test_the_window_in_which_the_source_fell_silent_is_blocked(project):
    assert blocked(project) == ["2013-08"]


def test_what_a_person_accepted_is_not_blocked(project):
    (project.root / "expectations").mkdir()
    (project.root / "expectations" / "windows.yaml").write_text("2013-08: {verdict: accept, reason: closed, by: me}\n")
    assert blocked(project) == []


def test_the_last_window_is_open_where_nobody_says_until_when(project):
    rows = pd.read_csv(project.root / "rows.csv")
    rows[rows["time"] < "2013-12-06"].to_csv(project.root / "rows.csv", index=False)
    assert (blocked(project), blocked(project, datetime(2014, 1, 1))) == (["2013-08"], ["2013-08", "2013-12"])
