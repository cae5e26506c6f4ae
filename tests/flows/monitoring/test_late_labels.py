"""Labels that come after their window was judged: joined by key, folded in once, whatever happens in between."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from tests.flows.monitoring.test_monitor import DIGEST, SUITE, pin, recorded, rows_of, run, start, with_suite, write_rows
from tests.integrations.ledger.made import as_released

from keepfit.errors import DataError, ParamsError, UnknownNameError
from keepfit.flows.retraining.retrain_tree import complete_windows
from keepfit.flows.rows.late_labels import LateLabels
from keepfit.flows.tickets.tickets import ledger_of, list_tickets
from keepfit.integrations.tables import read_table
from keepfit.report.monitoring import window_data
from keepfit.tables.windows import parse_window_id

MAY, JUNE = datetime(2013, 5, 1), datetime(2013, 6, 1)
TABLE = "data:\n  labels: labels.csv\n"


@pytest.fixture
def project(watched):
    """Months without labels from February on; April turns the relation round."""
    write_rows(watched.root, *months())
    return watched


def months(**labelled):
    """January to April; `m2=0.5`: the first half of February's labels are known."""
    known = [(rows_of(month, flipped=month == 4), labelled.get(f"m{month}", 0.0)) for month in (2, 3, 4)]
    return [rows_of(1), *(rows.assign(y=rows["y"].where(rows.index < len(rows) * share)) for rows, share in known)]


def come(project, **labelled):
    write_rows(project.root, *months(**labelled))


def own_table(project, *months_of_labels, name="labels.csv"):
    """Labels in a table of their own."""
    text = (project.root / "params.yaml").read_text()
    (project.root / "params.yaml").write_text(text.replace("data:\n", TABLE) if "labels:" not in text else text)
    pd.concat(months_of_labels)[["id", "y"]].to_csv(project.root / name, index=False)


def policy(project):
    with ledger_of(project) as ledger, ledger.transaction() as book:
        return book.state("clicks")[0]


def of(told, window):
    return next(seen for seen in told.windows if seen.window.id == window)


def overall(seen):
    return next((one for one in seen.evidence if one.kind == "performance" and one.subject == "overall"), None)


def test_a_window_is_scored_when_its_labels_come_as_if_they_had_been_there(project, tmp_path_factory):
    before = of(run(project, until=MAY), "2013-02")
    assert (before.labelled, before.value, before.arrivals) == (0, None, 0)
    come(project, m2=1, m3=1)
    late = run(project, until=MAY)
    for file in project.state.rglob("*.parquet"):
        file.unlink()
    for file in project.state.glob("ledger.db*"):
        file.unlink()
    at_once = run(project, until=MAY)
    for window in ("2013-02", "2013-03"):
        seen, whole = of(late, window), of(at_once, window)
        assert (seen.arrivals, whole.arrivals) == (1, 0)
        assert (seen.labelled, seen.value, seen.low, seen.high) == (400, whole.value, whole.low, whole.high)
        assert [one for one in seen.evidence if one.kind == "performance"] == [one for one in whole.evidence if one.kind == "performance"]
        assert [one for one in seen.evidence if one.kind in ("data", "prediction")] == [one for one in whole.evidence if one.kind in ("data", "prediction")]
    assert of(late, "2013-04").labelled == 0


def test_labels_that_show_harm_open_one_ticket_however_often_they_come(project):
    assert run(project, until=MAY).exit_code == 0
    come(project, m2=1, m3=1, m4=1)
    told = run(project, until=JUNE)
    assert [(ticket.id, ticket.cause, ticket.opened) for ticket in told.tickets] == [("2013-04-harm", "harm:overall", JUNE)]
    assert (of(told, "2013-04").decision.action, of(told, "2013-04").ticket, told.exit_code) == ("improve", "2013-04-harm", 3)
    state, again = policy(project), run(project, until=JUNE)
    assert (again.windows, again.tickets) == (told.windows, ())
    assert {"2013-02", "2013-03", "2013-04"} <= told.news, "what was scored again is shown again"
    assert again.news == frozenset()
    assert policy(project) == state
    assert state.windows == 3, "a window that is scored again is no new window"
    assert [ticket.id for ticket in list_tickets(project)] == ["2013-04-harm"]


