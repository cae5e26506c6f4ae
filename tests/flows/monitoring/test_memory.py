"""What a judged window leaves in the ledger: the step that was taken, the state it leads to, and one ticket a cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from tests.flows.monitoring.judging import found, remember

from keepfit.flows.monitoring.memory import Memory
from keepfit.flows.monitoring.monitor import close_answered
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import acknowledge, ledger_of, list_tickets
from keepfit.records import Evidence, Pin, Window
from keepfit.update.judge import Judge

PARAMS = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\nmonitor: {page_on_drift: true}\n"
PIN = Pin(model="m", version="1", digest="sha256:aa", trained_until=None, evaluated_until=None)
NEXT = replace(PIN, version="2", digest="sha256:bb")
HARM = Evidence(kind="performance", subject="overall", detector="auc", statistic=0.6, effect=-0.1, low=-0.12, high=-0.08, n=900, n_reference=0)
DRIFT = Evidence(kind="data", subject="temp", detector="ks", statistic=0.4, effect=0.4, p_value=1e-9, n=900, n_reference=900)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    return Project(tmp_path)


def judge(project, month, *evidence, pin=PIN, **finding):
    window = Window(id=f"2013-{month:02}", source="rows.csv", start=datetime(2013, month, 1), end=datetime(2013, month + 1, 1))
    with ledger_of(project) as ledger:
        return remember(project, ledger, pin, found(window, pin=pin, evidence=evidence, **finding))


def state(project):
    with ledger_of(project) as ledger, ledger.transaction() as book:
        return book.state("m")[0]


def test_a_harm_that_stands_is_forgotten_with_its_champion(project):
    judge(project, 2, HARM)
    assert state(project).harmed == ("overall",)
    judge(project, 3, pin=NEXT)
    assert state(project).harmed == ()


def test_an_acknowledged_cause_opens_no_ticket_until_it_expires_and_then_a_new_one(project):
    judge(project, 2, HARM)
    acknowledge(project, "2013-02-harm", until=datetime(2013, 5, 1), reason="a known outage")
    silent = judge(project, 3, HARM)
    assert (silent.decision.action, silent.ticket) == ("continue", None)
    assert silent.decision.reasons[0].endswith("its cause is acknowledged until 2013-05-01")
    assert judge(project, 4, HARM).ticket == "2013-04-harm"
    assert [(ticket.id, ticket.status) for ticket in list_tickets(project, every=True)] == [("2013-02-harm", "resolved"), ("2013-04-harm", "open")]


def test_an_acknowledged_block_still_has_its_ticket(project):
    broken = Evidence(kind="quality", subject="weather", detector="gx", statistic=1.0, effect=1.0, n=900, n_reference=0)
    judge(project, 2, broken, status="blocked")
    acknowledge(project, "2013-02-quality", until=datetime(2013, 9, 1))
    seen = judge(project, 3, broken, status="blocked")
    assert (seen.decision.action, seen.ticket) == ("inspect", "2013-02-quality")


def test_drift_that_was_asked_for_is_one_ticket_and_ends_with_its_champion(project):
    assert [judge(project, month, DRIFT).ticket for month in (2, 3)] == ["2013-02-drift", "2013-02-drift"]
    with ledger_of(project) as ledger:
        close_answered(Memory.of(ledger, NEXT, model="m", retrains=False))
    assert list_tickets(project) == ()


def test_a_window_without_evidence_takes_no_step(project):
    judge(project, 2, HARM)
    before = state(project)
    judge(project, 3, undecided=True)
    judge(project, 4, verdict="exclude")
    assert state(project) == before


def test_what_somebody_does_while_a_window_is_judged_is_not_lost(project):
    judge(project, 2, HARM)
    window = Window(id="2013-03", source="rows.csv", start=datetime(2013, 3, 1), end=datetime(2013, 4, 1))
    judging, asked = Judge(params=project.params, pin=PIN, now=window.end), []

    def decide(past):
        asked.append([ticket.status for ticket in past.tickets])
        if len(asked) == 1:
            acknowledge(project, "2013-02-harm", until=datetime(2013, 5, 1))
        return judging.decide(found(window, pin=PIN, evidence=(HARM,)), past)

    with ledger_of(project) as ledger:
        judged = Memory.of(ledger, PIN, model="m", retrains=False).remember(decide)
    assert asked == [["open"], ["acknowledged"]]
    assert judged.record.decision.action == "continue"
    assert [ticket.status for ticket in list_tickets(project)] == ["acknowledged"]


def test_of_two_that_judge_a_window_the_first_writes_it(project):
    window = Window(id="2013-02", source="rows.csv", start=datetime(2013, 2, 1), end=datetime(2013, 3, 1))
    with ledger_of(project) as ledger:
        slow = Memory.of(ledger, PIN, model="m", retrains=False)
        judge(project, 2, HARM)
        judging = Judge(params=project.params, pin=PIN, now=window.end)
        assert slow.remember(lambda past: judging.decide(found(window, pin=PIN), past)) is None
    assert state(project).windows == 1
