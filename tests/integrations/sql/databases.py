"""A table of twelve rows, two a month, in PostgreSQL and in SQLite, behind a Snapshot."""

from __future__ import annotations

import sqlite3

from sqlalchemy import create_engine

from keepfit.integrations.sql.address import address_of
from keepfit.integrations.sql.patience import Patience
from keepfit.integrations.sql.snapshot import Snapshot

WHERE = "params.yaml: data.live"
ROWS = [(number, f"2013-{1 + number // 2:02}-15 06:00:00", None if number == 3 else number / 2) for number in range(12)]


def sqlite_rows(path, *, wal=False):
    with sqlite3.connect(path) as book:
        book.execute(f"PRAGMA journal_mode = {'wal' if wal else 'delete'}")
        book.execute("CREATE TABLE flights (id INTEGER, t TEXT, x REAL)")
        book.executemany("INSERT INTO flights VALUES (?, ?, ?)", ROWS)
    book.close()
    return f"sqlite:///{path}"


def postgres_rows(uri, *, kind="timestamp"):
    run(uri, "DROP TABLE IF EXISTS flights", f"CREATE TABLE flights (id int, t {kind}, x numeric(8, 2))")
    run(uri, *(f"INSERT INTO flights VALUES ({id_}, '{t}', {'NULL' if x is None else x})" for id_, t, x in ROWS))
    return uri


def run(uri, *statements):
    engine = create_engine(uri)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def snapshot(monkeypatch, tmp_path, uri, *, seconds=20):
    monkeypatch.setenv("ROWS_DB", uri)
    return Snapshot(address_of("ROWS_DB", where=WHERE, root=tmp_path), Patience(seconds))
