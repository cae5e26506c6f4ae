"""One step of the fold: first the rule over evidence, then the policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.update.watched import MARCH, PIN, champion, rows, scores

from keepfit.records import Evidence, EvidenceMemory, PolicyState, Ticket
from keepfit.update.fold import no_step, take, weigh
from keepfit.update.found import Found, nothing_found
from keepfit.update.policy import UpdatePolicy
from keepfit.update.tickets import ticket_for

NOW = datetime(2013, 4, 1)
POLICY = UpdatePolicy(harm_margin=0.03)
HARM = Evidence(kind="performance", subject="overall", detector="roc_auc", statistic=0.6, effect=-0.1, low=-0.12, high=-0.08, n=900, n_reference=0)
SILENT = Evidence(kind="quality", subject="rows", detector="silence", statistic=0.1, effect=0.9, n=0, n_reference=900, detail="no rows since noon")


def found(*evidence: Evidence, **changes) -> Found:
    judged = nothing_found(MARCH, model="m", champion=PIN.digest, version="1", rows=900)
    return replace(Found(judged=replace(judged, evidence=evidence)), **changes)


def compared(shift: float) -> Found:
    """A window as the champion sees it, with the evidence on each of its columns."""
    table, known = rows(shift=shift), champion()
    profile = known.profile(table, scores(table).values, MARCH)
    drift = known.drift(profile)
    return found(*(one for change in drift.changes for one in change.evidence), profile=profile, drift=drift, rule=known.rule)


def test_a_step_keeps_all_that_went_in_but_what_the_rule_remembers():
    before = PolicyState(windows=3, memory=EvidenceMemory(rule="e-detector", windows=3))
    step = take(POLICY, before, found(HARM), now=NOW)
    assert (step.decision.action, step.decision.cause) == ("improve", "harm:overall")
    assert (step.taken.evidence, step.taken.now, step.taken.loud) == ((HARM,), NOW, None)
    assert step.taken.state == replace(before, memory=EvidenceMemory())
    assert (step.state.windows, step.state.memory) == (4, before.memory)


def test_what_the_rule_calls_is_what_the_window_is_shown_to_have_drifted_in():
    memory, loud, weighed = weigh(EvidenceMemory(), compared(1.5))
    assert {one.subject for one in loud} >= {"x"}
    assert weighed.drift.verdict == "drift"
    _, calm, same = weigh(memory, compared(0.0))
    assert (calm, same.drift.verdict) == ((), "no drift")


def test_a_blocked_window_is_no_step_of_the_rule():
    memory = EvidenceMemory(rule="fixed", windows=2)
    assert weigh(memory, found(rule=champion().rule))[:2] == (memory, ())


def test_a_window_without_evidence_is_no_step_and_any_other_is():
    state = PolicyState(windows=3, harmed=("overall",))
    left = no_step(state, found(undecided=True), ())
    assert (left.state, left.decision.action, left.taken) == (state, "continue", None)
    assert no_step(state, found(HARM), ()) is None


def test_an_empty_window_of_a_silent_source_asks_what_the_ticket_of_the_silence_asks():
    silent = take(POLICY, PolicyState(), found(SILENT), now=NOW)
    ticket: Ticket = ticket_for(silent.decision, (SILENT,), model="m", champion="1", window=MARCH, opened=NOW)
    empty = found(SILENT, undecided=True)
    assert no_step(PolicyState(), empty, [ticket]).decision.action == "inspect"
    assert no_step(PolicyState(), empty, [replace(ticket, status="resolved")]).decision.action == "continue"
