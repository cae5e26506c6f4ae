"""`keepfit monitor` on a small real project: a table with a drift, a trained champion, SQLite, no server."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from keepfit.compose.holdout import in_holdout
from keepfit.flows.models.training import train_once
from keepfit.flows.monitoring.monitor import monitor
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import acknowledge, ledger_of, list_tickets, resolve
from keepfit.records import Baseline, Composition, Pin, to_json
from keepfit.report.monitoring import window_data, windows_table

AWAY = "http://127.0.0.1:9"
PARAMS = """
model: {name: clicks, task: classification, target: y}
data:
  live: rows.csv
  time: t
  id: id
  window: month
  features: {x: numeric, c: categorical}
compose: {recent_windows: 1}
train:
  estimator: sklearn.linear_model.LogisticRegression
  params: {}
evaluate: {metric: roc_auc, slices: {c: {min_rows: 50}}, min_rows: 50}
monitor: {min_rows: 60}
update: {harm_margin: 0.1, price: 0.1, max_age_days: null}
mlflow: {tracking_uri: "http://127.0.0.1:9"}
"""
SUITE = {
    "name": "rows",
    "expectations": [
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "x", "max_value": 50},
            "severity": "critical",
            "meta": {"id": "a_sane_x", "level": "row"},
        },
        {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "c", "mostly": 0.9},
            "severity": "critical",
            "meta": {"id": "c_is_known", "level": "batch"},
        },
    ],
}
DIGEST = "sha256:" + "a" * 64


def rows_of(month, *, n=400, flipped=False, seed=0):
    rng = np.random.default_rng((month, seed))
    x, c = rng.normal(size=n), rng.choice(["a", "b"], size=n)
    chance = 1 / (1 + np.exp(-(-2 if flipped else 2) * x))
    times = pd.Timestamp(2013, month, 1) + pd.to_timedelta(np.sort(rng.uniform(0, 27 * 86400, n)).round(), unit="s")
    return pd.DataFrame({"id": [f"{month}-{i}" for i in range(n)], "t": times, "x": x.round(4), "c": c, "y": (rng.random(n) < chance).astype(int)})


def write_rows(root, *months):
    pd.concat(months).to_csv(root / "rows.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """January's model, trained once for all tests."""
    root = tmp_path_factory.mktemp("trained")
    (root / "params.yaml").write_text(PARAMS)
    train_once(Project(root).params, rows_of(1), root / "champion")
    return root / "champion"


@pytest.fixture
def project(tmp_path, trained, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)  # MLflow makes a folder where it stands
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "champion").symlink_to(trained)
    (tmp_path / "expectations" / "data").mkdir(parents=True)
    (tmp_path / "expectations" / "windows.yaml").write_text("{}\n")
    pin(tmp_path)
    write_rows(tmp_path, rows_of(1), rows_of(2), rows_of(3), rows_of(4, flipped=True), rows_of(5, flipped=True))
    return Project(tmp_path)


def pin(root, **changes):
    champion = Pin(
        model="clicks", version="1", digest=DIGEST, trained_until=datetime(2013, 2, 1), evaluated_until=datetime(2013, 2, 1), metric="roc_auc", value=0.9
    )
    (root / "baseline.json").write_text(to_json(Baseline(champion=replace(champion, **changes))))


def with_suite(project):
    (project.root / "expectations" / "data" / "rows.json").write_text(json.dumps(SUITE))


def decide(project, window, verdict, reason="looked at it"):
    from keepfit.flows.rows.windows import decide_window

    decide_window(project, window, verdict, reason)


def run(project, until=datetime(2013, 6, 1), said=None):
    return monitor(Project(project.root), until=until, say=(said if said is not None else []).append)


def by_window(told):
    return {seen.window.id: seen for seen in told.windows}


def test_each_closed_window_after_the_champions_data_is_judged(project):
    told = run(project, until=datetime(2013, 4, 1))
    assert [(seen.window.id, seen.rows, seen.labelled, seen.decision.action) for seen in told.windows] == [
        ("2013-02", 400, 400, "continue"),
        ("2013-03", 400, 400, "continue"),
    ]
    february = told.windows[0]
    assert february.low < february.value < february.high
    assert 0.8 < february.value < 0.95
    assert told.exit_code == 0


def test_the_evidence_covers_data_prediction_target_performance_and_slices(project):
    evidence = run(project, until=datetime(2013, 3, 1)).windows[0].evidence
    assert {one.kind for one in evidence} >= {"data", "prediction", "target", "performance", "age"}
    assert [one.subject for one in evidence if one.kind == "performance"] == ["overall", "overall", "overall", "c=a", "c=b", "errors"]
    told = [one for one in evidence if one.kind == "performance"][1:3]
    assert [(one.detector, one.effect) for one in told] == [("error_rate", None), ("calibration", None)]
    assert all(0 <= one.statistic < 1 for one in told)
    assert [one.effect for one in evidence if one.kind == "scout"] == [0.0], "the champion has seen all that came before February"


