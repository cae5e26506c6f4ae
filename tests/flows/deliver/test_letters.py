"""What people do with deliveries: look, try again, drop, send a test."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.flows.deliver.receivers import BOXES, NOW, Box, away, event, owe, project_with, refuses, rows_of, statuses

from keepfit.errors import DeliveryError
from keepfit.flows.deliver.letters import drop, list_deliveries, retry, send_test
from keepfit.flows.deliver.worker import run_hooks
from keepfit.hooks import HookError

ME = {"hook": "memory", "box": "me"}


@pytest.fixture
def project(tmp_path):
    """One delivered, one dead, one that failed and one that waits for the morning."""
    made = project_with(tmp_path / "p", me=ME, daily={**ME, "box": "daily", "digest": {"at": "09:00"}, "events": ["ticket_opened"]})
    owe(made, event("a"), event("b", subject="w"))
    BOXES["me"] = Box(before=refuses)
    run_hooks(made, now=NOW, say=print)
    BOXES["me"].before = away
    owe(made, event("c", subject="w"))
    run_hooks(made, now=NOW, say=print)
    return made


def numbers(project, status):
    return [row.number for row in rows_of(project) if row.status == status]


def test_the_list_is_of_what_needs_somebody_or_time(project):
    BOXES["me"].before = None
    run_hooks(project, now=NOW + timedelta(minutes=2), say=print)
    assert {row.status for row in list_deliveries(project)} == {"waiting", "dead"}
    assert len(list_deliveries(project, every=True)) == 6
    assert list_deliveries(project, models=["another"]) == ()


def test_all_that_failed_is_tried_again_and_what_waits_for_its_hour_waits_on(project):
    BOXES["me"].before = None
    assert {(row.subscriber, row.status) for row in retry(project, None, now=NOW)} == {("me", "dead"), ("me", "waiting")}
    assert run_hooks(project, now=NOW, say=print).taken == 3
    assert sorted(BOXES["me"].events) == ["a:m", "b:m", "c:m"]
    assert [message.attempt for message in BOXES["me"].got] == [2, 2, 2], "the key is the same, the attempt a later one"
    assert BOXES.get("daily", Box()).got == []


def test_one_that_is_revived_has_twenty_attempts_more(project):
    number = numbers(project, "dead")[0]
    retry(project, number, now=NOW)
    assert next(row for row in rows_of(project) if row.number == number).last_attempt == 21


def test_what_was_sent_in_one_message_is_tried_again_in_it(project):
    BOXES["daily"] = Box(before=refuses)
    run_hooks(project, now=NOW + timedelta(hours=6), say=print)
    first = next(row.number for row in rows_of(project) if row.subscriber == "daily")
    assert len(retry(project, first, now=NOW + timedelta(hours=6))) == 3
    BOXES["daily"].before = None
    run_hooks(project, now=NOW + timedelta(hours=6), say=print)
    assert [len(message.events) for message in BOXES["daily"].got] == [3]


def test_what_is_dropped_holds_nobody_up_and_keeps_its_reason(project):
    owe(project, event("d", subject="w"))
    waiting = next(row for row in rows_of(project) if (row.subscriber, row.status) == ("me", "waiting"))
    assert drop(project, waiting.number, reason="known\nfor weeks", now=NOW).event == "c:m"
    BOXES["me"].before = None
    run_hooks(project, now=NOW, say=print)
    assert BOXES["me"].events == ["d:m"]
    assert ("c", "me", "dropped") in statuses(project)
    with pytest.raises(DeliveryError, match=r"was dropped: dropped: known for weeks"):
        drop(project, waiting.number, reason="again", now=NOW)
    retry(project, waiting.number, now=NOW)
    run_hooks(project, now=NOW, say=print)
    assert BOXES["me"].events == ["d:m", "c:m"]


def test_what_is_done_unknown_or_busy_is_a_sentence(project):
    BOXES["me"].before = None
    run_hooks(project, now=NOW + timedelta(minutes=2), say=print)
    done = numbers(project, "delivered")[0]
    with pytest.raises(DeliveryError, match="was delivered: kept by me"):
        retry(project, done, now=NOW)
    with pytest.raises(DeliveryError, match="no delivery 99"):
        drop(project, 99, reason="x", now=NOW)
    with pytest.raises(DeliveryError, match="no delivery 1"):
        retry(project, 1, now=NOW, models=["another"])


def test_one_that_a_worker_holds_is_left_to_it_until_the_lease_ends(project):
    owe(project, event("e", subject="v"))
    seen = []

    def while_it_is_called(_message):
        busy = numbers(project, "leased")
        seen.extend(busy)
        for act in (lambda: retry(project, busy[0], now=NOW), lambda: drop(project, busy[0], reason="x", now=NOW)):
            with pytest.raises(DeliveryError, match="is being delivered by"):
                act()

    BOXES["me"].before = while_it_is_called
    assert run_hooks(project, now=NOW, say=print).taken == 1
    assert seen


def test_a_test_message_is_sent_now_and_leaves_nothing_in_the_ledger(project):
    before = rows_of(project)
    assert send_test(project, "daily", now=NOW) == "kept by daily"
    (message,) = BOXES["daily"].got
    assert (message.title, message.events, message.attempt) == ("m: a test message", (), 1)
    assert rows_of(project) == before
    with pytest.raises(DeliveryError, match="no subscriber 'dayly'") as caught:
        send_test(project, "dayly", now=NOW)
    assert "did you mean 'daily'" in str(caught.value)
    with pytest.raises(HookError, match="the receiver is away"):
        send_test(project, "me", now=NOW)
