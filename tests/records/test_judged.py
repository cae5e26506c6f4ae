"""The record of a judged window: what a released keepfit wrote of one loads, and nothing of it is lost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from keepfit.records import Decision, JudgedWindow, Window, canonical, from_json

GOLDEN = Path(__file__).parents[1] / "golden" / "v1" / "ledger.sql"


@pytest.fixture(scope="module")
def written():
    """The windows of a ledger that a released keepfit wrote, as it wrote them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(GOLDEN.read_text(encoding="utf-8"))
        return [text for (text,) in connection.execute("SELECT record FROM keepfit_windows ORDER BY window")]


def known_before(now, then):
    """What of a record the release knew: fields that came since have defaults, also in records within."""
    if isinstance(then, dict):
        return {name: known_before(now[name], value) for name, value in then.items()}
    if isinstance(then, list) and len(now) == len(then):
        return [known_before(one, value) for one, value in zip(now, then, strict=True)]
    return now


def test_windows_of_a_released_ledger_load_whole(written):
    assert written
    for text in written:
        judged, plain = from_json(JudgedWindow, text), json.loads(text)
        again = json.loads(canonical(judged))
        assert known_before(again, plain) == plain
        assert (judged.window.id, judged.status, judged.rows) == (plain["window"]["id"], plain["status"], plain["rows"])


def test_what_changed_is_the_evidence_that_an_incident_stands_for(written):
    judged = [from_json(JudgedWindow, text) for text in written]
    assert [one.changed for one in judged] == [tuple(said for said in one.evidence if said.since) for one in judged]


@pytest.mark.parametrize(("status", "verdict", "sound"), [("seen", None, True), ("seen", "accept", True), ("seen", "exclude", False), ("blocked", None, False)])
def test_what_was_found_counts_unless_the_window_waits_or_was_left_out(status, verdict, sound):
    decision = Decision(window="2013-02", action="continue", ground=None, cause=None, target=None, reasons=())
    window = Window(id="2013-02", source="live")
    judged = JudgedWindow(model="m", champion="sha256:a", version="1", window=window, status=status, rows=10, decision=decision, verdict=verdict)
    assert (judged.sound, judged.excluded) == (sound, verdict == "exclude")
