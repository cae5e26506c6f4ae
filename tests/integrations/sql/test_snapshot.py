"""What is read of a database: its rows in honest types, of the period that is asked for, and nothing else that it answers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from tests.integrations.sql.databases import postgres_rows, run, snapshot, sqlite_rows

from keepfit.errors import DataError, UnknownNameError
from keepfit.integrations.sql.snapshot import BATCH, Period

QUERY = "SELECT * FROM flights"
SPRING = Period("t", datetime(2013, 3, 1), datetime(2013, 5, 1))


def read(state, query=QUERY, period=None):
    try:
        return pa.concat_tables(state.batches(query, period=period), promote_options="permissive")
    finally:
        state.close()


def test_sqlite_reads_only_the_period_and_what_it_cannot_date(monkeypatch, tmp_path):
    uri = sqlite_rows(tmp_path / "rows.db")
    assert read(snapshot(monkeypatch, tmp_path, uri), period=SPRING)["id"].to_pylist() == [4, 5, 6, 7]
    run(uri, "INSERT INTO flights VALUES (90, '1/2/2013', 0), (91, 1359694800, 0), (92, NULL, 0), (93, '2013-04-30T23:00:00-05:00', 0)")
    assert read(snapshot(monkeypatch, tmp_path, uri), period=SPRING)["id"].to_pylist() == [4, 5, 6, 7, 90, 91, 93]
    assert read(snapshot(monkeypatch, tmp_path, uri))["id"].to_pylist() == [*range(12), 90, 91, 92, 93]


@pytest.mark.postgres
@pytest.mark.parametrize("kind", ["timestamp", "timestamptz", "date"])
def test_postgres_reads_only_the_period(postgres, monkeypatch, tmp_path, kind):
    state = snapshot(monkeypatch, tmp_path, postgres_rows(postgres.uri, kind=kind))
    found = read(state, period=SPRING)
    assert found["id"].to_pylist() == [4, 5, 6, 7]
    assert found.schema.field("x").type == pa.decimal128(8, 2)
    assert found["x"].to_pylist()[0] == Decimal("2.00")


@pytest.mark.postgres
def test_postgres_reads_times_that_are_text_or_numbers_whole(postgres, monkeypatch, tmp_path):
    uri = postgres_rows(postgres.uri)
    for written in ("t::text", "extract(epoch FROM t)::bigint"):
        assert read(snapshot(monkeypatch, tmp_path, uri), f"SELECT id, {written} AS t FROM flights", SPRING).num_rows == 12


@pytest.mark.postgres
def test_the_types_of_postgres_are_what_they_are_in_every_batch(postgres, monkeypatch, tmp_path):
    query = f"""
        SELECT n::int AS n, CASE WHEN n < {BATCH} THEN n::int END AS sometimes, (n % 2 = 0) AS even, TIMESTAMPTZ '2013-02-01 06:00:00+05' AS at,
               DATE '2013-02-01' AS day, NULL::timestamp AS never, 0.1::real AS small, n * 1.5 AS half, sum(n) OVER () AS total,
               '{{"b": 1, "a": [2]}}'::jsonb AS j, ARRAY[1, 2] AS list, 'a%b :c' AS words
        FROM generate_series(1, {2 * BATCH + 5}) AS n
    """
    found = read(snapshot(monkeypatch, tmp_path, postgres.uri), query)
    assert found.num_rows == 2 * BATCH + 5
    last = found.slice(found.num_rows - 1).to_pylist()[0]
    assert last == {
        "n": 2 * BATCH + 5,
        "sometimes": None,
        "even": False,
        "at": datetime(2013, 2, 1, 1, tzinfo=UTC),
        "day": datetime(2013, 2, 1).date(),
        "never": None,
        "small": pytest.approx(0.1),
        "half": 1.5 * (2 * BATCH + 5),
        "total": (2 * BATCH + 5) * (2 * BATCH + 6) // 2,
        "j": '{"a": [2], "b": 1}',
        "list": "[1, 2]",
        "words": "a%b :c",
    }
    assert found.schema.field("never").type == pa.timestamp("us")


@pytest.mark.parametrize(
    ("query", "error", "says"),
    [
        ("SELECT id, id, t FROM flights", DataError, "two columns named 'id'"),
        ("SELECT id, t AS time FROM flights", UnknownNameError, "no column 't'"),
        ("SELECT * FROM flight", DataError, "cannot run the query: no such table: flight"),
        ("SELECT FROM", DataError, "syntax error"),
    ],
)
def test_a_query_that_sqlite_cannot_answer_is_said(monkeypatch, tmp_path, query, error, says):
    state = snapshot(monkeypatch, tmp_path, sqlite_rows(tmp_path / "rows.db"))
    with pytest.raises(error, match=says):
        read(state, query, SPRING)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("query", "error", "says"),
    [
        ("SELECT id, id, t FROM flights", DataError, "two columns named 'id'"),
        ("SELECT id, t AS time FROM flights", UnknownNameError, "no column 't'"),
        ("SELECT * FROM flight", DataError, 'relation "flight" does not exist'),
        ("SELECT FROM WHERE", DataError, "syntax error"),
        ("SELECT nextval('numbers') AS t", DataError, "the query writes"),
        ("SELECT 'infinity'::timestamp AS t", DataError, "values cannot be read"),
    ],
)
def test_a_query_that_postgres_cannot_answer_is_said(postgres, monkeypatch, tmp_path, query, error, says):
    run(postgres_rows(postgres.uri), "CREATE SEQUENCE IF NOT EXISTS numbers")
    with pytest.raises(error, match=says):
        read(snapshot(monkeypatch, tmp_path, postgres.uri), query, Period("t", None, None))


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres", "sqlite"])
def test_a_query_that_takes_too_long_is_given_up(request, monkeypatch, tmp_path, database):
    slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS t FROM n"
    uri = request.getfixturevalue("postgres").uri if database == "postgres" else sqlite_rows(tmp_path / "rows.db")
    with pytest.raises(DataError, match="takes too long") as said:
        read(snapshot(monkeypatch, tmp_path, uri, seconds=1), "SELECT pg_sleep(9) AS t" if database == "postgres" else slow)
    assert "data.live.timeout_seconds" in said.value.fix


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres", "wal", "journal"])
def test_all_that_is_read_is_one_state_and_nobody_waits_for_the_reader(request, monkeypatch, tmp_path, database):
    uri = postgres_rows(request.getfixturevalue("postgres").uri) if database == "postgres" else sqlite_rows(tmp_path / "rows.db", wal=database == "wal")
    state = snapshot(monkeypatch, tmp_path, uri)
    before = pa.concat_tables(state.batches(QUERY), promote_options="permissive").num_rows
    run(uri, "INSERT INTO flights VALUES (99, '2013-03-15', 0)")
    assert pa.concat_tables(state.batches(QUERY), promote_options="permissive").num_rows == before == 12
    assert not state.is_empty(QUERY)
    assert state.count_without(QUERY, "x") == 1
    state.close()
    assert read(state).num_rows == 13
