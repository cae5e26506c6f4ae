"""Recipes raced over a small history: what is judged is what runs once it is written, nothing is trained twice, and what cannot race says why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from click.testing import CliRunner
from tests.flows.backtesting.test_backtest import forbid

from keepfit import plugins
from keepfit.cli.backtest import backtest as command
from keepfit.errors import DataError, ParamsError, UnknownNameError
from keepfit.flows.backtesting.cache import BacktestCache
from keepfit.flows.backtesting.grid import Matrix
from keepfit.flows.backtesting.history import past_of
from keepfit.flows.backtesting.race import race_recipes
from keepfit.flows.backtesting.write import write_recipe
from keepfit.flows.models import training
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.project import Project
from keepfit.flows.stages.compose import run_compose
from keepfit.flows.stages.ingest import run_ingest
from keepfit.flows.stages.train import run_train
from keepfit.flows.stages.validate import run_validate
from keepfit.integrations.tables import write_parquet
from keepfit.params import load_params
from keepfit.records import Baseline, to_json
from keepfit.tables.frames import to_frame
from keepfit.update.backtest import Trained, named_recipe

PARAMS = """
model: {name: shops, task: regression, target: y}
data: {live: rows.csv, time: time, window: day, features: {x: numeric}, holdout_share: 0.2}
train: {estimator: sklearn.linear_model.LinearRegression}
evaluate: {metric: mae}
monitor: {min_rows: 10}
"""
OWN = "compose:\n  recipes:\n    fresh:\n      windows: {last: 1}\n"
DAYS = 10


def csv(slopes, noise=0.0):
    """y is x times the day's slope, and noise."""
    rng, lines = np.random.default_rng(0), ["time,x,y"]
    for day, slope in enumerate(slopes, start=1):
        for row in range(48):
            y = row // 2 * slope + noise * rng.normal()
            lines.append(f"2013-01-{day:02}T{row // 2:02}:{row % 2 * 30:02}:00,{row // 2},{y}")
    return "\n".join(lines) + "\n"


def made(folder, slopes, more="", *, noise=0.0):
    (folder / "params.yaml").write_text(PARAMS + more)
    (folder / "baseline.json").write_text(to_json(Baseline()))
    (folder / "rows.csv").write_text(csv(slopes, noise))
    return Project(folder)


@pytest.fixture
def moving(tmp_path):
    """A slope that grows by one a day: the last day is the best to learn from."""
    return made(tmp_path, range(1, DAYS + 1), OWN)


def values(found, name):
    return [round(one.values[name], 6) for one in found.windows]


def test_each_recipe_learns_up_to_the_window_before_the_one_that_judges_it(moving):
    found = race_recipes(moving, recipes=["all", "last1"])
    assert [one.window for one in found.windows] == [f"2013-01-{day:02}" for day in range(2, DAYS + 1)]
    assert values(found, "last1") == [11.5] * (DAYS - 1)  # yesterday's slope is one too small


def test_a_moving_world_is_learned_from_its_last_days_and_a_steady_one_from_all(moving, tmp_path):
    found = race_recipes(moving, recipes=["decay2", "last3", "last1"])
    assert (found.race.leader, found.race.chosen) == ("last1", "last1")
    assert list(found.race.recipes) == ["last1", "last3", "decay2"]
    (tmp_path / "steady").mkdir()
    steady = race_recipes(made(tmp_path / "steady", [1] * DAYS, noise=20.0), recipes=["last1", "last3"])
    assert steady.race.chosen == "all"


def test_recipes_of_params_race_by_their_name(moving):
    found = race_recipes(moving, recipes=["fresh", "last1"])
    assert values(found, "fresh") == values(found, "last1")


def test_a_second_race_trains_nothing_nor_does_the_policy_that_uses_the_winner(moving, monkeypatch):
    first = race_recipes(moving, recipes=["last1", "last3"])
    (moving.root / "params.yaml").write_text(PARAMS + OWN + "  use: last3\n")
    monkeypatch.setattr(training, "train_once", forbid)
    again = Project(moving.root)
    assert race_recipes(again, recipes=["last1", "last3"]).windows == first.windows
    assert race_recipes(again, recipes=["fresh"]).race.recipes["fresh"] == race_recipes(again, recipes=["last1"]).race.recipes["last1"]  # the same words
    cache = BacktestCache(again.state / "backtest")
    matrix = Matrix(again, past_of(again, None, cache), cache, lambda _: None)
    assert matrix.score(Trained("params", 3), 4) == first.windows[3].values["last3"]


def test_all_history_races_though_nobody_named_it(moving):
    assert race_recipes(moving, recipes=["last1"]).names == ["all", "last1"]


