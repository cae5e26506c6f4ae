"""The journal's rows that are events, and the end of a probation."""

from __future__ import annotations

from dataclasses import replace

from tests.report.events.examples import AT, BACK, KEPT, PROBATION, PROMOTED, REFUSED, SETTING

from keepfit.records import GainInterval
from keepfit.report.events.promotion import moves, probation_ended


def kinds(*rows, after=0):
    numbered = [replace(row, id=number) for number, row in enumerate(rows, 1)]
    return [(one.kind, one.version) for one in moves(numbered, after=after, clock=[AT] * len(rows), setting=SETTING)]


def test_rows_behind_the_number_are_told_in_their_order():
    assert kinds(REFUSED, PROMOTED, BACK) == [("promotion_refused", "4"), ("promoted", "4"), ("rolled_back", "3")]
    assert kinds(REFUSED, PROMOTED, BACK, after=2) == [("rolled_back", "3")]


def test_the_same_refusal_again_is_no_news_though_the_first_was_told_before():
    assert kinds(REFUSED, REFUSED, after=1) == []
    assert kinds(REFUSED, replace(REFUSED, version="5"), REFUSED, after=1) == [("promotion_refused", "5"), ("promotion_refused", "4")]


def test_two_promotions_of_one_version_are_two_events():
    first, second = moves([PROMOTED, replace(PROMOTED, id=60)], after=0, clock=[AT, AT], setting=SETTING)
    assert first.key != second.key


def test_a_promise_that_was_surely_broken_asks_for_the_way_back():
    worse = GainInterval(gain=-0.03, low=-0.05, high=-0.01, confidence=0.9, n=6600)
    event = probation_ended(replace(PROBATION, kept=(replace(KEPT, delivered=worse),)), at=AT, setting=SETTING)
    assert (event.severity, event.proposed, event.commands) == ("warning", "back to version 3", ("keepfit rollback flights --reason '…'",))
    assert probation_ended(PROBATION, at=AT, setting=SETTING).severity == "info"


def test_what_was_never_promised_is_said():
    event = probation_ended(replace(PROBATION, kept=()), at=AT, setting=SETTING)
    assert event.changed == "promised nothing that is known over version 3; later labels delivered nothing that is known"


def test_who_has_pinned_the_promoted_version_is_not_asked_to_pin_it():
    (pinned,) = moves([PROMOTED], after=0, clock=[AT], setting=replace(SETTING, pinned=PROMOTED.version))
    (other,) = moves([PROMOTED], after=0, clock=[AT], setting=replace(SETTING, pinned="3"))
    assert (pinned.proposed, pinned.commands) == ("nothing: it is pinned", ("keepfit history flights",))
    assert (other.proposed.partition(",")[0], other.commands) == ("pin the new champion", ("keepfit sync", "keepfit history flights"))
