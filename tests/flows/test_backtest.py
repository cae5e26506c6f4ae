from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner

from keepfit.cli.watch import backtest as command
from keepfit.errors import DataError, KeepfitError
from keepfit.flows.backtest import backtest
from keepfit.flows.project import Project
from keepfit.records import Baseline, to_json

PARAMS = """
model: {name: shops, task: regression, target: y}
data: {live: rows.csv, time: time, window: day, features: {x: numeric}}
train: {estimator: sklearn.linear_model.LinearRegression}
evaluate: {metric: mae}
"""


def csv(days):
    """y is x on the first day and day * x on later ones: who never learns again is off by more each day."""
    lines = ["time,x,y"]
    for day in range(1, days + 1):
        lines += [f"2013-01-{day:02}T{hour:02}:00:00,{hour},{hour * day}" for hour in range(24)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text(to_json(Baseline()))
    (tmp_path / "rows.csv").write_text(csv(5))
    return Project(tmp_path)


def test_never_is_the_first_windows_model_and_calendar_has_seen_all_before(project):
    found = backtest(project)
    assert [one.window for one in found.windows] == ["2013-01-02", "2013-01-03", "2013-01-04", "2013-01-05"]
    assert [round(one.values["never"], 6) for one in found.windows] == [11.5, 23.0, 34.5, 46.0]
    # the mean slope of the days before: 1, 1.5, 2, 2.5
    assert [round(one.values["calendar"], 6) for one in found.windows] == [11.5, 17.25, 23.0, 28.75]


def test_until_leaves_out_what_has_not_closed(project):
    assert [one.window for one in backtest(project, until=datetime(2013, 1, 3, 12)).windows] == ["2013-01-02"]
    with pytest.raises(DataError, match="1 closed windows"):
        backtest(project, until=datetime(2013, 1, 2))


def test_an_unknown_policy_is_named(project):
    with pytest.raises(KeepfitError, match="no policy 'callendar'"):
        backtest(project, policies=["callendar"])


def test_the_command_prints_a_table_or_one_json_object(project, monkeypatch):
    monkeypatch.chdir(project.root)
    table = CliRunner().invoke(command, ["--policies", "never"])
    assert table.exit_code == 0
    assert "| mean | – | 28.7500 |" in table.stdout
    told = json.loads(CliRunner().invoke(command, ["--json"]).stdout)
    assert told["policies"]["never"]["windows"][0] == {"window": "2013-01-02", "rows": 24, "value": 11.5}
