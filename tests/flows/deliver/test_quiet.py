from __future__ import annotations

from datetime import datetime

import pytest

from keepfit.flows.deliver.quiet import due
from keepfit.params.hooks import DigestParams, QuietParams, SubscriberParams
from keepfit.records import Event

NEW_YORK = "America/New_York"


def event(severity="warning"):
    return Event(key="k", kind="ticket_opened", model="m", subject="t", at=datetime(2013, 3, 1), severity=severity, changed="AUC fell")


def night(**its):
    return SubscriberParams(hook="file", quiet=QuietParams(begins="22:00", ends="07:00", **its))


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2013-03-01 21:59", "2013-03-01 21:59"),
        ("2013-03-01 22:00", "2013-03-02 07:00"),
        ("2013-03-02 06:59", "2013-03-02 07:00"),
        ("2013-03-02 07:00", "2013-03-02 07:00"),
    ],
)
def test_quiet_hours_over_midnight_wait_for_their_end(now, then):
    assert due(night(), event(), now=at(now)) == at(then)


def test_quiet_hours_within_a_day():
    lunch = SubscriberParams(hook="file", quiet=QuietParams(begins="12:00", ends="13:00"))
    assert due(lunch, event(), now=at("2013-03-01 12:30")) == at("2013-03-01 13:00")
    assert due(lunch, event(), now=at("2013-03-01 13:00")) == at("2013-03-01 13:00")


def test_what_is_critical_wakes_people_unless_they_said_nothing_does():
    assert due(night(), event("critical"), now=at("2013-03-01 23:00")) == at("2013-03-01 23:00")
    assert due(night(unless=None), event("critical"), now=at("2013-03-01 23:00")) == at("2013-03-02 07:00")


def test_what_has_no_severity_waits():
    assert due(night(), event(None), now=at("2013-03-01 23:00")) == at("2013-03-02 07:00")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-08 06:30", "2026-03-08 11:00"),  # 01:30 EST, before the clocks go from 2 to 3: 07:00 EDT
        ("2026-11-01 05:30", "2026-11-01 12:00"),  # 01:30 EDT, before the clocks go from 2 back to 1: 07:00 EST
        ("2026-11-01 06:30", "2026-11-01 12:00"),  # the second 01:30
    ],
)
def test_a_night_in_which_the_clocks_change_ends_by_the_new_clock(now, then):
    assert due(night(timezone=NEW_YORK), event(), now=at(now)) == at(then)


def test_a_digest_is_of_the_next_time_and_never_of_now():
    daily = SubscriberParams(hook="file", digest=DigestParams(at="02:30", timezone=NEW_YORK))
    assert due(daily, event(), now=at("2026-03-07 08:00")) == at("2026-03-08 07:30")  # 02:30 is left out on that night: 03:30 EDT
    assert due(daily, event(), now=at("2026-03-07 07:30")) == at("2026-03-08 07:30")


def test_a_digest_in_quiet_hours_waits_for_their_end():
    both = SubscriberParams(hook="file", digest=DigestParams(at="23:00"), quiet=QuietParams(begins="22:00", ends="07:00"))
    assert due(both, event(), now=at("2013-03-01 12:00")) == at("2013-03-02 07:00")
