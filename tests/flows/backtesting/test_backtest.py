from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner

from keepfit.cli.watch import backtest as command
from keepfit.errors import DataError, KeepfitError
from keepfit.flows.backtesting.backtest import allowed_loss, backtest
from keepfit.flows.models import training
from keepfit.flows.project import Project
from keepfit.params import load_params
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
    assert ["mean", "–", "28.7500"] in [line.split()[:3] for line in table.stdout.splitlines()]
    told = json.loads(CliRunner().invoke(command, ["--json"]).stdout)
    assert told["policies"]["never"]["windows"][0] == {"window": "2013-01-02", "rows": 24, "value": 11.5}


PRICES = "backtest: {cost_per_training: 3, cost_per_alert: 1, value_per_point: 0.01}\n"
LIVELY = """monitor: {min_rows: 10}
update: {price: 0.1, harm_margin: 2.0, max_age_days: null}
compose: {recent_windows: 1}
"""


@pytest.fixture
def lively(project):
    (project.root / "params.yaml").write_text(PARAMS + LIVELY)
    return Project(project.root)


def forbid(*_args, **_options):
    raise AssertionError("trained again")


def test_our_policies_learn_from_the_newest_day_and_are_told_why(lively):
    found = backtest(lively)
    assert found.policies == ("never", "calendar", "harm", "debt", "all")
    values = {name: [round(one.values[name], 6) for one in found.windows] for name in found.policies}
    # the scout at the close of day 3 has learned day 2 (slope 2) and serves day 4: off by 2 x, not 3 x; then day 3's serves day 5
    assert values["debt"] == [11.5, 23.0, 23.0, 23.0]
    # an error that grows from hour to hour: 11.5 worse than on its first day is not surely more than the margin, 23 worse is
    assert values["harm"] == [11.5, 23.0, 34.5, 23.0]
    debt = found.outcomes["debt"]
    assert (debt.trainings, debt.scouts, debt.alerts) == (3, 3, 3)
    assert found.outcomes["harm"].scouts == 0


def test_regret_is_against_the_best_schedule_with_as_many_trainings(project):
    found = backtest(project, policies=["never", "calendar"])
    assert found.outcomes["never"].regret == pytest.approx(0.0)  # without a training there is nothing better than the first model
    assert found.outcomes["calendar"].regret == pytest.approx(0.0)  # each day's training is better than the one before
    assert (found.winner, found.priced) == ("calendar", False)
    assert [found.outcomes[name].trainings for name in ("never", "calendar")] == [0, 3]


def test_with_prices_the_winner_is_the_one_that_is_worth_most(project):
    (project.root / "params.yaml").write_text(PARAMS + PRICES)
    found = backtest(Project(project.root), policies=["never", "calendar"])
    never, calendar = found.outcomes["never"], found.outcomes["calendar"]
    assert (never.cost, never.net) == (0.0, 0.0)
    # a point is .01, so one unit of error a window is worth 1: saved are 5.75 + 11.5 + 17.25, paid are three trainings of 3
    assert (calendar.cost, calendar.net) == (pytest.approx(9.0), pytest.approx(34.5 - 9.0))
    assert never.regret == pytest.approx(25.5)
    assert calendar.regret == pytest.approx(0.0)
    assert (found.winner, found.priced) == ("calendar", True)


def test_trainings_that_cost_more_than_they_bring_lose(project):
    (project.root / "params.yaml").write_text(PARAMS + PRICES.replace("cost_per_training: 3", "cost_per_training: 300"))
    assert backtest(Project(project.root), policies=["calendar", "never"]).winner == "never"


def test_no_regret_is_negative(lively):
    assert all(one.regret >= -1e-9 for one in backtest(lively).outcomes.values())


def test_a_second_run_trains_nothing_and_says_the_same(lively, monkeypatch):
    first = backtest(lively)
    monkeypatch.setattr(training, "train_once", forbid)
    assert backtest(Project(lively.root)) == first


