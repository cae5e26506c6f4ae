"""Ledgers of older and newer keepfits: brought up to date in place and without loss, used as they are, or refused by name."""

import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, event, insert, inspect, select, text
from tests.integrations.ledger.made import CHAMPION, MODEL, judged, ticket

from keepfit.errors import LedgerError
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.ledger.schema import META, REVISIONS, SCHEMA, VERSION_TABLE
from keepfit.integrations.ledger.upgrade import MIGRATIONS, migrate
from keepfit.records import PolicyState

FIRST, RELEASED = Path(__file__).parent / "older_ledger.sql", Path(__file__).parents[2] / "golden/v1/ledger.sql"
TABLES = ("windows", "state", "tickets", "steps", "outbox")


def restored(dumped, folder):
    """An older keepfit's ledger, by its address."""
    with closing(sqlite3.connect(folder / "ledger.db")) as database:
        database.executescript(dumped.read_text(encoding="utf-8"))
    return f"sqlite:///{folder}/ledger.db"


def copied_to_postgres(dumped, folder, uri):
    """The same ledger as an older keepfit left it in PostgreSQL."""
    lite, target, tables = create_engine(restored(dumped, folder)), create_engine(uri), MetaData()
    tables.reflect(lite)
    with lite.connect() as old, target.begin() as new:
        tables.create_all(new)
        for table in tables.sorted_tables:
            new.execute(insert(table), [dict(row) for row in old.execute(select(table)).mappings()])
            if "number" in table.c:
                new.execute(text(f"SELECT setval('{table.name}_number_seq', (SELECT max(number) FROM {table.name}))"))
    lite.dispose()
    target.dispose()
    return uri


def rows(uri):
    """All that the tables hold, without the columns that were added."""
    engine = create_engine(uri)
    with engine.connect() as connection:
        found = {}
        for table in TABLES:
            if not inspect(connection).has_table(f"keepfit_{table}"):
                continue
            every = connection.execute(text(f"SELECT * FROM keepfit_{table}")).mappings().all()
            left_out = {"windows": {"starts", "ends", "number"}, "outbox": {"model"}}.get(table, set())
            found[table] = sorted(json.dumps({k: v for k, v in row.items() if k not in left_out}, sort_keys=True) for row in every)
    engine.dispose()
    return found


def revision(uri):
    engine = create_engine(uri)
    with engine.connect() as connection:
        found = (
            connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one() if inspect(connection).has_table(VERSION_TABLE) else None,
            connection.execute(text("SELECT schema FROM keepfit_ledger")).scalar_one(),
        )
    engine.dispose()
    return found


def opened(uri):
    ledger = Ledger(uri)
    try:
        with ledger.transaction():
            pass
    finally:
        ledger.close()


def shape(uri):
    """Every column, key and index, as far as the database knows them."""
    engine = create_engine(uri)
    seen = inspect(engine)
    found = {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)],
            seen.get_pk_constraint(table)["constrained_columns"],
            sorted(tuple(one["column_names"]) for one in seen.get_unique_constraints(table)),
            sorted((one["name"], tuple(one["column_names"])) for one in seen.get_indexes(table) if not one.get("duplicates_constraint")),
        )
        for table in sorted(META.tables)
    }
    engine.dispose()
    return found


# -- forward ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dumped", [FIRST, RELEASED], ids=["the first", "the released"])
def test_an_older_ledger_is_brought_up_to_date_in_place_and_loses_nothing(tmp_path, dumped):
    uri = restored(dumped, tmp_path)
    before = rows(uri)
    opened(uri)
    assert revision(uri) == (REVISIONS[-1], SCHEMA)
    after = rows(uri)
    assert before == {table: after[table] for table in before}


def test_a_migrated_ledger_is_a_new_one_in_every_column_key_and_index(tmp_path):
    (tmp_path / "new").mkdir()
    uri, new = restored(RELEASED, tmp_path), f"sqlite:///{tmp_path}/new/ledger.db"
    opened(uri)
    opened(new)
    assert shape(uri) == shape(new)


