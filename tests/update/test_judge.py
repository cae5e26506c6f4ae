"""What is decided on a window and who is called, from values alone: the ledger is what it is said to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.update.watched import APRIL, MARCH, PARAMS, PIN, champion, rows, scores

from keepfit.records import DebtMemory, Evidence, PolicyState
from keepfit.update.found import Found, nothing_found
from keepfit.update.gathered import ModelAnswers
from keepfit.update.judge import Before, Judge

JUDGE = Judge(params=PARAMS, pin=PIN, now=datetime(2013, 6, 1))
HARM = Evidence(kind="performance", subject="overall", detector="roc_auc", statistic=0.6, effect=-0.1, low=-0.12, high=-0.08, n=900, n_reference=0)
BROKEN = Evidence(kind="quality", subject="weather", detector="gx", statistic=1.0, effect=1.0, n=900, n_reference=0)


def found(window=MARCH, *evidence, undecided=False, **record):
    judged = nothing_found(window, model="m", champion=PIN.digest, version="1", rows=900)
    return Found(judged=replace(judged, evidence=evidence, **record), undecided=undecided)


def judge(seen, past=None, *, asked=None):
    past = Before(under=PIN.digest) if past is None else past
    judged = JUDGE.decide(seen, past)
    return JUDGE.with_ticket(judged, past, champion=champion() if asked else None, asked=asked, before=None)


def after(judged, past=None):
    """What the ledger knows once a judgement was written down."""
    past = Before() if past is None else past
    opened = (judged.ticket,) if judged.opened else ()
    return replace(past, windows=(*past.windows, judged.record), state=judged.step.state, under=PIN.digest).with_tickets((*opened, *judged.closed))


def test_a_harm_opens_a_ticket_and_is_recorded_with_its_step():
    judged = judge(found(MARCH, HARM))
    assert (judged.ticket.id, judged.opened, judged.record.ticket, judged.taken.ticket) == ("2013-03-harm", True, "2013-03-harm", "2013-03-harm")
    assert (judged.record.decision.action, judged.step.state.harmed) == ("improve", ("overall",))


def test_a_cause_that_still_has_a_ticket_gets_no_second_one():
    past = after(judge(found(MARCH, HARM)))
    again = judge(found(APRIL, HARM), past)
    assert (again.ticket.id, again.opened, again.record.ticket) == ("2013-03-harm", False, "2013-03-harm")


def test_a_window_that_was_judged_is_not_judged_again():
    past = after(judge(found(MARCH, HARM)))
    assert JUDGE.decide(found(MARCH), past) is None


def test_an_acknowledged_cause_is_silent_until_it_runs_out_and_then_opens_another():
    past = after(judge(found(MARCH, HARM)))
    acknowledged = replace(past.tickets[0], status="acknowledged", until=datetime(2013, 4, 15))
    silent = judge(found(MARCH, HARM), Before(under=PIN.digest, tickets=(acknowledged,)))
    assert (silent.record.decision.action, silent.ticket) == ("continue", None)
    again = judge(found(APRIL, HARM), past.with_tickets([acknowledged]))
    assert (again.ticket.id, [(one.id, one.status) for one in again.closed]) == ("2013-04-harm", [("2013-03-harm", "resolved")])


def test_the_ticket_of_a_blocked_window_ends_when_it_is_decided_on():
    past = after(judge(found(MARCH, BROKEN, status="blocked")))
    assert [one.id for one in past.tickets] == ["2013-03-quality"]
    judged = judge(found(MARCH, verdict="exclude", notes=("excluded: an outage",)), past)
    assert [(one.status, one.note) for one in judged.closed] == [("resolved", "excluded: an outage")]


def test_it_stands_while_another_blocked_window_asks_by_it():
    past = after(judge(found(MARCH, BROKEN, status="blocked")))
    past = after(judge(found(APRIL, BROKEN, status="blocked"), past), past)
    assert judge(found(MARCH, verdict="exclude", notes=("excluded: an outage",)), past).closed == ()


def test_a_window_without_evidence_changes_no_state_and_is_no_step():
    state = PolicyState(windows=3, harmed=("overall",))
    for seen in (found(MARCH, undecided=True, notes=("too few",)), found(MARCH, verdict="exclude", notes=("excluded",))):
        judged = judge(seen, Before(state=state, under=PIN.digest))
        assert (judged.step.state, judged.taken, judged.record.decision.reasons) == (state, None, seen.judged.notes)


def test_another_champion_starts_with_another_reference_and_another_promise():
    state = PolicyState(windows=3, harmed=("overall",), last_improve=datetime(2013, 1, 1))
    before = JUDGE.state(Before(state=state, under="sha256:another"))
    assert (before.harmed, before.last_improve, before.windows) == ((), datetime(2013, 2, 1), 3)


def test_a_champion_that_was_judged_before_has_come_back_and_owes_nothing_from_before():
    judged = after(judge(found(MARCH)))
    state = PolicyState(debt=DebtMemory(until=datetime(2013, 4, 1), paid=0.1))
    back = JUDGE.state(Before(state=state, under="sha256:another", windows=judged.windows))
    first = JUDGE.state(Before(state=state, under="sha256:another"))
    assert [(one.debt.since, one.debt.paid) for one in (back, first)] == [(datetime(2013, 4, 1), 0.0), (None, 0.0)]


def test_a_new_ticket_says_where_the_loss_is_and_since_when():
    table = rows(sign=-1)
    march = after(judge(found(MARCH, HARM)))
    past = replace(march, tickets=())
    judged = judge(found(APRIL, HARM), past, asked=ModelAnswers(rows=table, answer=scores(table)))
    assert (judged.ticket.root.kind, judged.ticket.root.since) == ("concept", "2013-03")
    assert judged.ticket.root.slices[0].columns == ("x",)


def test_an_id_that_is_taken_gets_a_number():
    closed = replace(judge(found(MARCH, HARM)).ticket, status="resolved")
    assert judge(found(MARCH, HARM), Before(under=PIN.digest, tickets=(closed,))).ticket.id == "2013-03-harm-2"
