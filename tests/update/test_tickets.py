"""One ticket a cause, with what to type next."""

from dataclasses import replace
from datetime import datetime

import pytest

from keepfit.records import Decision, Evidence, Ticket, Window, from_json, to_json
from keepfit.update.tickets import EVIDENCE_KEPT, standing, ticket_for

WINDOW = Window(id="2013-03", source="live", start=datetime(2013, 3, 1), end=datetime(2013, 4, 1))
NOW = datetime(2013, 4, 1)
IMPROVE = Decision(window="2013-03", action="improve", ground="opportunity", cause="opportunity", target="2013-03-01T00:00:00", reasons=("gain",))
INSPECT = Decision(window="2013-03", action="inspect", ground="quality", cause="quality:weather", target=None, reasons=("no weather",))
ROLLBACK = Decision(window="2013-03", action="rollback", ground="regret", cause="regret:2", target="2", reasons=("worse",))
CONTINUE = Decision(window="2013-03", action="continue", ground=None, cause=None, target=None, reasons=())


def ticket(decision=IMPROVE, evidence=()):
    return ticket_for(decision, evidence, model="flights", champion="3", window=WINDOW, opened=NOW)


def evidence(kind, subject, effect):
    return Evidence(kind=kind, subject=subject, detector="ks", statistic=effect, effect=effect, n=1200, n_reference=9)


def test_the_same_window_and_ground_give_the_same_ticket():
    assert ticket() == ticket()
    assert ticket().id == "2013-03-opportunity"


@pytest.mark.parametrize(
    ("decision", "first"),
    [
        (IMPROVE, "keepfit improve 2013-03-opportunity"),
        (INSPECT, "keepfit window exclude 2013-03 --reason '…'"),
        (ROLLBACK, "keepfit rollback flights --reason '…'"),
    ],
)
def test_the_next_command_answers_the_action(decision, first):
    assert ticket(decision).next[0] == first


def test_drift_that_was_asked_for_has_sound_rows_to_keep():
    drift = Decision(window="2013-03", action="inspect", ground="drift", cause="drift:temp", target=None, reasons=("drift in temp",))
    assert ticket(drift).next == ("keepfit explain 2013-03-drift", "keepfit ack 2013-03-drift --until DATE", "keepfit resolve 2013-03-drift --reason '…'")


def test_a_continue_has_no_ticket():
    with pytest.raises(ValueError, match="no ticket for 'continue'"):
        ticket(CONTINUE)


def test_a_cause_that_has_a_ticket_gets_no_second():
    held = ticket()
    later = replace(IMPROVE, window="2013-04")
    assert standing([held], later, now=datetime(2013, 5, 1)) == held
    assert standing([held], INSPECT, now=NOW) is None
    assert standing([replace(held, status="resolved")], later, now=NOW) is None


def test_an_acknowledged_cause_is_silent_until_its_date():
    held = replace(ticket(), status="acknowledged", until=datetime(2013, 6, 1))
    assert standing([held], IMPROVE, now=datetime(2013, 5, 31)) == held
    assert standing([held], IMPROVE, now=datetime(2013, 6, 1)) is None


def test_evidence_is_bounded_and_keeps_what_is_not_drift():
    many = [evidence("data", f"c{i}", i / 100) for i in range(100)] + [evidence("scout", "overall", 0.1)]
    kept = ticket(evidence=many).evidence
    assert len(kept) == EVIDENCE_KEPT
    assert [one.subject for one in kept[:2]] == ["overall", "c99"]


def test_it_says_who_is_affected_and_survives_json():
    held = ticket(evidence=[evidence("scout", "overall", 0.1)])
    assert held.affected == "1,200 rows of window 2013-03"
    assert from_json(Ticket, to_json(held)) == held