def test_errors_are_watched_day_by_day_against_the_first_labelled_window(project):
    windows = by_window(run(project))
    errors = {name: next(one for one in seen.evidence if one.subject == "errors") for name, seen in windows.items()}
    assert errors["2013-02"].detail == "calibrating: 27 labelled windows say what is normal, 8 are needed"
    assert errors["2013-03"].e_value < 1000 < errors["2013-04"].e_value
    assert errors["2013-04"].effect > 0.3
    assert {"errors of c=a", "errors of c=b"} <= {one.subject for one in windows["2013-04"].evidence}


def test_each_window_leaves_a_page_with_its_numbers(project):
    run(project, until=datetime(2013, 3, 1))
    (page,) = (project.state / "reports").iterdir()
    text = page.read_text()
    assert page.name == "2013-02-aaaaaaaaaaaa.html"
    assert "<script" not in text
    assert "champion against its promise" in text


def test_a_first_model_is_held_to_its_first_labelled_window(project):
    """Its certified value comes from days it was trained on; held to that, every window would be harm."""
    of_the_same_period(project)
    windows = by_window(run(project, until=datetime(2013, 5, 1)))
    promises = {name: next(one for one in seen.evidence if one.kind == "performance") for name, seen in windows.items()}
    assert promises["2013-02"].effect is None
    assert promises["2013-03"].effect == pytest.approx(windows["2013-03"].value - windows["2013-02"].value)
    assert windows["2013-04"].decision.cause == "harm:overall"


def test_a_few_labels_are_no_promise_to_be_held_to(project):
    """Forty of February's rows have a label when March closes, fewer than monitor.min_rows: what they say by chance is not what to expect."""
    of_the_same_period(project)
    february, march = rows_of(2), rows_of(3)
    write_rows(project.root, rows_of(1), february.assign(y=february["y"].where(february.index < 40)), march, rows_of(4))
    windows = by_window(run(project, until=datetime(2013, 5, 1)))
    promises = {name: next(one for one in seen.evidence if one.kind == "performance") for name, seen in windows.items()}
    assert (windows["2013-02"].labelled, windows["2013-02"].value is None) == (40, False)
    assert promises["2013-03"].effect is None
    assert promises["2013-04"].effect == pytest.approx(windows["2013-04"].value - windows["2013-03"].value)


def of_the_same_period(project):
    """Make the champion a first model, judged on days that it was trained on."""
    copied = project.root / "copied"
    shutil.copytree(project.root / "models" / "champion", copied)
    (project.root / "models" / "champion").unlink()
    copied.rename(project.root / "models" / "champion")
    (project.root / "models" / "champion" / "composition.json").write_text(to_json(same_period()))
    pin(project.root, value=0.999)


def same_period():
    return Composition(action="improve", basis="same-period", trained_from=None, trained_until=None, evaluated_from=None, evaluated_until=None, parts=())


def test_a_broken_relation_opens_one_ticket_of_one_cause(project):
    told = run(project)
    windows = by_window(told)
    assert [windows[name].decision.action for name in ("2013-03", "2013-04", "2013-05")] == ["continue", "improve", "improve"]
    assert [(ticket.id, ticket.cause, ticket.target) for ticket in told.tickets] == [("2013-04-harm", "harm:overall", "2013-04-01T00:00:00")]
    assert windows["2013-05"].ticket == "2013-04-harm"
    assert told.exit_code == 3
    assert any("keepfit improve 2013-04-harm" in line for line in told.hints)


def test_a_debt_that_reaches_its_price_opens_one_ticket_that_says_what_a_retraining_is_worth(project):
    pin(project.root, value=None)
    told = run(project)
    scouts = {seen.window.id: one for seen in told.windows for one in seen.evidence if one.kind == "scout"}
    assert scouts.keys() == {"2013-02", "2013-03", "2013-04", "2013-05"}
    assert (scouts["2013-02"].effect, scouts["2013-02"].detail) == (0.0, "a retraining would be the champion itself")
    assert scouts["2013-03"].effect == pytest.approx(0, abs=0.02)
    assert scouts["2013-05"].low > 0.05
    assert 250 < scouts["2013-05"].n < 400, "the permanent holdout judges nothing"
    assert [ticket.ground for ticket in told.tickets] == ["debt"]
    assert "since v1 was promoted, a retrained model would have gained" in told.tickets[0].reasons[0]
    assert told.tickets[0].reasons[0].endswith("one retraining is worth 0.1")


