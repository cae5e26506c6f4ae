"""A champion that knows the hour and the month is monitored: by months and by numbers of rows, with slices and a suite that name time features."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from tests.flows.monitoring.test_monitor import PARAMS, by_window, pin, rows_of, run, write_rows

from keepfit.errors import DataError
from keepfit.flows.models.training import train_once
from keepfit.flows.project import Project

TIMED = PARAMS.replace("features: {x: numeric, c: categorical}", "features: {x: numeric, c: categorical}\n  time_features: [hour, weekday, month]")
SUITE = {
    "name": "rows",
    "expectations": [
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "hour", "min_value": 6},
            "severity": "critical",
            "meta": {"id": "nobody_clicks_at_night", "level": "row"},
        }
    ],
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """January's model; February to April as good as it."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    text = TIMED.replace("update: {", "update: {scout: false, ").replace("slices: {c: {min_rows: 50}}", "slices: {c: {min_rows: 50}, day_part: {min_rows: 50}}")
    (tmp_path / "params.yaml").write_text(text)
    (tmp_path / "expectations" / "data").mkdir(parents=True)
    (tmp_path / "expectations" / "windows.yaml").write_text("{}\n")
    train_once(Project(tmp_path).params, rows_of(1), tmp_path / "models" / "champion")
    pin(tmp_path)
    write_rows(tmp_path, rows_of(1), rows_of(2), rows_of(3), rows_of(4))
    return Project(tmp_path)


def test_months_come_and_nothing_drifts_by_the_calendar(project):
    told = run(project)
    assert [(seen.window.id, seen.status, seen.decision.action) for seen in told.windows][:3] == [
        ("2013-02", "seen", "continue"),
        ("2013-03", "seen", "continue"),
        ("2013-04", "seen", "continue"),
    ]
    compared = {one.subject for seen in told.windows for one in seen.evidence if one.kind == "data"}
    assert compared >= {"x", "c", "hour"}
    assert not compared & {"month", "weekday"}


def test_a_time_feature_slices_the_window_though_the_table_has_no_such_column(project):
    slices = {one.subject for one in by_window(run(project))["2013-02"].evidence if one.kind == "performance"}
    assert slices >= {"day_part=night", "day_part=morning", "day_part=afternoon", "day_part=evening", "c=a"}


def test_a_scout_knows_the_hour_that_its_champion_does_not(project):
    """The labels follow the hour from February on; the champion was trained without time features, params.yaml names them now."""
    text = project.root / "params.yaml"
    timed = text.read_text().replace("scout: false, ", "")
    text.write_text(timed.replace("\n  time_features: [hour, weekday, month]", ""))
    train_once(Project(project.root).params, rows_of(1), project.root / "models" / "champion")
    text.write_text(timed)
    months = [rows_of(month) for month in (2, 3, 4)]
    write_rows(project.root, rows_of(1), *(rows.assign(y=(rows["t"].dt.hour >= 12).astype(int)) for rows in months))
    april = by_window(run(project))["2013-04"]
    scout = next(one for one in april.evidence if one.kind == "scout")
    assert (scout.low or 0) > 0.2


def test_a_suite_may_name_a_time_feature(project):
    (project.root / "expectations" / "data" / "rows.json").write_text(json.dumps(SUITE))
    night = int((rows_of(2)["t"].dt.hour < 6).sum())
    assert by_window(run(project))["2013-02"].notes == (f"{night} rows set aside by row-level expectations",)


def test_in_windows_of_a_number_of_rows_no_hour_is_watched(project):
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("window: month", "window: 200 rows"))
    told = run(Project(project.root))
    assert len(told.windows) >= 6
    assert "hour" not in {one.subject for seen in told.windows for one in seen.evidence if one.kind == "data"}


def test_rows_with_a_column_of_the_name_are_refused_and_nothing_is_lost(project):
    write_rows(project.root, pd.concat([rows_of(1), rows_of(2)]).assign(hour=3))
    with pytest.raises(DataError, match=r"the table has a column 'hour', and params\.yaml derives a time feature of that name from 't'"):
        run(project)
    write_rows(project.root, rows_of(1), rows_of(2))
    assert by_window(run(project))["2013-02"].status == "seen"
