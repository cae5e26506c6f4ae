"""What a line was good for: true, false and unjudged firings, and when it could be retired."""

from __future__ import annotations

from tests.expect.suggest import streams

from keepfit.expect.line_record import Firing, line_record
from keepfit.tables.window_decisions import WindowDecision

MONTHS = {one.id: one for one in map(streams.month, range(14))}
NAMES = list(MONTHS)
EXCLUDED, ACCEPTED = (WindowDecision(verdict=verdict, reason="why") for verdict in ("exclude", "accept"))


def of(fired: set[str], *, months: int = 14, tickets: tuple[str, ...] = (), decisions: dict[str, WindowDecision] | None = None):
    seen = Firing(fired={name: name in fired for name in NAMES[:months]}, tickets=tickets)
    return line_record("rows", "a", "critical", seen, windows=MONTHS, decisions=decisions or {})


def test_people_say_what_was_true():
    found = of(set(NAMES[:4]), tickets=(NAMES[1], NAMES[2]), decisions={NAMES[0]: EXCLUDED, NAMES[2]: ACCEPTED})
    assert (found.fired, found.true, found.false) == (tuple(NAMES[:4]), (NAMES[0], NAMES[1]), (NAMES[2],))
    assert found.judged == 14


def test_a_line_that_never_fired_in_a_year_could_go_and_one_of_half_a_year_not_yet():
    assert "never fired in 14 windows" in of(set()).retire
    assert of(set(), months=6).retire == ""
    assert of({NAMES[3]}).retire == ""


def test_a_line_that_is_mostly_false_could_go():
    false = {NAMES[0]: ACCEPTED, NAMES[1]: ACCEPTED}
    assert "false 2 times, true 0 times" in of({NAMES[0], NAMES[1]}, decisions=false).retire
    assert of({NAMES[0], NAMES[1], NAMES[2], NAMES[3]}, tickets=(NAMES[2], NAMES[3]), decisions=false).retire == ""
    assert of({NAMES[0]}, decisions=false).retire == ""