def test_a_second_run_finds_the_work_done(project):
    first, second = run(project), run(project)
    assert second.windows == first.windows
    assert (second.fresh, second.tickets, second.exit_code) == (0, (), 0)


def test_what_catches_up_decides_as_what_came_every_month(project, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    for name in ("params.yaml", "baseline.json", "rows.csv", "models", "expectations"):
        (other / name).symlink_to(project.root / name)
    for month in (3, 4, 5, 6):
        monthly = run(Project(other), until=datetime(2013, month, 1))
    at_once = run(project)
    assert [seen.decision for seen in monthly.windows] == [seen.decision for seen in at_once.windows]


def test_another_champion_sees_the_windows_anew_and_closes_the_old_tickets(project):
    run(project)
    pin(project.root, version="2", digest="sha256:" + "b" * 64, trained_until=datetime(2013, 4, 1), evaluated_until=datetime(2013, 5, 1))
    told = run(project)
    assert [(seen.window.id, seen.version) for seen in told.windows] == [("2013-05", "2")]
    assert [(ticket.id, ticket.status) for ticket in list_tickets(project, every=True)] == [("2013-04-harm", "resolved"), ("2013-05-harm", "open")]


def test_rows_that_have_not_come_yet_are_waited_for(project):
    assert [seen.window.id for seen in run(project, until=datetime(2013, 7, 5)).windows] == ["2013-02", "2013-03", "2013-04", "2013-05"]
    write_rows(project.root, rows_of(1), rows_of(2), rows_of(5), rows_of(7))
    told = run(project, until=datetime(2013, 9, 1))
    assert [(seen.window.id, seen.rows) for seen in told.windows][-2:] == [("2013-06", 0), ("2013-07", 400)]


def test_far_fewer_rows_than_before_are_told_and_ask_for_nothing(project):
    write_rows(project.root, rows_of(1), *(rows_of(month, n=n) for month, n in ((2, 400), (3, 410), (4, 395), (5, 403), (6, 400), (7, 150))))
    july = run(project, until=datetime(2013, 8, 1)).windows[-1]
    (told,) = [one for one in july.evidence if one.detector == "volume"]
    assert (told.effect, told.detail) == (0, "150 rows, 402 expected")
    assert july.notes == ("unusual number of rows: 150 rows, 402 expected",)
    assert july.decision.action == "continue"


def test_a_closed_window_keeps_its_rows(project):
    run(project, until=datetime(2013, 3, 1))
    closed = project.state / "windows" / "2013-02.parquet"
    before = closed.read_bytes()
    write_rows(project.root, rows_of(1), rows_of(2, seed=1), rows_of(3))
    run(project, until=datetime(2013, 4, 1))
    assert closed.read_bytes() == before
    assert sorted(path.name for path in closed.parent.iterdir()) == ["2013-02.parquet", "2013-03.parquet"]


def test_too_few_rows_are_undecided_and_exit_4(project):
    write_rows(project.root, rows_of(1), rows_of(2, n=20))
    told = run(project, until=datetime(2013, 3, 1))
    assert told.exit_code == 4
    assert told.windows[0].notes == ("20 rows are too few to judge, 60 are needed",)
    assert told.windows[0].evidence == ()


def test_no_labels_yet_is_no_drift_of_the_target_and_no_performance(project):
    write_rows(project.root, rows_of(1), rows_of(2).assign(y=None))
    seen = run(project, until=datetime(2013, 3, 1)).windows[0]
    assert (seen.labelled, seen.value, seen.decision.action) == (0, None, "continue")
    assert "target" not in {one.kind for one in seen.evidence}


def test_drift_of_a_feature_is_told_but_is_no_ground_to_retrain(project):
    write_rows(project.root, rows_of(1), rows_of(2).assign(c="z"), rows_of(3).assign(c="z"))
    told = run(project, until=datetime(2013, 4, 1)).windows
    assert {seen.decision.action for seen in told} == {"continue"}
    assert any(reason.startswith("drift in c") for reason in told[0].decision.reasons)  # a sure loss within the margin is told before it
    assert "still changed: c (1.000, since 2013-02)" in told[1].decision.reasons


def test_todays_rule_stays_selectable_and_speaks_in_the_first_window(project):
    (project.root / "params.yaml").write_text(PARAMS.replace("{min_rows: 60}", "{min_rows: 60, evidence: fixed}"))
    write_rows(project.root, rows_of(1), rows_of(2).assign(c="z"))
    seen = run(project, until=datetime(2013, 3, 1)).windows[0]
    assert any(reason.startswith("drift in c") for reason in seen.decision.reasons)
    assert {one.e_value for one in seen.evidence} == {None}


def test_evidence_over_time_is_the_same_in_one_run_as_in_three(project):
    write_rows(project.root, rows_of(1), *(rows_of(month).assign(c="z") for month in (2, 3, 4)))

    def remembered(*runs):
        for until in runs:
            found = run(project, until=until).windows
        with ledger_of(project) as ledger, ledger.transaction() as book:
            memory = book.state(project.params.model.name)[0].memory
        for file in project.state.glob("ledger.db*"):
            file.unlink()
        return memory, [seen.evidence for seen in found]

    at_once = remembered(datetime(2013, 5, 1))
    assert at_once[0].windows == 81, "three months of 27 days: a window is folded in day by day"
    assert remembered(datetime(2013, 3, 1), datetime(2013, 3, 1), datetime(2013, 5, 1)) == at_once
    assert any(one.e_value is not None and one.e_value >= 1000 for evidence in at_once[1] for one in evidence)


def test_a_column_that_is_gone_asks_to_inspect(project):
    write_rows(project.root, rows_of(1), rows_of(2).assign(x="word"), rows_of(3))
    told = run(project, until=datetime(2013, 3, 1))
    assert told.windows[0].decision.cause == "schema:x"
    assert (told.windows[0].status, told.exit_code) == ("blocked", 3)


def test_booleans_that_come_as_numbers_are_a_note_and_other_numbers_among_them_are_inspected(project):
    months = [rows.assign(c=(rows.c == "a").astype(float)) for rows in map(rows_of, (1, 2, 3))]
    champion = project.root / "models" / "champion"
    champion.unlink()
    train_once(project.params, months[0].assign(c=months[0].c == 1), champion)
    months[2].loc[:2, "c"] = 7.0
    write_rows(project.root, *months)
    plain, broken = run(project, until=datetime(2013, 4, 1)).windows
    said = "c was stored as boolean and is stored as number: its values are read as before"
    assert [said in window.notes for window in (plain, broken)] == [True, False]
    assert [one for one in plain.evidence if one.kind == "schema" or (one.subject == "c" and one.detector in ("missing", "new_category") and one.effect)] == []
    assert broken.decision.cause == "schema:c"
    assert (broken.status, [one.detail for one in broken.evidence if one.kind == "schema"]) == ("seen", ["3 of 400 values are no boolean: '7.0'"])
    assert "c=True" in {one.subject for one in plain.evidence}


def test_windows_are_cut_in_the_projects_timezone(project):
    """Midnight in New York is five in the morning of UTC: what happened before it belongs to February."""
    (project.root / "params.yaml").write_text(PARAMS.replace("window: month", "window: month, timezone: America/New_York".replace(", ", "\n  ")))
    months = pd.concat([rows_of(1), rows_of(2), rows_of(3).assign(t=pd.date_range("2013-03-01T04:00", periods=400, freq="1h"))])
    months.assign(t=months.t.dt.tz_localize("UTC").astype(str)).to_csv(project.root / "rows.csv", index=False)
    february, march = run(project, until=datetime(2013, 4, 1)).windows
    early = int((months.t.dt.month == 2).sum() - (months.t[months.t.dt.month == 2] >= pd.Timestamp("2013-02-01T05:00")).sum())
    assert (february.rows, march.rows) == (400 - early + 1, 399)


def test_count_windows_are_cut_by_rows(project):
    text = PARAMS.replace("window: month", "window: 150 rows")
    (project.root / "params.yaml").write_text(text)
    told = run(project, until=datetime(2013, 3, 1))
    assert [(seen.window.id, seen.rows) for seen in told.windows] == [("rows-000004", 150), ("rows-000005", 150)]


def test_a_count_window_tells_of_the_rows_that_came_late_once_and_is_judged_once(project):
    (project.root / "params.yaml").write_text(PARAMS.replace("window: month", "window: 150 rows"))
    february = rows_of(2)
    behind = february.iloc[[60, 90, 120, 150, 180]]  # the first window under this champion begins with February's row 50
    write_rows(project.root, rows_of(1), february.drop(behind.index).head(260))
    said: list[str] = []
    before = run(project, until=datetime(2013, 3, 1), said=said)
    assert [(seen.window.id, seen.late_rows) for seen in before.windows] == [("rows-000004", 0)]
    write_rows(project.root, rows_of(1), february, rows_of(3))
    after = run(project, until=datetime(2013, 3, 1), said=said)
    assert [(seen.window.id, seen.rows, seen.late_rows) for seen in after.windows] == [("rows-000004", 150, 5), ("rows-000005", 150, 0)]
    assert [window_data(seen)["late_rows"] for seen in after.windows] == [5, 0]
    assert said.count("window rows-000004: 5 rows came after it was closed; they are judged nowhere") == 1
    said = []
    again = run(project, until=datetime(2013, 3, 1), said=said)
    assert ([seen.window for seen in again.windows], again.fresh) == ([seen.window for seen in after.windows], 0)
    assert not [line for line in said if "rows came after" in line], "told once"


# -- expectations ---------------------------------------------------------------------------------------------------------


def wide(month, *, columns):
    """A stream of that many numbers and a text of which no two rows are alike."""
    rows = rows_of(month, n=200).drop(columns="c")
    numbers = np.random.default_rng(month).normal(size=(len(rows), columns)).round(2)
    return pd.concat([rows.assign(token=[f"{month}/{row}" for row in range(len(rows))]), pd.DataFrame(numbers).add_prefix("x")], axis=1)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [500, pytest.param(2_000, marks=pytest.mark.long)])
