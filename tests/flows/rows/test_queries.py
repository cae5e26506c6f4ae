"""Rows and labels that come from a database: as from a file, and with nothing of the URL in anything that is written or said."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.integrations.sql.databases import postgres_rows, run, sqlite_rows

from keepfit.errors import DataError, KeepfitError, ParamsError
from keepfit.flows.project import Project
from keepfit.flows.rows.labels import read_labels
from keepfit.flows.rows.sources import live_rows
from keepfit.flows.rows.window_store import WindowStore

PARAMS = """
model: {name: m, task: regression, target: x}
data:
  live: {sql: "LIVE", url_env: ROWS_DB}
  time: t
  features: {id: numeric}
"""
MARCH, APRIL, YEAR = datetime(2013, 3, 1), datetime(2013, 4, 1), datetime(2014, 1, 1)


def project(root, live="SELECT * FROM flights", more=""):
    (root / "params.yaml").write_text(PARAMS.replace("LIVE", live) + more)
    return Project(root)


@pytest.fixture
def book(tmp_path, monkeypatch):
    """An SQLite database in the project's folder."""
    monkeypatch.setenv("ROWS_DB", "sqlite:///rows.db")
    return sqlite_rows(tmp_path / "rows.db")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path, monkeypatch):
    """The same rows in each database that is tested."""
    uri = sqlite_rows(tmp_path / "rows.db") if request.param == "sqlite" else postgres_rows(request.getfixturevalue("postgres").uri, kind="timestamptz")
    monkeypatch.setenv("ROWS_DB", uri)
    return uri


def test_a_query_gives_the_rows_of_a_file(tmp_path, database):
    (tmp_path / "file").mkdir()
    whole = live_rows(project(tmp_path), start=None, end=None)
    (tmp_path / "file" / "rows.csv").write_text("id,t,x\n" + "".join(f"{r['id']},{r['t']},{'' if r['x'] is None else r['x']}\n" for r in whole.to_pylist()))
    (tmp_path / "file" / "params.yaml").write_text(PARAMS.replace('{sql: "LIVE", url_env: ROWS_DB}', "rows.csv"))
    file = live_rows(Project(tmp_path / "file"), start=None, end=None)
    assert whole.select(["id", "t", "x", "row_id"]).to_pylist() == file.select(["id", "t", "x", "row_id"]).to_pylist()
    assert max(whole["t"].to_pylist()) == datetime(2013, 6, 15, 6)


def test_windows_close_on_what_the_query_returns_and_a_period_without_rows_is_awaited(tmp_path, database):
    store = WindowStore(project(tmp_path), MARCH, datetime(2013, 9, 1))
    assert [window.id for window in store.windows] == ["2013-03", "2013-04", "2013-05", "2013-06"]
    assert sorted(store.rows(store.windows[0])["id"].to_pylist()) == [4, 5]
    assert store.windows[0].source == "sql:ROWS_DB"
    later = WindowStore(project(tmp_path), datetime(2013, 8, 1), datetime(2013, 9, 1))
    assert (later.windows, later.awaited.id) == ((), "2013-08")


def test_labels_come_by_a_query_too_and_none_yet_is_no_error(tmp_path, database):
    run(database, "DROP TABLE IF EXISTS answers", "CREATE TABLE answers (id int, x int)")
    more = '  labels: {sql: "SELECT id, x FROM answers", url_env: ROWS_DB}\n  id: id\n'
    found = project(tmp_path, "SELECT id, t FROM flights", more)
    assert read_labels(found).num_rows == 0
    assert "x" not in live_rows(found, start=None, end=None).column_names or live_rows(found, start=None, end=None)["x"].null_count == 12
    run(database, "INSERT INTO answers VALUES (4, 40), (5, NULL)")
    assert live_rows(found, start=MARCH, end=APRIL)["x"].to_pylist() == [40.0, None]


def test_rows_that_a_database_returns_in_another_order_keep_their_ids(tmp_path, database):
    run(database, "INSERT INTO flights VALUES (4, '2013-03-15 06:00:00', 7)", "INSERT INTO flights VALUES (4, '2013-03-15 06:00:00', 8)")
    scheme = "  id_scheme: features\n"
    queries = [f"SELECT *, id % 3 AS note FROM flights ORDER BY x {way}" for way in ("", "DESC")]
    one, other = (live_rows(project(tmp_path, query, scheme), start=MARCH, end=APRIL) for query in queries)
    assert one.to_pylist() == other.to_pylist()
    assert len(set(one["row_id"].to_pylist())) == 4


