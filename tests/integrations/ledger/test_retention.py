"""What can go: windows of champions that nobody returns to, and steps that nobody replays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from tests.integrations.ledger.made import CHAMPION, MODEL, judged, ticket

from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import Event, PolicyState, PolicyStep

OLD, OLDER = "sha256:bb", "sha256:cc"
NEW_YEAR = datetime(2013, 1, 1)


def step(window="2012-05", **changes):
    place = judged(window).window
    values = {"model": MODEL, "champion": CHAMPION, "window": place, "now": place.end, "policy": {}, "state": PolicyState(), "evidence": ()}
    return PolicyStep(**(values | {"decision": judged(window).decision} | changes))


def windows(book, champion):
    return [seen.window.id for seen in book.windows(MODEL, champion)]


@pytest.mark.parametrize("where", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_windows_of_champions_long_gone_go_and_no_others(where, tmp_path, request):
    uri = f"sqlite:///{tmp_path}/ledger.db" if where == "sqlite" else request.getfixturevalue("on_postgres")
    ledger = Ledger(uri)
    try:
        with ledger.transaction() as book:
            for name in ("2012-01", "2012-02"):
                book.record_window(judged(name, champion=OLDER))
                book.record_window(judged(name, champion=OLDER, model="another"))
            for name in ("2012-11", "2012-12", "2013-01"):
                book.record_window(judged(name, champion=OLD))
            book.record_window(judged("2011-12", champion=CHAMPION))
            gone = book.superseded(MODEL, before=NEW_YEAR, champions={CHAMPION})
            assert gone.windows == ((OLDER, "2012-01"), (OLDER, "2012-02"))
            book.remove(MODEL, gone)
            assert (windows(book, OLDER), windows(book, OLD), windows(book, CHAMPION)) == ([], ["2012-11", "2012-12", "2013-01"], ["2011-12"])
            assert len(book.windows("another", OLDER)) == 2
            assert book.superseded(MODEL, before=NEW_YEAR, champions={CHAMPION}).windows == ()
    finally:
        ledger.close()


def test_a_champion_whose_last_window_ends_at_the_very_day_goes(ledger):
    with ledger.transaction() as book:
        book.record_window(judged("2012-12", champion=OLD))
        assert book.superseded(MODEL, before=datetime(2012, 12, 31), champions=set()).windows == ()
        assert book.superseded(MODEL, before=NEW_YEAR, champions=set()).windows == ((OLD, "2012-12"),)


@pytest.mark.parametrize("kept", [judged("2012-01", champion=OLD, status="blocked"), judged("2012-01", champion=OLD, quarantined=("r1",))])
def test_what_keeps_rows_from_training_stays(ledger, kept):
    with ledger.transaction() as book:
        book.record_window(kept)
        book.record_window(judged("2012-02", champion=OLD))
        assert book.superseded(MODEL, before=NEW_YEAR, champions=set()).windows == ((OLD, "2012-02"),)


def test_windows_of_counted_rows_have_no_time_and_stay(ledger):
    with ledger.transaction() as book:
        book.record_window(judged("rows-00000001", champion=OLD))
        assert judged("rows-00000001").window.end is None
        assert book.superseded(MODEL, before=NEW_YEAR, champions=set()).windows == ()


def test_steps_go_with_their_time_unless_their_ticket_is_open(ledger):
    with ledger.transaction() as book:
        book.save_ticket(ticket("2012-05-harm"))
        book.save_ticket(ticket("2012-06-harm", status="resolved"))
        for made in (step("2012-05", ticket="2012-05-harm"), step("2012-06", ticket="2012-06-harm"), step("2012-07"), step("2013-02")):
            book.record_step(made)
        gone = book.superseded(MODEL, before=NEW_YEAR, champions=set())
        book.remove(MODEL, gone)
        assert len(gone.steps) == 2
        assert book.step_of(MODEL, "2012-05-harm") == step("2012-05", ticket="2012-05-harm")
        assert book.step_of(MODEL, "2012-06-harm") is None
        assert book.ticket(MODEL, "2012-06-harm") is not None
        assert {one.table: one.rows for one in book.sizes(MODEL)} == {
            "windows": 0,
            "steps": 2,
            "tickets": 2,
            "promotions": 0,
            "state": 0,
            "effects": 0,
            "messages": 0,
        }


def test_many_steps_go_at_once(ledger):
    with ledger.transaction() as book:
        for number in range(1201):
            book.record_step(step("2012-05", state=PolicyState(windows=number)))
        book.record_step(replace(step("2012-05"), model="another"))
        gone = book.superseded(MODEL, before=NEW_YEAR, champions=set())
        book.remove(MODEL, gone)
        assert len(gone.steps) == 1201
        assert [one.rows for name in (MODEL, "another") for one in book.sizes(name) if one.table == "steps"] == [0, 1]


def test_messages_that_are_settled_go_and_are_not_made_again(ledger):
    event = Event(key="ticket_opened:m:t", kind="ticket_opened", model=MODEL, subject="t", at=datetime(2012, 5, 1), changed="AUC fell")
    other, old = replace(event, key="ticket_closed:m:t", kind="ticket_closed"), datetime(2012, 5, 1)
    with ledger.transaction() as book:
        for one in (event, other):
            book.owe_event(one)
            book.fan_out(one, {"a": old, "b": old}, last_attempt=3, now=old)
        first, second, third, _ = book.deliveries(MODEL)
        book.taken([first], outcome="posted", now=old)
        book.taken([second], outcome="posted", now=datetime(2013, 2, 1))
        book.drop([third], outcome="nobody", now=old)
        gone = book.superseded(MODEL, before=NEW_YEAR, champions=set())
        book.remove(MODEL, gone)
        assert [(one.event, one.subscriber, one.status) for one in book.deliveries(MODEL)] == [(event.key, "b", "delivered"), (other.key, "b", "waiting")]
        assert (len(gone.messages), book.owe_event(event), book.owed(MODEL, "event")) == (2, False, ())
