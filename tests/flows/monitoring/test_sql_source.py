"""`keepfit monitor` over a database: what it says of a file, with nothing of the URL in all that it writes and says."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.flows.monitoring.test_monitor import rows_of, run, write_rows
from tests.integrations.sql.databases import run as run_sql

from keepfit.errors import DataError
from keepfit.flows.project import Project

MAY = datetime(2013, 5, 1)
SECRET = "pa55-word"


def told_of(told):
    return [(seen.window.id, seen.rows, seen.labelled, seen.status, round(seen.value, 12)) for seen in told.windows]


def live(project, query="SELECT * FROM clicks"):
    params = project.root / "params.yaml"
    text = params.read_text().replace("  live: rows.csv", f'  live: {{sql: "{query}", url_env: ROWS_DB}}')
    params.write_text(text)
    return Project(project.root)


@pytest.fixture
def clicks_table(postgres):
    """Four months in PostgreSQL, times with a zone."""
    months = [rows_of(month) for month in (1, 2, 3, 4)]
    run_sql(postgres.uri, "DROP TABLE IF EXISTS clicks", "CREATE TABLE clicks (id text, t timestamptz, x float8, c text, y boolean)")
    for month in months:
        values = ", ".join(f"('{row.id}', '{row.t} UTC', {row.x}, '{row.c}', {bool(row.y)})" for row in month.itertuples())
        run_sql(postgres.uri, f"INSERT INTO clicks VALUES {values}")
    return months


@pytest.mark.postgres
def test_a_database_is_monitored_as_a_file_is_and_its_password_is_nowhere(watched, clicks_table, postgres, monkeypatch):
    write_rows(watched.root, *clicks_table)
    plain = told_of(run(watched, until=MAY))
    for file in (watched.state / "ledger.db", *(watched.state / "windows").glob("*")):
        file.unlink()
    monkeypatch.setenv("ROWS_DB", postgres.uri.replace("keepfit@", f"keepfit:{SECRET}@"))
    said = []
    told = run(live(watched), until=MAY, said=said)
    assert (told_of(told), told.exit_code) == (plain, 0)
    assert told.windows[0].window.source == "sql:ROWS_DB"
    written = [path for path in watched.root.rglob("*") if path.is_file()]
    assert len(written) > 5
    assert [path for path in written if SECRET.encode() in path.read_bytes() or f"127.0.0.1:{postgres.port}".encode() in path.read_bytes()] == []
    assert SECRET not in "".join(said) + repr(told)


@pytest.mark.postgres
def test_a_database_that_is_away_changes_nothing_and_the_next_run_goes_on(watched, clicks_table, postgres, monkeypatch):
    monkeypatch.setenv("ROWS_DB", f"postgresql://keepfit:{SECRET}@127.0.0.1:9/postgres")
    with pytest.raises(DataError, match="the database cannot be reached") as away:
        run(live(watched), until=MAY)
    assert SECRET not in str(away.value)
    assert list((watched.state / "windows").glob("*")) == []
    monkeypatch.setenv("ROWS_DB", postgres.uri)
    assert len(run(Project(watched.root), until=MAY).windows) == 3
