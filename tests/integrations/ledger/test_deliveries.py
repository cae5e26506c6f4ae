"""Deliveries: made with the event's settling, leased by one, settled by whoever still holds the lease; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from tests.integrations.ledger.made import MODEL

from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.outbox import EVENT
from keepfit.integrations.ledger.schema import DELIVERIES
from keepfit.records import Event

NOW = datetime(2026, 3, 2, 3, 4, 5, 678)
FELL = Event(key="ticket_opened:m:harm", kind="ticket_opened", model=MODEL, subject="harm", at=datetime(2026, 3, 1), changed="AUC fell")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def ledgers(request, tmp_path):
    """Two looks at one ledger, as two processes have."""
    uri = f"sqlite:///{tmp_path}/ledger.db" if request.param == "sqlite" else request.getfixturevalue("on_postgres")
    both = Ledger(uri), Ledger(uri)
    yield both
    for each in both:
        each.close()


def made(ledger, *names):
    with ledger.transaction() as book:
        book.owe_event(FELL)
        book.fan_out(FELL, dict.fromkeys(names, NOW), last_attempt=20, now=NOW)
    return rows(ledger)


def rows(ledger, *statuses):
    with ledger.reading() as book:
        return book.deliveries(MODEL, *statuses)


def leased(ledger, *, owner, minutes=1):
    with ledger.transaction() as book:
        return book.lease(book.deliveries(MODEL, "waiting", "leased"), message="k", owner=owner, until=NOW + timedelta(minutes=minutes))


def test_an_event_is_made_into_deliveries_and_settled_together_and_twice_is_once(ledgers):
    first, second = ledgers
    made(first, "b", "a")
    found = made(second, "b", "a", "c")
    assert [(one.subscriber, one.subject, one.status, one.due, one.attempts) for one in found] == [(name, "harm", "waiting", NOW, 0) for name in "bac"]
    with second.reading() as book:
        assert book.owed(MODEL, EVENT) == ()
        assert book.event(MODEL, FELL.key) == FELL
        assert book.event("another", FELL.key) is None
        assert book.deliveries("another") == ()


def test_a_transaction_that_fails_leaves_the_event_owed_and_makes_nothing(ledgers):
    first, second = ledgers
    with first.transaction() as book:
        book.owe_event(FELL)

    def half():
        with first.transaction() as book:
            book.fan_out(FELL, {"a": NOW}, last_attempt=20, now=NOW)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert rows(second) == ()
    with second.reading() as book:
        assert [one.key for one in book.owed(MODEL, EVENT)] == [FELL.key]


def test_one_event_is_one_row_a_subscriber_whatever_writes_it(ledgers):
    (row,) = made(ledgers[0], "a")
    values = {name: getattr(row, name) for name in (column.name for column in DELIVERIES.c) if name != "number"}
    with pytest.raises(IntegrityError), ledgers[1]._engine.begin() as connection:
        connection.execute(DELIVERIES.insert().values(**values))


def test_a_lease_counts_the_attempt_and_says_who_and_until_when(ledgers):
    made(ledgers[0], "a")
    (row,) = leased(ledgers[0], owner="host:1")
    assert (row.status, row.attempts, row.lease, row.owner, row.message) == ("leased", 1, NOW + timedelta(minutes=1), "host:1", "k")
    assert rows(ledgers[1], "leased") == (row,)
    assert rows(ledgers[1], "waiting") == ()


def test_a_worker_whose_message_was_taken_over_changes_nothing_when_it_failed(ledgers):
    first, second = ledgers
    made(first, "a")
    late, taken_over = leased(first, owner="host:1"), leased(second, owner="host:2")
    with first.transaction() as book:
        book.put_back(late, error="too late", due=NOW)
        book.give_up(late, error="too late", now=NOW)
    assert rows(second) == taken_over


def test_a_worker_whose_message_was_taken_over_still_says_that_it_arrived(ledgers):
    first, second = ledgers
    made(first, "a")
    late, taken_over = leased(first, owner="host:1"), leased(second, owner="host:2")
    with first.transaction() as book:
        book.taken(late, outcome="posted", now=NOW)
    with second.transaction() as book:
        book.put_back(taken_over, error="away", due=NOW)
        book.taken(taken_over, outcome="posted again", now=NOW)
    (row,) = rows(second)
    assert (row.status, row.outcome, row.error, row.settled) == ("delivered", "posted", None, NOW)


def test_what_failed_is_due_again_what_was_given_up_can_be_revived_and_what_was_dropped_stays_so(ledgers):
    first, second = ledgers
    made(first, "a")
    later = NOW + timedelta(hours=1)
    with first.transaction() as book:
        book.put_back(book.lease(book.deliveries(MODEL), message="k", owner="o", until=NOW), error="away", due=later)
    (row,) = rows(second, "waiting")
    assert (row.due, row.error, row.lease, row.attempts) == (later, "away", None, 1)
    with second.transaction() as book:
        book.give_up(leased_in(book), error="refused", now=NOW)
        (dead,) = book.deliveries(MODEL, "dead")
        assert (dead.error, dead.settled, dead.attempts) == ("refused", NOW, 2)
        book.revive([dead], due=NOW, attempts=20)
    (row,) = rows(first)
    assert (row.status, row.settled, row.last_attempt, row.attempts, row.message) == ("waiting", None, 22, 2, "k")
    with first.transaction() as book:
        (busy,) = leased_in(book)
        book.drop([busy], outcome="nobody cares", now=NOW)
        book.taken([busy], outcome="posted", now=NOW)
    assert rows(second) == (replace(busy, status="dropped", lease=None, outcome="nobody cares", settled=NOW),)


def leased_in(book):
    return book.lease(book.deliveries(MODEL), message="k", owner="o", until=NOW)