def test_very_many_columns_and_a_text_without_repeats_are_judged(tmp_path, columns):
    features = {"x": "numeric", "token": "categorical"} | {f"x{i}": "numeric" for i in range(columns)}
    text = PARAMS.replace("{x: numeric, c: categorical}", json.dumps(features)).replace("slices: {c: {min_rows: 50}}, ", "")
    (tmp_path / "params.yaml").write_text(text.replace("update: {", "update: {scout: false, "))
    (tmp_path / "models").mkdir()
    train_once(Project(tmp_path).params, wide(1, columns=columns), tmp_path / "models" / "champion")
    pin(tmp_path)
    write_rows(tmp_path, wide(1, columns=columns), wide(2, columns=columns).assign(x7=9.0))
    (seen,) = run(Project(tmp_path), until=datetime(2013, 3, 1)).windows
    assert seen.status == "seen"
    worth = {one.subject: one.e_value or 0.0 for one in seen.evidence if one.detector == "e-detector" and one.kind == "data"}
    assert max(worth, key=worth.__getitem__) == "x7"


def test_rows_that_fail_are_set_aside_and_counted(project):
    with_suite(project)
    february = rows_of(2)
    february.loc[:29, "x"] = 1048.0
    write_rows(project.root, rows_of(1), february, rows_of(3))
    seen = run(project, until=datetime(2013, 3, 1)).windows[0]
    assert (seen.rows, seen.labelled, len(seen.quarantined), seen.decision.action) == (400, 370, 30, "continue")
    assert [(one.subject, one.effect) for one in seen.evidence if one.kind == "quality"] == [("a_sane_x", 0.0)]


