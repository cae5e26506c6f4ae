"""The score matrix: which rows train each recipe, and what a number is kept by."""

from __future__ import annotations

import pytest

from keepfit.compose.holdout import in_holdout
from keepfit.flows.backtesting.cache import BacktestCache
from keepfit.flows.backtesting.grid import Matrix
from keepfit.flows.backtesting.history import past_of
from keepfit.flows.models import training
from keepfit.flows.project import Project
from keepfit.records import Baseline, to_json
from keepfit.update.backtest import Trained

PARAMS = """
model: {name: shops, task: regression, target: y}
data: {live: rows.csv, time: time, id: id, window: day, features: {x: numeric}}
train: {estimator: sklearn.linear_model.LinearRegression}
evaluate: {metric: mae}
compose: {recent_windows: 1}
"""
HOURS = 24


def csv(days):
    lines = ["id,time,x,y"]
    for day in range(1, days + 1):
        lines += [f"{day}-{hour},2013-01-{day:02}T{hour:02}:00:00,{hour},{hour * day}" for hour in range(HOURS)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text(to_json(Baseline()))
    (tmp_path / "rows.csv").write_text(csv(4))
    return Project(tmp_path)


def matrix(project):
    opened, cache = Project(project.root), BacktestCache(project.root / "cache")
    return Matrix(opened, past_of(opened, None, cache), cache, lambda _: None)


@pytest.fixture
def trained(monkeypatch):
    """The ids of the rows of each training, in the order of the trainings."""
    seen, once = [], training.train_once
    monkeypatch.setattr(training, "train_once", lambda params, rows, out, **options: (seen.append(set(rows["id"])), once(params, rows, out, **options)))
    return seen


def test_all_history_is_every_row_up_to_the_window(project, trained):
    matrix(project).value(Trained("all", 1), 3)
    assert trained == [{f"{day}-{hour}" for day in (1, 2) for hour in range(HOURS)}]


def test_params_is_the_newest_window_without_the_holdout(project, trained):
    matrix(project).value(Trained("params", 1), 3)
    ids = [f"2-{hour}" for hour in range(HOURS)]
    held = in_holdout(ids, share=0.2, salt="keepfit")
    assert trained == [{name for name, out in zip(ids, held, strict=True) if not out}]


def test_a_window_that_a_person_excluded_trains_nothing(project, trained):
    (project.root / "expectations").mkdir()
    (project.root / "expectations/windows.yaml").write_text("2013-01-02: {verdict: exclude, reason: a broken sensor}\n")
    matrix(project).value(Trained("params", 1), 3)
    assert {name.split("-")[0] for name in trained[0]} == {"1"}


RULE = "rules: {a: {action: exclude, where: 'x < 3', author: ann, reason: why, expires: %s}}\n"


def test_rules_on_single_rows_are_part_of_the_recipe_and_of_no_other(project, trained):
    (project.root / "curation.yaml").write_text(RULE % "null")
    grid = matrix(project)
    grid.value(Trained("params", 1), 3)
    grid.value(Trained("all", 1), 3)
    assert {f"2-{hour}" for hour in range(3)} & trained[0] == set()
    assert {f"2-{hour}" for hour in range(3)} <= trained[1]


def test_another_rule_on_single_rows_trains_anew_and_another_reason_does_not(project, trained):
    model = Trained("params", 1)
    for text, trainings in ((RULE % "null", 1), (RULE.replace("why", "because") % "null", 1), (RULE.replace("3", "5") % "null", 2), ("rules: {}", 3)):
        (project.root / "curation.yaml").write_text(text)
        matrix(project).value(model, 3)
        assert len(trained) == trainings


def test_a_rule_that_has_expired_when_the_next_window_judges_leaves_the_rows_in(project, trained):
    for expires, out in (("2013-01-04", True), ("2013-01-03", False)):
        (project.root / "curation.yaml").write_text(RULE % expires)
        matrix(project).value(Trained("params", 1), 3)
        assert ("2-0" not in trained[-1] and "2-1" not in trained[-1]) == out


def test_a_value_is_the_metric_on_all_labelled_rows(project):
    found = matrix(project).value(Trained("all", 0), 2)
    assert (found.value, found.n) == (pytest.approx(23.0), HOURS)  # y is 3 x, learned was y = x
    assert found.low < 23.0 < found.high


def test_a_gain_is_positive_for_the_better_one_also_over_several_windows(project):
    grid = matrix(project)
    assert grid.gain(Trained("all", 0), Trained("all", 1), [2]).value == pytest.approx(0.5 * 11.5)
    both = grid.gain(Trained("all", 0), Trained("all", 1), [2, 3])
    assert (both.value, both.n) == (pytest.approx(0.5 * 11.5), 2 * HOURS)
    assert grid.gain(Trained("all", 1), Trained("all", 0), [2]).value == pytest.approx(-0.5 * 11.5)


@pytest.mark.parametrize(
    ("old", "new", "anew"),
    [
        ("compose:", "update: {reviews_a_year: 3}\ncompose:", False),
        ("{recent_windows: 1}", "{recent_windows: 2}", True),
        ("window: day,", "window: day, holdout_share: 0.4,", True),
    ],
    ids=["a threshold", "the composition", "the holdout"],
)
def test_only_what_a_training_depends_on_is_trained_anew(project, trained, old, new, anew):
    model = Trained("params", 2)
    matrix(project).value(model, 3)
    (project.root / "params.yaml").write_text(PARAMS.replace(old, new))
    matrix(project).value(model, 3)
    assert len(trained) == 1 + anew


def test_a_metric_is_measured_anew_without_a_training(project, trained):
    model = Trained("all", 0)
    mae = matrix(project).value(model, 2)
    (project.root / "params.yaml").write_text(PARAMS.replace("metric: mae", "metric: mse"))
    mse = matrix(project).value(model, 2)
    assert mse.value > mae.value
    assert len(trained) == 1


def test_the_holdout_of_a_window_is_hashed_once_for_all_models(project, monkeypatch):
    import keepfit.compose.holdout as holdout

    hashed, of = [], holdout.in_holdout
    monkeypatch.setattr(holdout, "in_holdout", lambda keys, **how: (hashed.append(len(keys)), of(keys, **how))[1])
    grid = matrix(project)
    for until in range(3):
        grid.gain(Trained("params", 0), Trained("params", until), [3], rows="outside the holdout")
    assert hashed == [HOURS] * 4