def test_labels_that_come_in_parts_are_each_folded_in_once(project):
    run(project, until=MAY)
    for share, labelled, arrivals in ((0.5, 200, 1), (0.5, 200, 1), (1, 400, 2)):
        come(project, m2=share)
        seen = of(run(project, until=MAY), "2013-02")
        assert (seen.labelled, seen.arrivals, overall(seen).n) == (labelled, arrivals, labelled)
    late = LateLabels(project)
    assert [len(late.since("2013-02", arrival)) for arrival in (0, 1, 2)] == [400, 200, 0]


def test_too_few_labels_are_no_verdict_yet(project):
    run(project, until=MAY)
    come(project, m4=0.1)
    told = run(project, until=MAY)
    assert (of(told, "2013-04").labelled, of(told, "2013-04").decision.action, told.exit_code) == (40, "continue", 0)
    assert overall(of(told, "2013-04")).high < -0.1, "the harm is seen, but on fewer rows than monitor.min_rows"


def test_the_first_label_of_a_row_stands(project):
    come(project, m2=1)
    before = of(run(project, until=MAY), "2013-02")
    rows = months(m2=1)
    write_rows(project.root, rows[0], rows[1].assign(y=1 - rows[1]["y"]), *rows[2:])
    counted = {"disagreeing": 400, "disagreeing_rows": ("2-0", "2-1", "2-10", "2-100", "2-101")}
    assert of(run(project, until=MAY), "2013-02") == replace(before, **counted)


def test_labels_of_a_table_of_their_own_are_joined_by_id(project):
    run(project, until=MAY)
    shuffled = rows_of(2).sample(frac=1, random_state=0)
    own_table(project, shuffled, shuffled.assign(y=1 - shuffled["y"]), rows_of(9))  # later words on the same rows, and rows of no window
    seen = of(run(project, until=MAY), "2013-02")
    come(project, m2=1)
    known = overall(seen)
    assert (seen.labelled, seen.arrivals) == (400, 1)
    assert 0.8 < known.statistic < 0.95
    assert of(run(project, until=MAY), "2013-02") == seen, "the same labels from another door change nothing"


def test_live_rows_without_a_target_take_it_from_their_table(project):
    write_rows(project.root, *(rows.drop(columns="y") for rows in months()))
    own_table(project, rows_of(2))
    seen = of(run(project, until=MAY), "2013-02")
    assert (seen.labelled, seen.arrivals) == (400, 0)


@pytest.mark.parametrize(
    ("broken", "error", "says"),
    [
        ("id,z\n2-1,1\n", UnknownNameError, "no column 'y'"),
        ("id,y\n2-1,7\n", DataError, "not 0 and 1"),
        ("id,y\n2-1,yes\n", DataError, "holds text"),
        (None, DataError, "labels.csv"),
    ],
)
def test_broken_labels_are_refused_in_a_sentence_and_kept_nowhere(project, broken, error, says):
    run(project, until=MAY)
    before = recorded(project)
    own_table(project, rows_of(2))
    (project.root / "labels.csv").unlink()
    if broken is not None:
        (project.root / "labels.csv").write_text(broken)
    with pytest.raises(error, match=says):
        run(project, until=MAY)
    assert recorded(project) == before
    assert not (project.state / "labels").exists()


def test_labels_need_a_key(project):
    text = (project.root / "params.yaml").read_text()
    (project.root / "params.yaml").write_text(text.replace("data:\n", TABLE).replace("  id: id\n", ""))
    with pytest.raises(ParamsError, match="labels are joined by key"):
        run(project, until=MAY)


def test_rows_that_come_after_the_window_closed_are_counted_and_shown_and_not_judged(project):
    come(project, m2=1)
    before = of(run(project, until=MAY), "2013-02")
    more = rows_of(2, n=17, seed=5)
    write_rows(project.root, *months(m2=1), more.assign(id="late-" + more["id"]))
    said = []
    told = run(project, until=MAY, said=said)
    seen = of(told, "2013-02")
    assert (seen.late_rows, seen.rows, seen.value) == (17, 400, before.value)
    assert "window 2013-02: 17 rows came after it was closed; they are judged nowhere" in said
    assert window_data(of(told, "2013-02"))["late_rows"] == 17
    said = []
    run(project, until=MAY, said=said)
    assert not [line for line in said if "rows came after" in line], "told once"


