"""Databases that do not let keepfit in, and that it cannot write to one that does."""

from __future__ import annotations

import sqlite3

import pytest
from tests.conftest import free_port
from tests.integrations.sql.databases import WHERE, run, snapshot, sqlite_rows

from keepfit.errors import DataError

QUERY = "SELECT * FROM flights"


def said(state):
    with pytest.raises(DataError) as refused:
        list(state.batches(QUERY))
    state.close()
    return refused.value


def test_a_database_that_is_away_is_said_without_the_password(monkeypatch, tmp_path):
    refused = said(snapshot(monkeypatch, tmp_path, f"postgresql+psycopg://ann:pa55word@127.0.0.1:{free_port()}/db"))
    assert "cannot be reached" in refused.what
    assert (refused.where, refused.fix) == (WHERE, "check that it is up, and the URL in ROWS_DB")
    assert "pa55word" not in str(refused)
    assert "no SQLite file rows.db" in said(snapshot(monkeypatch, tmp_path, "sqlite:///rows.db")).what
    assert not (tmp_path / "rows.db").exists()


@pytest.mark.postgres
def test_a_wrong_password_is_said_and_not_shown(postgres, monkeypatch, tmp_path):
    rules = "SELECT 'host all ann 127.0.0.1/32 scram-sha-256' UNION ALL SELECT 'host all all 127.0.0.1/32 trust'"
    run(postgres.uri, "DROP ROLE IF EXISTS ann", "CREATE ROLE ann LOGIN PASSWORD 'right-one'")
    run(postgres.uri, "DO $$ BEGIN EXECUTE 'COPY (" + rules.replace("'", "''") + ") TO ' || quote_literal(current_setting('hba_file')); END $$")
    run(postgres.uri, "SELECT pg_reload_conf()")
    refused = said(snapshot(monkeypatch, tmp_path, f"postgresql+psycopg://ann:pa55word@127.0.0.1:{postgres.port}/postgres"))
    assert refused.what == "the database refuses the name or the password"
    assert "pa55word" not in str(refused)
    assert "cannot run the query" in said(snapshot(monkeypatch, tmp_path, f"postgresql://ann:right-one@127.0.0.1:{postgres.port}/template1")).what


def test_a_locked_database_is_said(monkeypatch, tmp_path):
    uri = sqlite_rows(tmp_path / "rows.db")
    state = snapshot(monkeypatch, tmp_path, uri, seconds=1)
    writer = sqlite3.connect(tmp_path / "rows.db", isolation_level=None)
    try:
        writer.execute("BEGIN EXCLUSIVE")
        assert "locked by another program" in said(state).what
    finally:
        writer.close()


def test_a_driver_that_is_not_installed_is_named(monkeypatch, tmp_path):
    assert said(snapshot(monkeypatch, tmp_path, "mysql+pymysql://ann:pa55word@host/db")).what == "no driver for mysql+pymysql is installed"


def test_a_file_that_is_no_database_is_said(monkeypatch, tmp_path):
    (tmp_path / "rows.db").write_text("t,y\n" * 500)
    assert "file is not a database" in said(snapshot(monkeypatch, tmp_path, "sqlite:///rows.db")).what


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres", "wal", "journal"])
def test_nothing_can_be_written_through_the_connection(request, monkeypatch, tmp_path, database):
    uri = request.getfixturevalue("postgres").uri if database == "postgres" else sqlite_rows(tmp_path / "rows.db", wal=database == "wal")
    if database == "postgres":
        run(uri, "CREATE SEQUENCE IF NOT EXISTS numbers")
    state = snapshot(monkeypatch, tmp_path, uri)
    with pytest.raises(DataError, match="the query writes"):
        list(state.batches("SELECT setval('numbers', 1)" if database == "postgres" else "CREATE TABLE mine (x int)"))
    state.close()
