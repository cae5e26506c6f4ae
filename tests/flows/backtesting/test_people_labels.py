"""Labels of people in a backtest: they judge from the first, and train from when they were known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keepfit.flows.backtesting.backtest import backtest
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import add_labels
from keepfit.records import Baseline, Label, to_json

PARAMS = """
model: {name: shops, task: regression, target: y}
data: {live: rows.csv, time: time, id: id, window: day, features: {x: numeric}}
train: {estimator: sklearn.linear_model.LinearRegression}
evaluate: {metric: mae}
"""
HOURS = range(24)
MEAN = 11.5


@pytest.fixture
def project(tmp_path):
    """y is day * x; the source says so."""
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text(to_json(Baseline()))
    lines = ["id,time,x,y", *(f"d{day}h{hour},2013-01-{day:02}T{hour:02}:00:00,{hour},{hour * day}" for day in range(1, 6) for hour in HOURS)]
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n")
    return Project(tmp_path)


def correct(project, *, known, selected=None, name="a"):
    """People say that on the third day y was 10 * x."""
    said = [Label(row=f"d3h{hour}", label=str(hour * 10), origin="gold", known_at=known, selected=selected) for hour in HOURS]
    add_labels(project, name, said)


def told(project, policy):
    found = backtest(Project(project.root), policies=["never", "calendar"])
    return {one.window[-2:]: round(one.values[policy] / MEAN, 6) for one in found.windows if one.values[policy] is not None}


def test_what_people_said_judges_and_trains_from_when_it_was_known(project):
    assert told(project, "never") == {"02": 1.0, "03": 2.0, "04": 3.0, "05": 4.0}
    correct(project, known=datetime(2013, 1, 3, 23, tzinfo=UTC))
    assert told(project, "never") == {"02": 1.0, "03": 9.0, "04": 3.0, "05": 4.0}
    # the mean slopes of the days before: 1, 1.5, (1 + 2 + 10) / 3, (1 + 2 + 10 + 4) / 4
    assert told(project, "calendar") == {"02": 1.0, "03": 8.5, "04": pytest.approx(1 / 3, abs=1e-5), "05": 0.75}


def test_what_was_not_known_yet_trains_nobody(project):
    correct(project, known=datetime(2013, 1, 4, 12, tzinfo=UTC))
    assert told(project, "calendar") == {"02": 1.0, "03": 8.5, "04": 2.0, "05": 0.75}


def test_rows_that_were_chosen_train_and_judge_nothing(project):
    correct(project, known=datetime(2013, 1, 3, 23, tzinfo=UTC), selected="active")
    assert told(project, "calendar") == {"02": 1.0, "04": pytest.approx(1 / 3, abs=1e-5), "05": 0.75}


def test_a_label_that_changes_trains_again_and_one_that_was_taken_back_is_found_again(project):
    before = told(project, "calendar")
    correct(project, known=datetime(2013, 1, 3, 23, tzinfo=UTC))
    assert told(project, "calendar") != before
    (project.root / "labels" / "a.csv").unlink()
    assert told(project, "calendar") == before