def test_a_name_that_stands_for_nothing_is_told_with_the_nearest(moving):
    with pytest.raises(UnknownNameError, match="no recipe 'frehs'"):
        race_recipes(moving, recipes=["all", "frehs"])


def test_all_history_alone_is_no_race(moving):
    with pytest.raises(ParamsError, match="there is no race of all alone"):
        race_recipes(moving, recipes=["all"])


def test_too_few_windows_are_told_before_anything_is_trained(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "train_once", forbid)
    with pytest.raises(DataError, match="a race needs 4 windows with labels after the first, there are 3"):
        race_recipes(made(tmp_path, range(4)), recipes=["last1"])


def test_a_recipe_that_cannot_be_trained_is_left_out_with_the_reason_and_the_others_race(tmp_path):
    text = PARAMS.replace("task: regression", "task: classification").replace("LinearRegression", "LogisticRegression").replace("mae", "roc_auc")
    (tmp_path / "params.yaml").write_text(text.replace("linear_model.LinearRegression", "linear_model.LogisticRegression"))
    (tmp_path / "baseline.json").write_text(to_json(Baseline()))
    rng, lines = np.random.default_rng(0), ["time,x,y"]
    for day in range(1, DAYS + 1):
        for row in range(48):
            x = rng.normal()
            lines.append(f"2013-01-{day:02}T{row // 2:02}:{row % 2 * 30:02}:00,{x},{0 if day == 4 else int(x + rng.normal() > 0)}")
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n")
    said = []
    found = race_recipes(Project(tmp_path), recipes=["last1", "last3"], say=said.append)
    assert found.names == ["all", "last3"]
    assert list(found.left_out) == ["last1"]
    assert "2013-01-04" not in [one.window for one in found.windows]  # one class decides no area under the curve
    assert any(line.startswith("recipe last1 is left out: ") for line in said)
    with pytest.raises(DataError, match="no recipe can race against all"):
        race_recipes(Project(tmp_path), recipes=["last1"])


def test_windows_before_the_first_labels_judge_nothing(tmp_path):
    project = made(tmp_path, range(1, DAYS + 1))
    lines = (tmp_path / "rows.csv").read_text().splitlines()
    (tmp_path / "rows.csv").write_text("\n".join([line.rsplit(",", 1)[0] + "," if "-01-01T" in line else line for line in lines]) + "\n")
    assert race_recipes(project, recipes=["last1"]).windows[0].window == "2013-01-03"


# -- as it is written -----------------------------------------------------------------------------------------------------


def test_what_raced_is_the_very_model_that_the_stages_train_once_it_is_written(moving):
    at = 6
    found = race_recipes(moving, recipes=["decay2", "last3"])
    cache = BacktestCache(moving.state / "backtest")
    past = past_of(moving, None, cache)
    for name in ("all", "decay2", "last3"):
        (moving.root / "params.yaml").write_text(PARAMS + "compose:\n  seed: 0\n")
        write_recipe(Project(moving.root), name)
        model = stages(Project(moving.root), past, at)
        raced = Matrix(moving, past, cache, lambda _: None).folder(Trained(named_recipe(name), at - 1))
        assert (model / "estimator.joblib").read_bytes() == (raced / "estimator.joblib").read_bytes()
        table = past.tables[at]
        scores = open_scorer(model, moving.params.train, None).score(to_frame(table))
        assert found.windows[at - 1].values[name] == pytest.approx(float(np.abs(scores - np.asarray(table["y"])).mean()), abs=1e-12)


def stages(project, past, at):
    """What `dvc repro` leaves once the windows up to `at` are closed and a retraining up to the one before is asked for."""
    root = project.root
    for folder in ("data/windows", "expectations", "models/champion", "reports"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "models/champion/NONE").touch()
    for window, table in list(zip(past.windows, past.tables, strict=True))[: at + 1]:
        write_parquet(table, root / f"data/windows/{window.id}.parquet")
    (root / "decision.json").write_text(json.dumps({"action": "improve", "target": past.windows[at - 1].end.isoformat()}))
    build, reports = root / "build", root / "reports"
    run_ingest(root, windows=root / "data/windows", out=build / "ingest")
    run_validate(root, ingest=build / "ingest", out=build / "validate", reports=reports)
    run_compose(root, ingest=build / "ingest", validate=build / "validate", out=build / "compose", reports=reports)
    run_train(root, table=build / "compose/train.parquet", composition=reports / "composition.json", out=root / "models/candidate")
    return root / "models/candidate"