def test_the_newest_revision_is_the_tables_of_today():
    assert sorted(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v*.py")) == list(REVISIONS)


def test_a_migrated_window_lies_in_its_time_and_an_effect_is_its_models(tmp_path):
    uri = restored(RELEASED, tmp_path)
    opened(uri)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as database:
        assert database.execute("select window, starts, ends, number from keepfit_windows order by starts").fetchall() == [
            ("2026-02", "2026-02-01 00:00:00.000000", "2026-03-01 00:00:00.000000", None),
            ("2026-03", "2026-03-01 00:00:00.000000", "2026-04-01 00:00:00.000000", None),
        ]
        assert database.execute("select distinct model from keepfit_outbox").fetchall() == [("parts",)]


def test_an_effect_without_a_model_in_its_payload_has_it_from_its_key(tmp_path):
    uri = restored(FIRST, tmp_path)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as database, database:
        database.execute("insert into keepfit_outbox values (7, 'announce:flights:2013-02-harm', 'announce', '{}', 0)")
    with Ledger(uri).reading() as book:
        assert [one.key for one in book.owed("flights", "announce")] == ["announce:flights:2013-02-harm"]


def test_a_window_of_rows_keeps_its_number(tmp_path):
    uri = restored(FIRST, tmp_path)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as database, database:
        (record,) = database.execute("select record from keepfit_windows").fetchone()
        for name in ("rows-1000000", "rows-999999"):
            window = {"id": name, "schema": 1, "source": "rows.csv", "start": None, "end": None}
            database.execute("insert into keepfit_windows values ('n', 'c', ?, 'seen', ?)", [name, json.dumps(json.loads(record) | {"window": window})])
    with Ledger(uri).reading() as book:
        assert [one.window.id for one in book.windows("n", "c")] == ["rows-999999", "rows-1000000"]


def test_a_ledger_without_steps_gets_the_table_and_has_none_of_those_taken_before(tmp_path):
    with Ledger(restored(FIRST, tmp_path)).reading() as book:
        assert book.step_of(MODEL, "2013-02-harm") is None


def test_what_the_first_ledgers_hold_is_read_with_nothing_said_of_what_they_did_not_know(tmp_path):
    with Ledger(restored(FIRST, tmp_path)).transaction() as book:
        (window,), (asked,) = book.windows(MODEL, CHAMPION), book.tickets(MODEL)
        assert (window.value, window.labelled, window.evidence[0].effect, window.decision.ground) == (0.7, 400, -0.1, "harm")
        assert (window.arrivals, window.late_rows, window.estimate) == (0, 0, None)
        assert (asked.id, asked.status, asked.root) == ("2013-02-harm", "open", None)
        assert book.state(MODEL) == (PolicyState(windows=1, last_improve=datetime(2013, 3, 1), drifting={"x": 2}), CHAMPION)
        assert [owed.payload["ticket"] for owed in book.owed(MODEL, "announce")] == ["2013-02-harm"]
        book.rescore_window(replace(window, arrivals=1, late_rows=3))
        assert book.window(MODEL, CHAMPION, "2013-02") == replace(window, arrivals=1, late_rows=3)


def test_a_ledger_that_is_up_to_date_is_opened_without_alembic(ledger):
    opened(ledger.uri)
    code = (
        "import sys\nfrom keepfit.integrations.ledger.ledger import Ledger\n"
        f"with Ledger({ledger.uri!r}).transaction() as book: book.tickets('m')\n"
        f"with Ledger('sqlite://').transaction() as book: book.tickets('m')\n"  # and a new one is made without it
        "print([name for name in ('alembic', 'mako') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


# -- interrupted, and at once -------------------------------------------------------------------------------------------


def die_at(uri, statement):
    """Migrate, and fall dead before a statement; leave 7 if there was none so late."""
    engine, said = create_engine(uri), []
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))

    def count(_connection, _cursor, sql, *_):
        if sql.lstrip().partition(" ")[0].upper() in ("CREATE", "ALTER", "UPDATE", "INSERT", "DROP"):
            said.append(sql)
            if len(said) == statement:
                os._exit(9)

    event.listen(engine, "before_cursor_execute", count)
    with engine.begin() as connection:
        migrate(connection)
    os._exit(7)


def died(uri, statement):
    process = multiprocessing.get_context("fork").Process(target=die_at, args=(uri, statement))
    process.start()
    process.join()
    return process.exitcode


def test_a_migration_that_is_killed_before_any_of_its_statements_leaves_the_ledger_as_it_was(tmp_path):
    uri = restored(RELEASED, tmp_path)
    before, statement = (rows(uri), revision(uri)), 0
    while (left := died(uri, statement + 1)) == 9:
        statement += 1
        assert (rows(uri), revision(uri)) == before, statement
    assert left == 7
    assert statement > 15
    assert revision(uri) == (REVISIONS[-1], SCHEMA)
    assert rows(uri) == before[0]


def open_at_once(uri, *, workers):
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=opened, args=(uri,)) for _ in range(workers)]
    for worker in started:
        worker.start()
    for worker in started:
        worker.join()
    return [worker.exitcode for worker in started]