@pytest.fixture
def blocked(project):
    """A project whose February lost a column's values; March is sound."""
    with_suite(project)
    february = rows_of(2)
    february.loc[:199, "c"] = None
    write_rows(project.root, rows_of(1), february, rows_of(3))
    return project


def test_a_broken_window_blocks_until_a_person_decides(blocked):
    told = run(blocked, until=datetime(2013, 4, 1))
    assert [(seen.status, seen.decision.action) for seen in told.windows] == [("blocked", "inspect"), ("seen", "continue")]
    assert [ticket.id for ticket in told.tickets] == ["2013-02-quality"]
    again = run(blocked, until=datetime(2013, 4, 1))
    assert (again.fresh, again.tickets, [ticket.id for ticket in again.waiting], again.exit_code) == (0, (), ["2013-02-quality"], 3)


def test_an_accepted_window_is_judged_with_what_failed_noted(blocked):
    run(blocked, until=datetime(2013, 4, 1))
    decide(blocked, "2013-02", "accept", "the form was down, rows are fine")
    told = run(blocked, until=datetime(2013, 4, 1))
    february = told.windows[0]
    assert (february.status, february.verdict, february.decision.action, told.exit_code) == ("seen", "accept", "continue", 0)
    assert february.notes == ("accepted: the form was down, rows are fine",)
    noted = [one for one in february.evidence if one.kind == "quality"]
    assert (noted[0].effect, noted[0].detail.startswith("accepted: ")) == (0.0, True)
    assert february.value is not None
    assert list_tickets(blocked) == ()


def test_an_excluded_window_is_remembered_without_evidence(blocked):
    run(blocked, until=datetime(2013, 4, 1))
    decide(blocked, "2013-02", "exclude", "beyond repair")
    told = run(blocked, until=datetime(2013, 4, 1))
    assert (told.windows[0].status, told.windows[0].verdict, told.windows[0].evidence) == ("seen", "exclude", ())
    assert told.windows[0].decision.reasons == ("excluded: beyond repair",)
    assert told.exit_code == 0


