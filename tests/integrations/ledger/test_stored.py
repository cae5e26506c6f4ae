"""Records in rows: what a newer keepfit added is ignored and kept, a newer major version is refused by name."""

import json
from contextlib import closing
from sqlite3 import connect

import pytest
from tests.integrations.ledger.made import CHAMPION, MODEL, judged, ticket

from keepfit.errors import LedgerError
from keepfit.integrations.ledger.stored import read, written
from keepfit.records import PolicyState, Ticket, canonical


def change(path, table, **fields):
    """What another keepfit's row looks like."""
    with closing(connect(path)) as database, database:
        (text,) = database.execute(f"select record from {table}").fetchone()
        database.execute(f"update {table} set record = ?", [json.dumps(json.loads(text) | fields)])


def stored(path, table):
    with closing(connect(path)) as database:
        return json.loads(database.execute(f"select record from {table}").fetchone()[0])


def test_what_a_row_holds_is_its_records_bytes():
    assert written(ticket()).encode() == canonical(ticket())
    assert written(ticket(), over=written(ticket(note="known"))).encode() == canonical(ticket())


def test_a_field_of_a_newer_minor_version_is_ignored_and_kept_when_the_row_is_written_again(ledger, tmp_path):
    with ledger.transaction() as book:
        book.record_window(judged())
        book.save_ticket(ticket())
        book.save_state(MODEL, CHAMPION, PolicyState(windows=1))
    for table in ("windows", "tickets", "state"):
        change(tmp_path / "deep/ledger.db", f"keepfit_{table}", impact={"money": 12.5})
    with ledger.transaction() as book:
        assert book.window(MODEL, CHAMPION, "2013-02") == judged()
        assert book.ticket(MODEL, "2013-02-harm") == ticket()
        book.rescore_window(judged(rows=11))
        book.save_ticket(ticket(status="resolved"))
        book.save_state(MODEL, CHAMPION, PolicyState(windows=2))
    rows = {table: stored(tmp_path / "deep/ledger.db", f"keepfit_{table}") for table in ("windows", "tickets", "state")}
    assert [row["impact"] for row in rows.values()] == [{"money": 12.5}] * 3
    assert (rows["windows"]["rows"], rows["tickets"]["status"], rows["state"]["windows"]) == (11, "resolved", 2)


@pytest.mark.parametrize("broken", [{}, {"opened": "no time"}])
def test_a_record_of_a_newer_major_version_is_refused_by_name(ledger, tmp_path, broken):
    with ledger.transaction() as book:
        book.save_ticket(ticket())
    change(tmp_path / "deep/ledger.db", "keepfit_tickets", schema=2, **broken)
    with pytest.raises(LedgerError, match="a Ticket of schema 2, this keepfit knows 1") as caught, ledger.transaction() as book:
        book.tickets(MODEL)
    assert "update keepfit" in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 1}', "not JSON"])
def test_a_row_that_is_no_record_is_one_sentence(text):
    with pytest.raises(LedgerError, match="not a Ticket record"):
        read(Ticket, text)
