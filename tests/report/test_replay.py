"""A replay in words: one sentence if nothing differs, a diff if something does."""

from dataclasses import replace
from datetime import datetime

from keepfit.records import Decision, PolicyState, PolicyStep, Window
from keepfit.report.replay import replay_text

DECIDED = Decision(window="2013-02", action="continue", ground=None, cause=None, target=None, reasons=("nothing",))
TAKEN = PolicyStep(
    model="m", champion="c", window=Window(id="2013-02", source="s"), now=datetime(2013, 3, 1), policy={}, state=PolicyState(), evidence=(), decision=DECIDED
)


def test_the_same_decision_is_one_line():
    assert replay_text("t", TAKEN, DECIDED).count("\n") == 1


def test_a_difference_is_shown_line_by_line():
    text = replay_text("t", TAKEN, replace(DECIDED, action="inspect"))
    assert text.splitlines()[0].startswith("t: another decision")
    assert '-  "action": "continue",' in text
    assert '+  "action": "inspect",' in text