@pytest.mark.parametrize("before", ["", "compose:\n  recent_windows: 2   # the newest\n  balance: none\n", "compose:\n  use: decay2   # was better once\n"])
def test_writing_a_recipe_changes_the_lines_that_say_something_else(tmp_path, before):
    project = made(tmp_path, range(1, DAYS + 1), before)
    diff = write_recipe(project, "last3")
    after = load_params((tmp_path / "params.yaml").read_text())
    assert (after.compose.use, after.compose.fields.get("recent_windows")) == ("last3", None)
    assert "+  use: last3" in diff
    assert "# " not in before or "# the newest" in diff or "# was better once" in diff
    assert write_recipe(Project(tmp_path), "last3") == ""


@dataclass(frozen=True, kw_only=True)
class Deep:
    """A sampler of another package, with a field of its own."""

    name: ClassVar[str] = "deep"
    depth: int = 1
    windows_needed: ClassVar[int | None] = None


def test_the_fields_of_a_sampler_of_another_package_go_with_it(tmp_path, monkeypatch):
    monkeypatch.setitem(plugins.BUILTIN["samplers"], "deep", f"{__name__}:Deep")
    project = made(tmp_path, range(3), "compose:\n  sampler: deep\n  depth: 3\n  seed: 1   # of draws\n")
    assert "-  depth: 3" in write_recipe(project, "last3")
    assert (tmp_path / "params.yaml").read_text().endswith("compose:\n  use: last3\n  sampler: recent\n  seed: 1   # of draws\n")


def test_all_history_is_what_a_project_without_recipes_says_already(moving):
    assert write_recipe(moving, "all") == ""


# -- the command ----------------------------------------------------------------------------------------------------------


def test_the_command_prints_both_tables_writes_the_winner_and_says_why(moving, monkeypatch):
    monkeypatch.chdir(moving.root)
    done = CliRunner().invoke(command, ["--recipes", "all, last1,last3", "--write", "--html", "race.html"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "+  use: last1" in done.stdout
    assert "last1 led on 2013-01-02 to 2013-01-07 and is surely better than all on 2013-01-08 to 2013-01-10" in done.stderr
    assert "last1 led on" in (moving.root / "race.html").read_text()
    assert "--write" not in done.stderr
    again = CliRunner().invoke(command, ["--recipes", "last1,last3", "--write", "--json"], catch_exceptions=False)
    assert json.loads(again.stdout)["chosen"] == "last1"
    assert "says so already" in again.stderr


def test_a_gain_that_is_not_sure_writes_all_history_in_place_of_what_was_there(tmp_path, monkeypatch):
    made(tmp_path, [1] * DAYS, "compose:\n  use: last1\n", noise=20.0)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command, ["--recipes", "last1", "--write"], catch_exceptions=False)
    assert "-  use: last1\n+  use: all" in done.stdout
    assert "is not surely better than all on 2013-01-08 to 2013-01-10" in done.stderr
    assert "it stays with all" in done.stderr


def test_without_write_it_says_what_write_would_do(moving, monkeypatch):
    monkeypatch.chdir(moving.root)
    before = (moving.root / "params.yaml").read_text()
    done = CliRunner().invoke(command, ["--recipes", "last1"], catch_exceptions=False)
    assert done.stderr.splitlines()[-1] == "keepfit: params.yaml composes otherwise; --write makes it use last1"
    assert (moving.root / "params.yaml").read_text() == before


def test_what_to_learn_from_and_when_are_two_questions(moving, monkeypatch):
    monkeypatch.chdir(moving.root)
    done = CliRunner().invoke(command, ["--recipes", "last1", "--policies", "never"])
    assert done.exit_code == 2
    assert "one question at a time" in done.stderr


def test_a_recipe_that_makes_rows_races_and_is_trained_anew_where_another_suite_looks_them_over(tmp_path):
    project = made(tmp_path, range(1, DAYS + 1), "compose:\n  recipes:\n    more: {augment: {jitter: {share: 1, within: 0.5}}}\n", noise=1.0)
    found = race_recipes(project, recipes=["all", "more"])
    assert found.left_out == {}
    assert values(found, "more") != values(found, "all")
    cache = BacktestCache(project.state / "backtest")
    past = past_of(project, None, cache)

    def keys():
        return [Matrix(project, past, cache, print).model_key(Trained(named_recipe(name), 3)) for name in ("more", "all")]

    more, every = keys()
    (tmp_path / "expectations/data").mkdir(parents=True)
    (tmp_path / "expectations/data/rows.json").write_text('{"name": "rows", "expectations": []}')
    assert keys() == [keys()[0], every]
    assert keys()[0] != more
