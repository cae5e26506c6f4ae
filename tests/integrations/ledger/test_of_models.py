"""Many models in one query a table: what one model's own rows say, said of all."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import event
from tests.integrations.ledger.made import judged, ticket

from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import Event

NOW = datetime(2013, 7, 1)


def happened(model, key):
    return Event(key=key, kind="ticket_opened", model=model, subject="t", at=NOW, changed="AUC fell")


def fill(ledger):
    with ledger.transaction() as book:
        for model in ("a", "b", "c"):
            for window in ("2013-11", "2013-12", "2013-02"):
                book.record_window(judged(window, model=model, labelled=5))
        book.record_window(judged("2013-12", model="a", champion="sha256:bb", status="blocked"))
        book.record_window(judged("rows-000010", model="n"))
        book.record_window(judged("rows-000009", model="n"))
        book.owe_event(happened("a", "1"))
        book.owe_event(happened("a", "2"))
        for key in ("1", "2"):
            book.fan_out(happened("a", key), {"me": NOW}, last_attempt=1, now=NOW)
        (gone, _) = book.deliveries("a")
        book.give_up(book.lease([gone], message="k", owner="w", until=NOW), error="down", now=NOW)
        book.save_ticket(ticket("2013-11-harm", model="a"))
        book.save_ticket(ticket("2013-12-harm", model="a", status="acknowledged"))
        book.save_ticket(ticket("2013-12-harm", model="b", status="resolved"))


def looked(ledger):
    with ledger.reading() as book:
        windows = book.newest_windows(["a", "b", "n", "none"], each=3)
        tickets = book.unresolved_tickets(["a", "b", "none"])
        assert book.given_up(["a", "b"]) == {"a": 1}
    return {name: [(row.window, row.status) for row in rows] for name, rows in windows.items()}, {name: [t.id for t in t_] for name, t_ in tickets.items()}


def check(ledger):
    fill(ledger)
    windows, tickets = looked(ledger)
    assert sorted(windows["a"][:2]) == [("2013-12", "blocked"), ("2013-12", "seen")]
    assert windows["a"][2] == ("2013-11", "seen")
    assert windows["b"] == [("2013-12", "seen"), ("2013-11", "seen"), ("2013-02", "seen")]
    assert windows["n"] == [("rows-000010", "seen"), ("rows-000009", "seen")]
    assert windows.keys() == {"a", "b", "n"}
    assert tickets == {"a": ["2013-11-harm", "2013-12-harm"]}


def test_the_newest_windows_and_the_open_tickets_of_each_model(ledger):
    check(ledger)


@pytest.mark.postgres
def test_on_postgresql_as_well(on_postgres):
    ledger = Ledger(on_postgres)
    check(ledger)
    ledger.close()


def test_three_queries_whatever_the_number_of_models(ledger):
    fill(ledger)
    asked = []
    event.listen(ledger._engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    looked(ledger)
    assert len([statement for statement in asked if "SELECT" in statement and "keepfit_" in statement]) == 3