def test_resolving_the_ticket_alone_unblocks_nothing(blocked):
    run(blocked, until=datetime(2013, 3, 1))
    resolve(blocked, "2013-02-quality", reason="who cares")
    assert run(blocked, until=datetime(2013, 3, 1)).exit_code == 3


def test_an_acknowledged_window_waits_in_silence(blocked):
    run(blocked, until=datetime(2013, 3, 1))
    acknowledge(blocked, "2013-02-quality", until=datetime(2013, 6, 1))
    assert run(blocked, until=datetime(2013, 3, 1)).exit_code == 0


# -- rollback -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def regretted(project):
    """Version 2 was trained when the relation was upside down; version 1 would be right again."""
    other = "sha256:" + "b" * 64
    champion = Pin(model="clicks", version="2", digest=other, trained_until=datetime(2013, 1, 1), evaluated_until=datetime(2013, 2, 1))
    previous = Pin(model="clicks", version="1", digest=DIGEST, trained_until=datetime(2013, 1, 1), evaluated_until=datetime(2013, 1, 1))
    (project.root / "baseline.json").write_text(to_json(Baseline(champion=champion, previous=previous)))
    kept = project.state / "models" / f"1-{'a' * 12}"
    kept.parent.mkdir(parents=True)
    kept.symlink_to((project.root / "models" / "champion").resolve())
    (project.root / "models" / "champion").unlink()
    train_once(project.params, rows_of(12, flipped=True), project.root / "models" / "champion")
    return project


def test_a_promotion_that_turned_out_worse_asks_to_roll_back(regretted):
    told = run(regretted, until=datetime(2013, 3, 1))
    assert [(ticket.id, ticket.action, ticket.target) for ticket in told.tickets] == [("2013-02-regret", "rollback", "1")]


def test_after_a_rollback_only_new_windows_are_judged_and_no_model_on_its_training_rows(regretted):
    run(regretted, until=datetime(2013, 4, 1))
    baseline = Project(regretted.root).baseline
    newer = replace(baseline.champion, trained_until=datetime(2013, 4, 15))
    (regretted.root / "baseline.json").write_text(to_json(Baseline(champion=baseline.previous, previous=newer)))
    kept = regretted.state / "models" / f"2-{'b' * 12}"
    (regretted.root / "models" / "champion").rename(kept)
    shutil.copytree(regretted.state / "models" / f"1-{'a' * 12}", regretted.root / "models" / "champion")
    told = run(regretted, until=datetime(2013, 6, 1))
    assert [seen.window.id for seen in told.windows] == ["2013-04", "2013-05"]
    compared = {seen.window.id: [one.n for one in seen.evidence if one.kind == "regret"] for seen in told.windows}
    assert compared == {"2013-04": [], "2013-05": [400]}


def test_regret_is_measured_on_all_rows_since_the_promotion_also_by_a_new_process(regretted):
    run(regretted, until=datetime(2013, 3, 1))
    told = run(regretted, until=datetime(2013, 4, 1))
    assert [next(one.n for one in seen.evidence if one.kind == "regret") for seen in told.windows] == [400, 800]


def test_a_previous_champion_that_cannot_be_had_is_a_note(regretted):
    (regretted.state / "models" / f"1-{'a' * 12}").unlink()
    evidence = run(regretted, until=datetime(2013, 3, 1)).windows[0].evidence
    missing = next(one for one in evidence if one.kind == "regret")
    assert (missing.effect, missing.detail.startswith("not measured: ")) == (None, True)


# -- hooks ----------------------------------------------------------------------------------------------------------------


def test_auto_retrains_for_a_ticket_and_tries_again_what_failed(project):
    (project.root / "params.yaml").write_text(PARAMS + "hooks: {retrain: auto}\n")
    for fresh in (4, 0):
        said = []
        assert run(project, said=said).fresh == fresh
        (line,) = [line for line in said if "improve" in line]
        assert line.startswith("improve 2013-04-harm: no git repository")
        assert line.endswith("the next keepfit monitor tries again")
    resolve(project, "2013-04-harm")
    said = []
    run(project, said=said)
    assert not [line for line in said if "improve" in line]


# -- runs, processes ------------------------------------------------------------------------------------------------------


def test_a_server_that_is_away_is_told_once_and_its_runs_are_logged_later(project, monkeypatch, tmp_path):
    said = []
    first = run(project, until=datetime(2013, 4, 1), said=said)
    assert len(first.windows) == 2
    assert [line for line in said if AWAY in line and "2 window runs" in line] == [said[-1]]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    run(project, until=datetime(2013, 4, 1))
    run(project, until=datetime(2013, 4, 1))
    assert [(found.data.tags["kf.window"], found.data.tags["kf.decision"], found.info.status) for found in logged(tmp_path)] == [
        ("2013-02", "continue", "FINISHED"),
        ("2013-03", "continue", "FINISHED"),
    ]
    assert logged(tmp_path)[0].data.metrics["roc_auc"] == pytest.approx(first.windows[0].value)


