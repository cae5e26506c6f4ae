"""A backtest sees of a window what `monitor` would have seen: the same checks, the same drift, the same decision."""

import json
import shutil
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from tests.flows.monitoring.test_monitor import SUITE

from keepfit.flows.backtesting.cache import BacktestCache
from keepfit.flows.backtesting.courses import Courses
from keepfit.flows.backtesting.grid import Matrix
from keepfit.flows.backtesting.history import past_of
from keepfit.flows.backtesting.looks import Looks
from keepfit.flows.models import training
from keepfit.flows.monitoring import suite
from keepfit.flows.monitoring.champion import REFERENCE
from keepfit.flows.monitoring.monitor import monitor
from keepfit.flows.project import Project
from keepfit.monitor.champion import Champion
from keepfit.records import Baseline, Composition, Pin, canonical, to_json
from keepfit.update.backtest import Trained
from keepfit.update.policies import policy_of

FIRST = Trained("params", 0)
PARAMS = """
model: {name: clicks, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, window: month, holdout_share: 0, features: {x: numeric, c: categorical}}
compose: {recent_windows: 1}
train: {estimator: sklearn.linear_model.LogisticRegression}
evaluate: {metric: roc_auc, min_rows: 50}
monitor: {min_rows: 60, page_on_drift: true}
update: {harm_margin: 0.1, price: 0.01, max_age_days: null}
mlflow: {tracking_uri: "http://127.0.0.1:9"}
"""
BROKEN, MOVED, EXCLUDED, FLIPPED = 2, 3, 5, 6


def rows_of(month, *, n=400, sign=1, shift=0.0, nulls=0, wild=0):
    rng = np.random.default_rng(month)
    x, c = rng.normal(size=n), rng.choice(["a", "b"], size=n).astype(object)
    y = (rng.random(n) < 1 / (1 + np.exp(-2 * sign * x))).astype(int)
    x[:wild], c[:nulls] = 60, None
    times = pd.Timestamp(2013, month, 1) + pd.to_timedelta(np.sort(rng.uniform(0, 27 * 86400, n)).round(), unit="s")
    return pd.DataFrame({"id": [f"{month}-{i}" for i in range(n)], "t": times, "x": (x + shift).round(4), "c": c, "y": y})


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Seven months: sound, sound, broken, moved (and three rows to set aside), few rows, one that a person excluded, another relation."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text(to_json(Baseline()))
    (tmp_path / "expectations" / "data").mkdir(parents=True)
    (tmp_path / "expectations" / "data" / "rows.json").write_text(json.dumps(SUITE))
    (tmp_path / "expectations" / "windows.yaml").write_text("2013-06: {verdict: exclude, reason: a test}\n")
    months = [
        rows_of(1),
        rows_of(2),
        rows_of(3, nulls=120),
        rows_of(4, shift=0.8, wild=3),
        rows_of(5, n=30),
        rows_of(6, sign=-1),
        rows_of(7, sign=-1),
        rows_of(8, sign=-1),
    ]
    pd.concat(months).to_csv(tmp_path / "rows.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")
    return Project(tmp_path)


def matrix_of(project):
    opened, cache = Project(project.root), BacktestCache(project.state / "backtest")
    return Matrix(opened, past_of(opened, None, cache), cache, lambda _: None)


def promoted(project, matrix):
    """The project with the backtest's first model as its champion."""
    champion = project.root / "models" / "champion"
    shutil.copytree(matrix.folder(FIRST), champion)
    (champion / REFERENCE).write_bytes(canonical(Looks(matrix).champion(FIRST).reference))
    first = Composition(action="improve", basis="same-period", trained_from=None, trained_until=None, evaluated_from=None, evaluated_until=None, parts=())
    (champion / "composition.json").write_text(to_json(first))
    until = datetime(2013, 2, 1)
    pin = Pin(model="clicks", version="1", digest="sha256:" + "a" * 64, trained_until=until, evaluated_until=until, metric="roc_auc", value=0.9)
    (project.root / "baseline.json").write_text(to_json(Baseline(champion=pin)))
    return Project(project.root)


def unnamed(decision):
    """A decision whose champion has no version: a backtest's has none."""
    return replace(decision, reasons=tuple(reason.replace("since v1 was", "since the champion was") for reason in decision.reasons))


def test_until_the_first_promotion_every_decision_is_the_one_that_monitor_made(project):
    matrix = matrix_of(project)
    course = Courses(matrix).of(policy_of("params"))
    told = monitor(promoted(project, matrix), until=datetime(2013, 8, 1), say=lambda _: None)
    lived = {seen.window.id: seen.decision for seen in told.windows}
    assert lived.keys() == {f"2013-0{month}" for month in range(2, 8)}
    steps = [one for one in course.decisions if one.window < "2013-08"]
    assert [one.action for one in steps] == ["continue", "inspect", "inspect", "improve"]
    assert steps == [unnamed(lived[one.window]) for one in steps]
    assert {name for name, one in lived.items() if one.action == "continue"} - {one.window for one in steps} == {"2013-05", "2013-06"}
    tickets = {ticket.id for ticket in told.tickets}
    assert {f"{matrix.past.windows[at].id}-{ground}" for at, ground in course.alerts if at <= FLIPPED} == tickets


def test_rows_set_aside_are_nobodys_and_what_nobody_decided_on_trains_nobody(project):
    matrix = matrix_of(project)
    assert [table.num_rows for table in matrix.past.tables] == [400, 400, 400, 397, 30, 400, 400, 400]
    assert matrix.past.unusable == {"2013-03", "2013-06"}
    assert set(matrix.rows(Trained("params", BROKEN)).t.dt.month) == {2}
    assert set(matrix.rows(Trained("params", EXCLUDED)).t.dt.month) == {5}
    assert set(matrix.rows(Trained("params", BROKEN - 1)).t.dt.month) == {2}  # the broken month only has to be there
    assert matrix.labelled(BROKEN) == 400


def test_a_window_that_a_person_accepted_is_looked_at_and_learned_from(project):
    (project.root / "expectations" / "windows.yaml").write_text("2013-03: {verdict: accept, reason: it was the weather}\n")
    matrix = matrix_of(project)
    seen = Looks(matrix).look(FIRST, BROKEN, drift=True)
    assert (seen.judged.status, {one.kind for one in seen.evidence} >= {"data", "quality", "prediction"}) == ("seen", True)
    assert set(matrix.rows(Trained("params", BROKEN)).t.dt.month) == {3}


def test_the_first_window_trains_whatever_its_suite_says(project):
    text = (project.root / "rows.csv").read_text().splitlines()
    (project.root / "rows.csv").write_text("\n".join(line.replace(",a,", ",,") if ",2013-01" in f",{line.split(',')[1]}" else line for line in text) + "\n")
    matrix = matrix_of(project)
    assert matrix.past.checks[0].blocked
    assert "2013-01" not in matrix.past.unusable
    assert len(matrix.rows(FIRST)) == 400


def test_a_second_look_checks_and_counts_nothing_again(project, monkeypatch):
    def again(*_args, **_options):
        raise AssertionError("done again")

    first = Looks(matrix_of(project)).look(FIRST, MOVED, drift=True)
    monkeypatch.setattr(suite, "suite_broken", again)
    monkeypatch.setattr(training, "reference_for", again)
    monkeypatch.setattr(Champion, "profile", again)
    assert Looks(matrix_of(project)).look(FIRST, MOVED, drift=True) == first