def test_processes_that_find_an_older_ledger_at_once_migrate_it_once(tmp_path):
    uri = restored(RELEASED, tmp_path)
    before = rows(uri)
    assert open_at_once(uri, workers=3) == [0, 0, 0]
    assert (rows(uri), revision(uri)) == (before, (REVISIONS[-1], SCHEMA))


# -- PostgreSQL ---------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_on_postgresql_the_released_ledger_is_migrated_by_several_hosts_at_once_and_loses_nothing(on_postgres, tmp_path):
    uri = copied_to_postgres(RELEASED, tmp_path, on_postgres)
    before = rows(uri)
    assert open_at_once(uri, workers=3) == [0, 0, 0]
    assert (rows(uri), revision(uri)) == (before, (REVISIONS[-1], SCHEMA))
    with Ledger(uri).transaction() as book:
        (asked,) = book.tickets("parts")
        assert (asked.id, [one.window.id for one in book.windows("parts", None)]) == ("2026-03-harm", ["2026-02", "2026-03"])
        assert book.owe(Owed(model="parts", key="log-run:new", verb="log-run", payload={}))
        assert not book.owe(Owed(model="parts", key="announce:parts:2026-03-harm", verb="announce", payload={}))


@pytest.mark.postgres
def test_on_postgresql_a_migrated_ledger_is_a_new_one_in_every_column_key_and_index(on_postgres, tmp_path):
    uri = copied_to_postgres(RELEASED, tmp_path, on_postgres)
    opened(uri)
    migrated = shape(uri)
    engine = create_engine(uri)
    META.drop_all(engine)
    engine.dispose()
    opened(uri)
    assert shape(uri) == migrated


@pytest.mark.postgres
def test_on_postgresql_a_migration_that_is_killed_leaves_the_ledger_as_it_was(on_postgres, tmp_path):
    uri = copied_to_postgres(RELEASED, tmp_path, on_postgres)
    before = (rows(uri), revision(uri))
    for statement in (1, 6, 11):
        assert died(uri, statement) == 9
        assert (rows(uri), revision(uri)) == before
    opened(uri)
    assert (rows(uri), revision(uri)) == (before[0], (REVISIONS[-1], SCHEMA))


# -- newer keepfits, and other programs -----------------------------------------------------------------------------------


def set_version(uri, *, schema=SCHEMA, revision=REVISIONS[-1]):
    engine = create_engine(uri)
    with engine.begin() as other:
        other.execute(text(f"UPDATE keepfit_ledger SET schema = {schema}"))
        other.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{revision}'"))
    engine.dispose()


def test_a_ledger_of_a_newer_major_version_is_refused_by_its_number(ledger):
    opened(ledger.uri)
    set_version(ledger.uri, schema=SCHEMA + 1, revision="0009")
    with pytest.raises(LedgerError, match=f"schema {SCHEMA + 1}, this keepfit knows {SCHEMA}") as caught, Ledger(ledger.uri).transaction():
        pass
    assert "update keepfit" in str(caught.value)


def test_a_ledger_of_a_newer_minor_version_is_used_as_it_is(ledger):
    with ledger.transaction() as book:
        book.save_ticket(ticket())
    set_version(ledger.uri, revision="0009")
    engine = create_engine(ledger.uri)
    with engine.begin() as newer:
        newer.execute(text("ALTER TABLE keepfit_tickets ADD COLUMN impact TEXT"))
    engine.dispose()
    with Ledger(ledger.uri).transaction() as book:
        assert book.record_window(judged())
        book.save_ticket(ticket("2013-03-harm"))
        assert len(book.tickets(MODEL)) == 2
    assert revision(ledger.uri) == ("0009", SCHEMA)


def test_an_older_keepfit_refuses_a_migrated_ledger_by_the_number_it_looks_at(tmp_path):
    uri = restored(RELEASED, tmp_path)
    assert revision(uri) == (None, 2)
    opened(uri)
    assert revision(uri)[1] > 2  # it refuses what is above the 2 that it knows


def test_a_ledger_may_share_the_database_of_mlflow(tmp_path):
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    uri = restored(RELEASED, tmp_path)
    before = rows(uri)
    SqlAlchemyStore(uri, str(tmp_path / "artifacts")).engine.dispose()
    engine = create_engine(uri)
    with engine.connect() as connection:
        theirs = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    opened(uri)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == theirs
    engine.dispose()
    assert (rows(uri), revision(uri)) == (before, (REVISIONS[-1], SCHEMA))
    SqlAlchemyStore(uri, str(tmp_path / "artifacts")).engine.dispose()  # their check of their own schema passes