def logged(folder):
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{folder}/mlflow.db")
    experiment = client.get_experiment_by_name("keepfit")
    return sorted(client.search_runs([experiment.experiment_id], "tags.`kf.kind` = 'window'"), key=lambda found: found.data.tags["kf.window"])


def start(project, *args):
    command = [sys.executable, "-m", "keepfit", "monitor", *args]
    return subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_monitors_at_once_judge_every_window_once(project):
    both = [start(project, "--until", "2013-06-01", "--json") for _ in range(2)]
    answers = [(process.communicate(timeout=120), process.returncode) for process in both]
    told = [json.loads(out) for (out, _), _ in answers]
    assert told[0]["windows"] == told[1]["windows"]
    assert len(told[0]["windows"]) == 4
    assert sorted(code for _, code in answers) == [0, 3], "one of them tells of the ticket"
    assert sum("another keepfit monitor runs here" in err for (_, err), _ in answers) == 1
    assert [ticket.id for ticket in list_tickets(project)] == ["2013-04-harm"]


def test_a_killed_run_goes_on_where_it_stopped(project):
    process = start(project, "--until", "2013-06-01")
    deadline = time.monotonic() + 120
    while not recorded(project) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before = recorded(project)
    assert before
    told = run(project)
    assert told.fresh == 4 - len(before)
    assert told.windows[: len(before)] == before
    assert len(told.new_windows) == 4, "what the killed run did not come to show is new"
    assert [ticket.id for ticket in told.tickets] == ["2013-04-harm"]


def recorded(project):
    with ledger_of(project) as ledger, ledger.transaction() as book:
        return book.windows("clicks", DIGEST)


