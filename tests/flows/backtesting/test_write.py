"""The winner's settings in params.yaml: the lines that differ, nothing else, and they give what was told."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.flows.backtesting.test_backtest import PARAMS, RULES, csv

from keepfit.cli.backtest import backtest as command
from keepfit.errors import KeepfitError, ParamsError
from keepfit.flows.backtesting.backtest import backtest
from keepfit.flows.backtesting.write import OF_KIND, write_winner
from keepfit.flows.project import Project
from keepfit.params import load_params
from keepfit.records import Baseline, to_json

LINES = """compose:
  recent_windows: 2             # the newest
monitor:
  min_rows: 10
update:
  scout: true
  max_age_days: 90              # of the training data
  grounds: [harm, debt, age]    # what may ask
"""
DATA = "data: {live: rows.csv, time: time, window: day, features: {x: numeric}}\n"
SPREAD = "data:\n  live: rows.csv\n  time: time\n  window: day\n  features: {x: numeric}\n"
TEXT = PARAMS.replace("evaluate: {metric: mae}", RULES).replace(DATA, SPREAD) + LINES
POLICIES = ("never", "calendar", "harm", "debt", "age", "debt:3", "reviews:80", "params")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(TEXT)
    (tmp_path / "baseline.json").write_text(to_json(Baseline()))
    (tmp_path / "rows.csv").write_text(csv(6))
    return Project(tmp_path)


def changed(diff):
    return [line for line in diff.splitlines() if line[0] in "+-" and not line.startswith(("+++", "---"))]


def test_only_the_lines_that_differ_change_and_their_comments_stay(project):
    assert changed(write_winner(project, "harm").diff) == [
        "-  grounds: [harm, debt, age]    # what may ask",
        "+  grounds: [harm]               # what may ask",
    ]


@pytest.mark.parametrize("winner", POLICIES)
def test_what_is_written_gives_the_very_number_that_was_told(project, winner):
    told = backtest(project, policies=[winner]).outcomes[winner]
    written = write_winner(Project(project.root), winner)
    replayed = backtest(Project(project.root), policies=["params"]).outcomes["params"]
    assert written.score == replayed.score == pytest.approx(told.score, rel=1e-9)
    assert write_winner(Project(project.root), winner).diff == ""  # twice is once


def test_a_schedule_is_written_without_the_holdout_that_it_was_told_without(project):
    written = write_winner(project, "calendar")
    params = load_params((project.root / "params.yaml").read_text())
    assert (params.data.holdout_share, params.update.price, params.update.grounds) == (0.0, 0.0, ("debt",))
    assert params.compose.fields["recent_windows"] is None
    assert written.needs_holdout  # nobody is champion yet, and a first model is judged on the holdout


def test_what_the_rules_refuse_is_told_with_the_number(project):
    (project.root / "params.yaml").write_text(TEXT.replace("bound: 0.0}", "bound: 0.0}, small: {kind: at_most, metric: mae, bound: 0.5}"))
    written = write_winner(Project(project.root), "calendar")
    assert written.refused > 0
    assert written.score > backtest(Project(project.root), policies=["calendar"]).outcomes["calendar"].score


def test_what_params_say_already_is_no_diff(project):
    assert write_winner(project, "params").diff == ""
    assert (project.root / "params.yaml").read_text() == TEXT


def test_a_key_that_an_older_project_does_not_have_gets_a_line(project):
    (project.root / "params.yaml").write_text(TEXT.replace("  grounds: [harm, debt, age]    # what may ask\n", ""))
    assert changed(write_winner(project, "debt").diff) == ["+  grounds: [debt]"]


def test_a_section_that_is_not_there_is_added(project):
    (project.root / "params.yaml").write_text(TEXT[: TEXT.index("update:")])
    write_winner(project, "age")
    assert (project.root / "params.yaml").read_text().endswith("update:\n  grounds: [age]\n")


def test_a_section_on_one_line_is_named_and_nothing_is_written(project):
    short = TEXT[: TEXT.index("update:")] + "update: {scout: true}\n"
    (project.root / "params.yaml").write_text(short)
    with pytest.raises(ParamsError, match=r"'update.grounds' has no line of its own"):
        write_winner(project, "harm")
    assert (project.root / "params.yaml").read_text() == short


@pytest.mark.parametrize("name", ["every-2", "adwin", "cara:0.1"])
def test_a_baseline_is_no_setting(project, name):
    with pytest.raises(KeepfitError, match="is a baseline"):
        write_winner(project, name)
    assert (project.root / "params.yaml").read_text() == TEXT


@pytest.mark.parametrize("kind", OF_KIND)
def test_every_setting_that_may_be_written_can_be_read(project, kind):
    write_winner(project, {"reviews": "reviews:4"}.get(kind, kind))
    load_params((project.root / "params.yaml").read_text())


def test_the_command_prints_the_diff_and_what_the_file_gives_now(project, monkeypatch):
    monkeypatch.chdir(project.root)
    done = CliRunner().invoke(command, ["--policies", "never,calendar", "--write"], catch_exceptions=False)
    assert "+  grounds: [debt]" in done.stdout
    assert "the winner by mean mae is calendar" in done.stderr
    assert "as written, params.yaml gives a mean mae of" in done.stderr
    again = CliRunner().invoke(command, ["--policies", "never,calendar", "--write", "--json"], catch_exceptions=False)
    assert json.loads(again.stdout)["winner"] == "calendar"
    assert "says so already" in again.stderr