def test_clear_cache_forgets_what_was_trained(project, monkeypatch):
    backtest(project, policies=["never"])
    trained = []
    once = training.train_once
    monkeypatch.setattr(training, "train_once", lambda params, rows, out, **options: (trained.append(len(rows)), once(params, rows, out, **options)))
    backtest(Project(project.root), policies=["never"])
    assert trained == []
    backtest(Project(project.root), policies=["never"], afresh=True)
    assert trained == [24, 48, 72, 96], "the best in hindsight may have learned at any close"


def test_a_new_day_trains_only_what_is_new(project, monkeypatch):
    backtest(project, policies=["calendar"])
    (project.root / "rows.csv").write_text(csv(6))
    trained = []
    once = training.train_once
    monkeypatch.setattr(training, "train_once", lambda params, rows, out, **options: (trained.append(len(rows)), once(params, rows, out, **options)))
    backtest(Project(project.root), policies=["calendar"])
    assert trained == [24 * 5]


def test_other_rows_or_another_estimator_are_trained_anew(project, monkeypatch):
    backtest(project, policies=["never"])
    monkeypatch.setattr(training, "train_once", forbid)
    (project.root / "rows.csv").write_text(csv(5).replace("T00:00:00,0,0", "T00:00:00,0,1"))
    with pytest.raises(AssertionError, match="trained again"):
        backtest(Project(project.root), policies=["never"])
    (project.root / "rows.csv").write_text(csv(5))
    (project.root / "params.yaml").write_text(PARAMS.replace("LinearRegression", "Ridge"))
    with pytest.raises(AssertionError, match="trained again"):
        backtest(Project(project.root), policies=["never"])


def test_a_killed_run_goes_on_where_it_stopped(project, monkeypatch):
    once, left = training.train_once, [2]

    def killed(params, rows, out, **options):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return once(params, rows, out, **options)

    monkeypatch.setattr(training, "train_once", killed)
    with pytest.raises(KeyboardInterrupt):
        backtest(project, policies=["never", "calendar"])
    left[0] = 100
    backtest(Project(project.root), policies=["never", "calendar"])
    assert left[0] == 98  # four trainings on all history, two of which the killed run had done


def test_labels_that_decide_nothing_are_no_numbers_and_no_winner(project):
    rows = csv(3).splitlines()
    (project.root / "rows.csv").write_text("\n".join([*rows[:25], *(line.rpartition(",")[0] + "," for line in rows[25:])]) + "\n")
    found = backtest(project, policies=["never"])
    assert [(one.rows, one.values["never"]) for one in found.windows] == [(0, None), (0, None)]
    assert (found.winner, found.outcomes["never"].regret) == (None, None)


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("{}", 0.0),
        ("{r: {kind: not_worse_than, metric: mae, bound: 0.5}}", 0.5),
        ("{r: {kind: not_worse_than, metric: mse, bound: 0.5}}", 0.0),
        ("{r: {kind: not_worse_than, metric: mae, slice: 'a=*', bound: 0.5}}", 0.0),
    ],
)
def test_a_review_passes_what_the_overall_rule_allows(rules, allowed):
    assert allowed_loss(load_params(PARAMS.replace("evaluate: {metric: mae}", f"evaluate: {{metric: mae, rules: {rules}}}"))) == allowed


def test_write_puts_the_winner_into_params_and_prints_the_diff(project, monkeypatch):
    block = "update:\n  scout: true\n  max_age_days: 365\n  grounds: [harm, debt, age]\ncompose:\n  recent_windows: null\n"
    (project.root / "params.yaml").write_text(PARAMS + block)
    monkeypatch.chdir(project.root)
    done = CliRunner().invoke(command, ["--policies", "never,calendar", "--write"], catch_exceptions=False)
    assert "+  grounds: [age]\n" in done.stdout
    assert "the winner by mean mae is calendar" in done.stderr
    assert load_params((project.root / "params.yaml").read_text()).update.max_age_days == 1
    again = CliRunner().invoke(command, ["--policies", "never,calendar", "--write", "--json"], catch_exceptions=False)
    assert json.loads(again.stdout)["winner"] == "calendar"
    assert "says so already" in again.stderr
