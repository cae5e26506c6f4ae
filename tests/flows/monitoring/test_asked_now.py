"""A retraining that a person asks for at the command line: one ticket, on a labelled window, and none where improve could not begin."""

from __future__ import annotations

import subprocess
from datetime import datetime

import pytest
from tests.flows.monitoring.test_monitor import rows_of as rows
from tests.flows.monitoring.test_monitor import run, write_rows

from keepfit.errors import ProjectError, ServerError, TicketError
from keepfit.flows.monitoring.asked_now import ask_now
from keepfit.flows.tickets.tickets import ledger_of, list_tickets, resolve

APRIL, TODAY = datetime(2013, 4, 1), datetime(2026, 11, 30)


@pytest.fixture
def project(served):
    """With git and a folder of DVC, which improve asks for; January to March lie there, nothing was looked at."""
    (served.root / ".dvc").mkdir()
    (served.root / ".gitignore").write_text(".keepfit/\n")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Start"]):
        subprocess.run(["git", *command], cwd=served.root, check=True)
    return served


def test_it_becomes_one_ticket_with_its_reason_and_twice_is_once(project):
    run(project, until=APRIL)
    ticket = ask_now(project, reason="the summer\nmenu", now=TODAY)
    assert (ticket.id, ticket.action, ticket.ground, ticket.window) == ("2013-03-request", "improve", "request", "2013-03")
    assert ticket.reasons == ("asked for at the command line: the summer menu",)
    assert ask_now(project, reason="again", now=TODAY) == ticket
    assert len(list_tickets(project, every=True)) == 1


def test_it_is_dated_by_the_tables_clock_which_may_be_of_the_past(project):
    run(project, until=APRIL)
    assert ask_now(project, now=TODAY).opened == APRIL
    with ledger_of(project) as ledger, ledger.reading() as book:
        assert book.state(project.params.model.name)[0].last_improve == APRIL


def test_a_ticket_that_asks_for_a_retraining_is_the_one(project):
    write_rows(project.root, rows(1), rows(2), rows(3, flipped=True))
    assert [ticket.id for ticket in run(project, until=APRIL).tickets] == ["2013-03-harm"]
    assert ask_now(project, now=TODAY).id == "2013-03-harm"


def test_after_it_was_resolved_it_is_another_wish(project):
    run(project, until=APRIL)
    resolve(project, ask_now(project, now=TODAY).id, reason="not now")
    assert ask_now(project, now=TODAY).id == "2013-03-request-2"


def test_without_a_labelled_window_it_is_refused(project):
    with pytest.raises(TicketError, match="no window with labels was judged under version 1 yet"):
        ask_now(project, now=TODAY)


def test_what_would_stop_improve_stops_it_before_a_ticket_is_opened(project, monkeypatch):
    run(project, until=APRIL)
    params = project.root / "params.yaml"
    text = params.read_text()
    params.write_text(text + "\n")
    with pytest.raises(ProjectError, match="dirty git tree"):
        ask_now(project, now=TODAY)
    params.write_text(text)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    with pytest.raises(ServerError, match="does not answer"):
        ask_now(project, now=TODAY)
    assert list_tickets(project, every=True) == ()