def test_the_page_and_the_run_say_that_a_window_was_scored_again(project, monkeypatch, tmp_path):
    run(project, until=MAY)
    come(project, m2=1)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.chdir(tmp_path)
    seen = of(run(project, until=MAY), "2013-02")
    (page,) = (project.state / "reports").glob("2013-02-*.html")
    assert "400 labelled, seen, scored again 1 time as labels came" in page.read_text()
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{tmp_path}/mlflow.db")
    experiment = client.get_experiment_by_name("keepfit")
    (logged,) = client.search_runs([experiment.experiment_id], "tags.`kf.window` = '2013-02' and tags.`kf.kind` = 'window'")
    assert logged.data.metrics["roc_auc"] == pytest.approx(seen.value)


def test_rows_set_aside_stay_so_and_their_labels_do_not_count(project):
    with_suite(project)
    rows = months()
    rows[1].loc[:29, "x"] = 1048.0
    write_rows(project.root, *rows)
    run(project, until=MAY)
    rows = months(m2=1)
    rows[1].loc[:29, "x"] = 1048.0
    write_rows(project.root, *rows)
    assert of(run(project, until=MAY), "2013-02").labelled == 370


def test_labels_that_break_an_expectation_are_not_used(project):
    expecting(project, BOTH_CLASSES)
    come(project, m2=0.3)
    before = of(run(project, until=MAY), "2013-02")
    rows = months(m2=0.3)
    write_rows(project.root, rows[0], rows[1].fillna({"y": 1.0}), *rows[2:])
    seen = of(run(project, until=MAY), "2013-02")
    assert (seen.status, seen.labelled, seen.value, seen.evidence, seen.arrivals) == ("seen", 120, before.value, before.evidence, 1)
    assert seen.notes == ("labels that came late are not used: its expectations fail with them (both_classes)",)


BOTH_CLASSES = {
    "type": "expect_column_mean_to_be_between",
    "kwargs": {"column": "y", "min_value": 0.1, "max_value": 0.8},
    "severity": "critical",
    "meta": {"id": "both_classes", "level": "batch"},
}


ALL_THERE = {
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "y"},
    "severity": "critical",
    "meta": {"id": "all_there", "level": "batch"},
}


def expecting(project, *entries):
    suite = {**SUITE, "expectations": [*SUITE["expectations"], *entries]}
    (project.root / "expectations" / "data" / "rows.json").write_text(json.dumps(suite))


@pytest.mark.parametrize("door", ["with the rows", "a table of their own"])
def test_what_is_expected_of_labels_blocks_no_window_that_waits_for_them(project, door):
    expecting(project, BOTH_CLASSES, ALL_THERE)
    if door == "a table of their own":
        write_rows(project.root, *(rows.drop(columns="y") for rows in months()))
        own_table(project, rows_of(1))  # labels of no window that waits
    told = run(project, until=MAY)
    assert [(seen.status, seen.notes) for seen in told.windows] == [("seen", ("not yet decidable without all labels: all_there, both_classes",))] * 3
    assert (told.exit_code, told.tickets) == (0, ())
    assert any(one.kind == "data" for one in of(told, "2013-02").evidence), "what needs no label is watched meanwhile"
    if door == "a table of their own":
        own_table(project, rows_of(2), rows_of(3)[:200])
    else:
        come(project, m2=1, m3=0.5)
    told = run(project, until=MAY)
    assert [of(told, window).notes for window in ("2013-02", "2013-03")] == [(), ("not yet decidable without all labels: all_there",)]
    assert [of(told, window).labelled for window in ("2013-02", "2013-03")] == [400, 200]


def test_labels_of_one_class_block_a_window_that_has_them_all(project):
    expecting(project, BOTH_CLASSES)
    rows = months(m2=1)
    write_rows(project.root, rows[0], rows[1].assign(y=1.0), *rows[2:])
    told = run(project, until=MAY)
    assert [seen.status for seen in told.windows] == ["blocked", "seen", "seen"]
    assert [ticket.cause for ticket in told.tickets] == ["quality:both_classes"]


def test_late_labels_train_the_next_model(project, tmp_path):
    run(project, until=MAY)
    come(project, m2=1)
    run(project, until=MAY)
    closed = project.state / "windows" / "2013-02.parquet"
    assert read_table(closed)["y"].null_count == 400, "what was closed stays as it was closed"
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / closed.name).write_bytes(closed.read_bytes())
    (tree / "2013-03.parquet").write_bytes((project.state / "windows" / "2013-03.parquet").read_bytes())
    untouched = (tree / "2013-03.parquet").stat().st_mtime_ns
    complete_windows(project, tree, until=parse_window_id("2013-04"))
    assert read_table(tree / closed.name)["y"].to_pylist() == rows_of(2)["y"].tolist()
    assert (tree / "2013-03.parquet").stat().st_mtime_ns == untouched


