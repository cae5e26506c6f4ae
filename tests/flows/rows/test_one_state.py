"""All reads of a run see one state of a database."""

from __future__ import annotations

from datetime import datetime

from tests.integrations.sql.databases import run, sqlite_rows

from keepfit.flows.project import Project
from keepfit.flows.rows.labels import read_labels
from keepfit.flows.rows.one_state import one_state
from keepfit.flows.rows.sources import live_rows

PARAMS = "model: {name: m, task: regression, target: x}\ndata: {live: {sql: SELECT * FROM flights, url_env: ROWS_DB}, time: t, id: id}\n"
LONG = 'data:\n  live: {sql: "SELECT id, t FROM flights", url_env: ROWS_DB}\n  time: t\n  id: id\n'


def test_labels_are_read_once_in_a_run_and_anew_in_the_next(tmp_path, monkeypatch):
    more = '  labels: {sql: "SELECT id, x FROM flights", url_env: ROWS_DB}\n'
    (tmp_path / "params.yaml").write_text(PARAMS.replace("data: {live: {sql: SELECT * FROM flights, url_env: ROWS_DB}, time: t, id: id}\n", LONG) + more)
    uri = sqlite_rows(tmp_path / "rows.db")
    monkeypatch.setenv("ROWS_DB", "sqlite:///rows.db")
    with one_state() as states:
        first = read_labels(Project(tmp_path))
        (kept,) = states.whole.values()
        run(uri, "INSERT INTO flights VALUES (99, '2013-03-15', 0)")
        assert read_labels(Project(tmp_path)).equals(first)
        assert list(states.whole.values()) == [kept]
    assert read_labels(Project(tmp_path)).num_rows == first.num_rows + 1


def test_rows_that_come_between_two_reads_of_a_run_are_the_next_runs(tmp_path, monkeypatch):
    (tmp_path / "params.yaml").write_text(PARAMS)
    uri = sqlite_rows(tmp_path / "rows.db")
    monkeypatch.setenv("ROWS_DB", "sqlite:///rows.db")

    def rows():
        return live_rows(Project(tmp_path), start=None, end=datetime(2014, 1, 1)).num_rows

    with one_state() as states:
        assert rows() == 12
        run(uri, "INSERT INTO flights VALUES (99, '2013-03-15', 0)")
        assert rows() == 12
        with one_state():
            assert rows() == 12
        assert rows() == 12
        states.close()
        assert rows() == 13
    run(uri, "INSERT INTO flights VALUES (100, '2013-03-15', 0)")
    assert rows() == 14
