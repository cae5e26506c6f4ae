"""A window that waits for somebody, or for rows."""

from __future__ import annotations

from dataclasses import replace

from tests.report.events.examples import AT, BLOCKED, BROKEN, SETTING, SILENT

from keepfit.report.events.window import window_waits


def test_the_window_that_opened_the_ticket_is_told_with_it():
    event = window_waits(BLOCKED, BROKEN, waiting=1, opened=True, at=AT, setting=SETTING)
    assert (event.kind, event.beside, event.subject, event.severity) == ("window_blocked", "ticket_opened", "2013-06-quality", "critical")
    assert "wait by now" not in event.changed


def test_a_source_that_fell_silent_is_no_broken_expectation():
    event = window_waits(SILENT, None, waiting=1, opened=False, at=AT, setting=SETTING)
    assert (event.kind, event.subject, event.ticket) == ("no_rows", "2013-07", None)
    assert event.commands == ("keepfit window exclude 2013-07 --reason '…'",)


def test_a_window_blocked_under_another_champion_is_another_event():
    keys = {window_waits(one, BROKEN, waiting=1, opened=False, at=AT, setting=SETTING).key for one in (BLOCKED, replace(BLOCKED, champion="sha256:1f"))}
    assert len(keys) == 2
