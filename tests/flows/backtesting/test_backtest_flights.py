"""Live monitoring is the last step of the very fold that a backtest runs: on the flights both say the same of every month."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from keepfit.flows.backtesting.backtest import backtest
from keepfit.flows.backtesting.cache import BacktestCache
from keepfit.flows.backtesting.courses import Courses
from keepfit.flows.backtesting.grid import Matrix
from keepfit.flows.backtesting.history import past_of
from keepfit.flows.init.init import InitRequest, init
from keepfit.flows.project import Project
from keepfit.flows.rows.windows import decide_window
from keepfit.update.policies import policy_of

README = Path(__file__).resolve().parents[3] / "README.md"


def told_by_the_demo():
    """The months of README's table, but for what a person asked for: (month, ground, AUC of the champion that served)."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in README.read_text(encoding="utf-8").splitlines() if re.match(r"\| 2013-\d\d \|", line)
    ]
    return [(row[0], row[2], f"{float(row[6]):.4f}") for row in rows if row[0] != "2013-01" and row[2] != "request" and row[6] != "–"]


@pytest.mark.long
def test_the_backtest_of_the_params_policy_is_what_the_demo_lived_through(tmp_path):
    init(InitRequest(folder=tmp_path / "flights"), ask=lambda _path, _diff: False, say=lambda _line: None)
    decide_window(Project(tmp_path / "flights"), "2013-12", "accept", "as in the demo", by="the demo")
    found = backtest(Project(tmp_path / "flights"), policies=["never", "calendar", "params"])
    assert [(one.window, f"{one.values['params']:.4f}") for one in found.windows] == [(month, value) for month, _, value in told_by_the_demo()]
    assert found.outcomes["params"].trainings == sum(ground in ("debt", "age", "harm") for _, ground, _ in told_by_the_demo())
    assert all(one.regret >= 0 for one in found.outcomes.values())
    ignored = subprocess.run(["git", "status", "--short"], cwd=tmp_path / "flights", check=True, capture_output=True, text=True)
    assert ignored.stdout == " M expectations/windows.yaml\n"


@pytest.mark.long
def test_without_a_decision_on_december_each_policy_of_ours_is_asked_for_one(tmp_path):
    init(InitRequest(folder=tmp_path / "flights"), ask=lambda _path, _diff: False, say=lambda _line: None)
    project = Project(tmp_path / "flights")
    decided = {one.window: one for one in decisions_of(project, "harm")}
    assert {name: one.ground for name, one in decided.items() if one.ground is not None} == {"2013-12": "quality"}


def decisions_of(project, policy):
    cache = BacktestCache(project.state / "backtest")
    return Courses(Matrix(project, past_of(project, None, cache), cache, lambda _: None)).of(policy_of(policy)).decisions
