"""The tag `request-improve` on the champion's page in MLflow, on a real server with the gate: a ticket, once, with an answer."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from mlflow import MlflowClient
from tests.flows.monitoring.test_monitor import rows_of, run, write_rows
from tests.flows.servers import add_version

from keepfit.errors import TicketError
from keepfit.flows.tickets.replay import replay
from keepfit.flows.tickets.tickets import ledger_of, list_tickets, resolve

APRIL = datetime(2013, 4, 1)


@pytest.fixture
def project(served):
    return served


def registry(uri):
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def wish(project, reason, version="1"):
    """What a click in MLflow's UI sends."""
    registry(project.tracking_uri).set_model_version_tag(project.params.model.name, version, "request-improve", reason)


def answer(project):
    return registry(project.tracking_uri).get_model_version(project.params.model.name, "1").tags.get("kf.request")


def test_a_wish_becomes_one_ticket_with_its_reason_and_an_answer_beside_it(project):
    wish(project, "the summer menu is out")
    told = run(project, until=APRIL)
    (ticket,) = told.tickets
    assert (ticket.id, ticket.action, ticket.ground) == ("2013-03-request", "improve", "request")
    assert (ticket.window, ticket.target) == ("2013-03", "2013-03-01T00:00:00")
    assert ticket.reasons == ("asked for in MLflow on version 1: the summer menu is out",)
    assert ticket.next[0] == "keepfit improve 2013-03-request"
    assert (answer(project), told.exit_code) == ("2013-03-request", 3)
    again = run(project, until=APRIL)
    assert (again.tickets, again.exit_code, len(list_tickets(project, every=True))) == ((), 0, 1)


def test_a_wish_that_was_answered_is_not_heard_again_and_another_one_is(project):
    wish(project, "menu")
    run(project, until=APRIL)
    resolve(project, "2013-03-request", reason="not now")
    assert run(project, until=APRIL).tickets == ()
    wish(project, "menu, really")
    assert [ticket.id for ticket in run(project, until=APRIL).tickets] == ["2013-03-request-2"]
    assert answer(project) == "2013-03-request-2"


def test_a_ticket_that_asks_for_a_retraining_already_answers_the_wish(project):
    write_rows(project.root, rows_of(1), rows_of(2), rows_of(3, flipped=True))
    assert [ticket.id for ticket in run(project, until=APRIL).tickets] == ["2013-03-harm"]
    wish(project, "menu")
    assert run(project, until=APRIL).tickets == ()
    assert answer(project) == "2013-03-harm"


def test_a_wish_waits_until_there_is_a_window_to_judge_a_candidate_on(project):
    wish(project, "menu")
    said = []
    assert run(project, until=datetime(2013, 2, 15), said=said).tickets == ()
    assert "request-improve on version 1 waits for a window with labels" in said
    assert [ticket.id for ticket in run(project, until=APRIL).tickets] == ["2013-03-request"]


def test_a_wish_on_another_version_than_the_champion_is_not_heard(project):
    add_version(project.tracking_uri, project.params.model.name)
    wish(project, "menu", version="2")
    assert run(project, until=APRIL).tickets == ()


def test_with_auto_the_branch_is_asked_for_once(project):
    params = project.root / "params.yaml"
    params.write_text(params.read_text() + "hooks: {retrain: auto}\n")
    wish(project, "menu")
    said = []
    run(project, until=APRIL, said=said)
    assert [line for line in said if line.startswith("improve ")] == ["improve 2013-03-request: no git repository here; the next keepfit monitor tries again"]
    with ledger_of(project) as ledger, ledger.transaction() as book:
        assert [effect.payload["ticket"] for effect in book.owed(project.params.model.name, "improve")] == ["2013-03-request"]


def test_a_wish_is_no_step_of_the_policy_and_counts_as_a_review(project):
    wish(project, "menu")
    run(project, until=APRIL)
    with ledger_of(project) as ledger, ledger.transaction() as book:
        assert book.state(project.params.model.name)[0].last_improve == APRIL
    with pytest.raises(TicketError, match="asked for by a person"):
        replay(project, "2013-03-request")


def test_two_monitors_at_once_hear_a_wish_once(project):
    wish(project, "menu")
    told = []
    both = [threading.Thread(target=lambda: told.append(run(project, until=APRIL))) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(len(one.tickets) for one in told) == [0, 1]
    assert len(list_tickets(project, every=True)) == 1


def test_a_server_that_is_away_keeps_the_wish_for_the_next_run(project, monkeypatch):
    wish(project, "menu")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    said = []
    assert run(project, until=APRIL, said=said).tickets == ()
    assert any("what people asked for there was not read" in line for line in said)
    monkeypatch.undo()