NEWER = {"keepfit_windows": ("arrivals", "late_rows", "estimate"), "keepfit_state": ("memory", "harmed", "acknowledged")}


def as_an_older_keepfit_wrote(project):
    """Take out of the ledger's records what the first keepfit did not write."""
    with closing(sqlite3.connect(project.state / "ledger.db")) as connection, connection:
        for table, keys in NEWER.items():
            for number, text in connection.execute(f"SELECT rowid, record FROM {table}").fetchall():
                record = {key: value for key, value in json.loads(text).items() if key not in keys}
                connection.execute(f"UPDATE {table} SET record = ? WHERE rowid = ?", (json.dumps(record), number))
        as_released(connection)
        connection.execute("DROP TABLE keepfit_steps")
        connection.execute("DROP TABLE keepfit_probation")
        connection.execute("DROP TABLE keepfit_deliveries")
        connection.execute("UPDATE keepfit_ledger SET schema = 1")


def test_labels_that_come_to_windows_of_an_older_keepfit_are_scored_as_any(project):
    run(project, until=MAY)
    as_an_older_keepfit_wrote(project)
    come(project, m2=1, m3=1, m4=1)
    told = run(project, until=JUNE)
    assert [(seen.labelled, seen.arrivals, seen.estimate) for seen in told.windows] == [(400, 1, None)] * 3
    assert [ticket.id for ticket in told.tickets] == ["2013-04-harm"]


# -- killed, and two at once ----------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
import keepfit.flows.monitoring.memory as memory
import keepfit.flows.monitoring.closing as closing
{where}
from keepfit.cli import app
app.main(["monitor", "--until", "2013-06-01"])
"""
KILL = "os.kill(os.getpid(), signal.SIGKILL)"
BEFORE_SCORING = f"memory.Memory.remember = lambda *_: {KILL}"
AFTER_SCORING = f"closing.write_page = lambda *_, **__: {KILL}"


@pytest.mark.parametrize("where", [BEFORE_SCORING, AFTER_SCORING], ids=["kept, not scored", "scored, no page"])
def test_a_run_killed_on_late_labels_ends_as_one_that_was_not(project, where):
    run(project, until=MAY)
    come(project, m2=1, m3=1, m4=0.5)
    done = subprocess.run([sys.executable, "-c", KILLED.format(where=where)], cwd=project.root, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    come(project, m2=1, m3=1, m4=1)  # more came in between
    told = run(project, until=JUNE)
    assert [seen.labelled for seen in told.windows] == [400, 400, 400]
    assert [ticket.id for ticket in told.tickets] == ["2013-04-harm"]
    state = policy(project)
    assert (state.windows, state.harmed) == (3, ("overall",))
    assert len(steps(project)) == 6, "three windows, each judged once and scored again once"


def test_two_monitors_at_once_fold_late_labels_in_once(project):
    run(project, until=MAY)
    come(project, m2=1, m3=1, m4=1)
    both = [start(project, "--until", "2013-06-01", "--json") for _ in range(2)]
    answers = [(process.communicate(timeout=120)[0], process.returncode) for process in both]
    assert sorted(code for _, code in answers) == [0, 3]
    assert json.loads(answers[0][0])["windows"] == json.loads(answers[1][0])["windows"]
    assert len(steps(project)) == 6
    assert [ticket.id for ticket in list_tickets(project)] == ["2013-04-harm"]


def steps(project):
    from sqlalchemy import text

    with ledger_of(project) as ledger, ledger._engine.begin() as connection:
        return connection.execute(text("SELECT record FROM keepfit_steps ORDER BY number")).scalars().all()


def test_what_a_label_step_decided_can_be_taken_again(project):
    from keepfit.flows.tickets.replay import replay

    run(project, until=MAY)
    come(project, m4=1)
    run(project, until=JUNE)
    assert replay(project, "2013-04-harm").same


def test_another_champion_is_scored_on_all_labels_at_once(project):
    run(project, until=MAY)
    come(project, m2=1)
    run(project, until=MAY)
    pin(project.root, version="2", digest="sha256:" + "b" * 64)
    seen = of(run(project, until=MAY), "2013-02")
    assert (seen.champion != DIGEST, seen.labelled, seen.arrivals) == (True, 400, 1)