def test_without_a_window_to_judge_no_heavy_tool_is_loaded(project):
    with_suite(project)
    run(project)
    code = """
import sys
from keepfit.cli import app
try:
    app.main(["monitor", "--until", "2013-06-01"], standalone_mode=False)
except SystemExit:
    pass
sys.exit(" ".join(name for name in ("great_expectations", "sklearn", "scipy", "mlflow") if name in sys.modules) or None)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=project.root, check=False)
    assert done.returncode == 0, done.stderr


def test_the_command_prints_a_table_and_what_to_type_next(project):
    process = start(project, "--until", "2013-05-01")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 3
    assert out.splitlines()[0].split() == ["window", "rows", "champion", "decision", "ground", "ticket", "why"]
    assert re.search(r"improve  +harm  +2013-04-harm  roc_auc of overall is ", out.splitlines()[-1])
    assert "next: keepfit improve 2013-04-harm" in err


def test_a_run_shows_what_is_new_since_the_last_one_and_all_on_demand(project):
    def shown(*options):
        out, _ = start(project, *options).communicate(timeout=120)
        return [line.split()[0] for line in out.splitlines()[1:]]

    assert shown("--until", "2013-04-01") == ["2013-02", "2013-03"]
    assert shown("--until", "2013-05-01") == ["2013-04"]
    assert shown("--until", "2013-05-01") == []
    assert shown("--until", "2013-05-01", "--all") == ["2013-02", "2013-03", "2013-04"]
    out, _ = start(project, "--until", "2013-05-01", "--json").communicate(timeout=120)
    assert [line["window"] for line in json.loads(out)["windows"]] == ["2013-02", "2013-03", "2013-04"]
    told = run(project, until=datetime(2013, 5, 1))
    assert told.left_off == "no window is new; 3 were shown before: keepfit monitor --all"
    assert replace(told, news=frozenset({"2013-04"})).left_off == "2 were shown before: keepfit monitor --all"
    assert replace(told, news=frozenset({"2013-02", "2013-03", "2013-04"})).left_off == ""


def test_the_table_says_why_a_calm_line_is_calm_and_on_how_many_labels_a_metric_was_taken(project):
    few, march = rows_of(2, n=20), rows_of(3)
    write_rows(project.root, rows_of(1), few, march.assign(y=march.y.where(march.index < 150)), rows_of(4).assign(c="z"))
    table = windows_table(run(project, until=datetime(2013, 5, 1)).windows)
    february, march_line, april = table.splitlines()[2:]
    assert february.endswith("| 20 rows are too few to judge, 60 are needed |")
    assert " on 150 labels |" in march_line
    assert "| continue | – | – | roc_auc of overall is 0.0625 worse than promised, at least 0.0371, within the allowed 0.1" in april
    assert "; drift in c (" in april, "what is lost within the margin comes first, what changed second"


def test_without_a_champion_the_first_step_is_named(project):
    (project.root / "baseline.json").write_text('{"champion": null}')
    from keepfit.errors import ProjectError

    with pytest.raises(ProjectError, match="keepfit sync"):
        run(project)


def test_monitor_takes_its_time_from_its_argument(project):
    late = run(project, until=datetime(2013, 3, 1) - timedelta(seconds=1))
    assert late.windows == ()
    assert Path(project.root / "rows.csv").exists()


# -- scouts ---------------------------------------------------------------------------------------------------------------


def set_update(project, line):
    (project.root / "params.yaml").write_text(PARAMS.replace("price: 0.1,", line))


def scouted(said):
    """The windows for which a scout was trained."""
    return [line.split()[1].rstrip(":") for line in said if "training a scout" in line]


def kinds(told, kind):
    return {seen.window.id: one for seen in told.windows for one in seen.evidence if one.kind == kind}


def test_no_scout_is_trained_twice_and_each_is_compared_with_the_one_before(project):
    said = []
    told = run(project, said=said)
    assert scouted(said) == ["2013-03", "2013-04", "2013-05"], "the champion is February's"
    newer = kinds(told, "newer")
    assert newer.keys() == {"2013-03", "2013-04", "2013-05"}
    assert newer["2013-05"].effect == kinds(told, "scout")["2013-05"].effect or newer["2013-05"].low > 0.05
    assert kinds(told, "scout")["2013-04"].n_reference < 400, "the permanent holdout trains nothing"
    for file in (project.root / ".keepfit").glob("ledger.db*"):
        file.unlink()
    again = []
    assert [seen.evidence for seen in run(project, said=again).windows] == [seen.evidence for seen in told.windows]
    assert scouted(again) == []


def test_a_scout_on_every_second_window_is_credited_to_both(project):
    pin(project.root, value=None)
    set_update(project, "price: 0.1, scout: every 2,")
    said = []
    told = run(project, said=said)
    assert kinds(told, "scout").keys() == {"2013-03", "2013-05"}
    assert scouted(said) == ["2013-03", "2013-05"]
    gain = kinds(told, "scout")["2013-05"].effect
    assert f"would have gained {kinds(told, 'scout')['2013-03'].effect * 2 + gain * 2:.4g} roc_auc·months" in by_window(told)["2013-05"].decision.reasons[0]


@pytest.mark.parametrize("never", ["never", "false"])
def test_without_a_scout_the_debt_is_unknown_and_age_decides(project, never):
    pin(project.root, value=None)
    set_update(project, f"price: 0.1, scout: {never},")
    (project.root / "params.yaml").write_text((project.root / "params.yaml").read_text().replace("max_age_days: null", "max_age_days: 100"))
    told = run(project)
    assert kinds(told, "scout") == {}
    assert by_window(told)["2013-03"].decision.reasons == ("no change worth acting on; the debt is unknown: no scout was tried",)
    assert [ticket.ground for ticket in told.tickets] == ["age"]


def test_a_model_that_says_what_it_was_made_from_is_no_scout_of_its_own(project, tmp_path):
    """The champion's rows and recipe are those that a retraining would have: nothing is trained, and nothing would be gained."""
    write_rows(project.root, rows_of(1), rows_of(2), rows_of(3))
    march = run(project, until=datetime(2013, 4, 1), said=(said := []))
    assert scouted(said) == ["2013-03"]
    kept = next(place for place in (project.root / ".keepfit" / "scouts").iterdir() if place.name.startswith("2013-03"))
    champion = tmp_path / "renewed"
    shutil.copytree(kept, champion)
    _, recipe, rows = kept.name.split(".")
    meta = json.loads((champion / "meta.json").read_text())
    table, data = rows_of(2), project.params.data
    table = table[~in_holdout(table.id, share=data.holdout_share, salt=data.holdout_salt)]
    made = train_once(project.params, table, champion, same_period())
    assert made.made_from.startswith(recipe)
    assert made.made_from.partition(":")[2].startswith(rows)
    assert meta["rows"] == made.rows
    (project.root / "models" / "champion").unlink()
    (project.root / "models" / "champion").symlink_to(champion)
    pin(project.root, version="2", digest="sha256:" + "b" * 64, trained_until=datetime(2013, 3, 1), evaluated_until=datetime(2013, 3, 1))
    told = run(project, until=datetime(2013, 4, 1), said=(again := []))
    assert scouted(again) == []
    assert [(one.effect, one.n_reference) for one in kinds(told, "scout").values()] == [(0.0, made.rows)]
    assert march.windows