def test_rows_without_a_time_are_counted_where_a_period_is_asked_for(tmp_path, database):
    run(database, "INSERT INTO flights VALUES (90, NULL, 0), (91, NULL, 0)")
    untimed = []
    assert sorted(live_rows(project(tmp_path), start=MARCH, end=YEAR, untimed=untimed)["id"].to_pylist()) == [*range(4, 12)]
    assert untimed == ["data.live: 2 rows have no time and lie in no window"]
    with pytest.raises(DataError, match="2 of 14 rows have no time"):
        live_rows(project(tmp_path), start=None, end=None)


@pytest.mark.parametrize(
    ("query", "error", "says", "where"),
    [
        ("DELETE FROM flights", ParamsError, "begins with DELETE", "params.yaml: data.live.sql"),
        ("SELECT * FROM flights WHERE id > 99", DataError, "returns no rows", "params.yaml: data.live.sql"),
        ("SELECT id, x FROM flights", KeepfitError, "no column 't'", "params.yaml: data.live"),
        ("SELECT id, id, t FROM flights", DataError, "two columns named 'id'", "params.yaml: data.live"),
        ("SELECT * FROM flight", DataError, "cannot run the query", "params.yaml: data.live"),
        ("SELECT *, 'soon' AS t2, id AS t FROM (SELECT id, x FROM flights)", DataError, "data.live: the time column 't' holds int64", "params.yaml: data.time"),
    ],
)
@pytest.mark.parametrize("start", [None, MARCH])
def test_a_query_that_is_no_stream_is_said_with_its_key(tmp_path, book, start, query, error, says, where):
    with pytest.raises(error, match=says) as said:
        live_rows(project(tmp_path, query), start=start, end=None)
    assert said.value.where == where


def test_labels_that_cannot_be_read_are_said_with_their_own_key(tmp_path, book):
    found = project(tmp_path, more='  labels: {sql: "SELECT * FROM answers", url_env: ROWS_DB}\n  id: id\n')
    with pytest.raises(DataError, match="no such table: answers") as said:
        live_rows(found, start=None, end=None)
    assert said.value.where == "params.yaml: data.labels"


@pytest.mark.postgres
def test_nothing_of_the_url_is_written_by_closing_windows(tmp_path, postgres, monkeypatch):
    uri = postgres_rows(postgres.uri).replace("keepfit@", "keepfit:pa55word@")
    monkeypatch.setenv("ROWS_DB", uri)
    store = WindowStore(project(tmp_path), MARCH, datetime(2013, 9, 1))
    for window in store.windows:
        store.rows(window)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 5
    assert not any(secret in path.read_bytes() for path in files for secret in (b"pa55word", str(postgres.port).encode() + b"/", b"127.0.0.1"))


@pytest.mark.parametrize(
    "data",
    [
        "live: 'postgresql://ann:pa55word@host/db', time: t",
        "live: rows.csv, labels: 'postgresql://ann:pa55word@host/db', id: id, time: t",
        "live: {sql: SELECT 1, url: 'postgresql://ann:pa55word@host/db'}, time: t",
        "live: {sql: SELECT 1, password: pa55word}, time: t",
        "live: {sql: SELECT 1, url_env: 'postgresql://ann:pa55word@host/db'}, time: t",
    ],
)
def test_a_url_or_password_in_the_file_is_refused_and_not_repeated(tmp_path, data):
    (tmp_path / "params.yaml").write_text(f"model: {{name: m, task: regression, target: y}}\ndata: {{{data}}}\n")
    with pytest.raises(ParamsError) as said:
        _ = Project(tmp_path).params
    assert "KEEPFIT_DATABASE_URL" in str(said.value)
    assert "pa55word" not in str(said.value)


def test_a_typo_in_a_querys_key_is_refused_with_the_nearest_one(tmp_path):
    (tmp_path / "params.yaml").write_text("model: {name: m, task: regression, target: y}\ndata: {live: {sql: SELECT 1, url_enf: X}, time: t}\n")
    with pytest.raises(ParamsError, match="no key 'url_enf'") as said:
        _ = Project(tmp_path).params
    assert said.value.where == "params.yaml: data.live.url_enf"
    assert "did you mean 'url_env'" in said.value.fix
