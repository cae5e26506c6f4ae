"""`keepfit replay`: a ticket's decision comes out of the ledger again, whatever params.yaml says today."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from tests.flows.monitoring.judging import found, remember

from keepfit.cli.tickets import replay as command
from keepfit.errors import TicketError
from keepfit.flows.project import Project
from keepfit.flows.tickets.replay import replay
from keepfit.flows.tickets.tickets import acknowledge, ledger_of
from keepfit.records import Evidence, Pin, Window

PARAMS = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\n"
PIN = Pin(model="m", version="1", digest="sha256:aa", trained_until=datetime(2013, 2, 1), evaluated_until=datetime(2013, 2, 1), metric="auc", value=0.7)
HARM = Evidence(kind="performance", subject="overall", detector="auc", statistic=0.6, effect=-0.1, low=-0.12, high=-0.08, n=900, n_reference=0)


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text('{"champion": null}')
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def judge(project, month, *evidence):
    """Remember a month as monitor does, at its end."""
    window = Window(id=f"2013-{month:02}", source="rows.csv", start=datetime(2013, month, 1), end=datetime(2013, month + 1, 1))
    with ledger_of(project) as ledger:
        return remember(project, ledger, PIN, found(window, pin=PIN, evidence=evidence))


def test_a_decision_comes_out_the_same_byte_for_byte_after_params_changed(project):
    judge(project, 2, HARM)
    (project.root / "params.yaml").write_text(PARAMS + "update: {harm_margin: 0.5}\n")
    done = replay(Project(project.root), "2013-02-harm")
    assert (done.same, done.exit_code, done.again.cause) == (True, 0, "harm:overall")
    told = CliRunner().invoke(command, ["2013-02-harm"])
    assert (told.exit_code, told.stdout) == (0, "2013-02-harm: the same decision again, improve (harm:overall), on 1 pieces of evidence of window 2013-02\n")


def test_the_step_that_opened_the_ticket_is_replayed_not_a_later_one(project):
    judge(project, 2, HARM)
    assert judge(project, 3, HARM).ticket == "2013-02-harm"
    assert replay(project, "2013-02-harm").taken.window.id == "2013-02"


def test_an_acknowledgement_is_part_of_the_recorded_state(project):
    judge(project, 2, HARM)
    acknowledge(project, "2013-02-harm", until=datetime(2013, 5, 1))
    assert judge(project, 3, HARM).decision.action == "continue"
    assert judge(project, 4, HARM).ticket == "2013-04-harm"
    done = replay(project, "2013-04-harm")
    assert done.same
    assert done.taken.state.acknowledged == {"harm:overall": datetime(2013, 5, 1)}


def test_evidence_that_was_tampered_with_decides_otherwise_and_ends_with_3(project):
    judge(project, 2, HARM)
    engine = create_engine(project.ledger_uri)
    with engine.begin() as hand:
        hand.execute(text("UPDATE keepfit_steps SET record = replace(record, '-0.08', '-0.01')"))
    engine.dispose()
    told = CliRunner().invoke(command, ["2013-02-harm", "--json"])
    data = json.loads(told.stdout)
    assert (told.exit_code, data["same"], data["replayed"]["action"]) == (3, False, "continue")
    shown = CliRunner().invoke(command, ["2013-02-harm"]).stdout.splitlines()
    assert {'-  "action": "improve",', '+  "action": "continue",'} <= set(shown)


def test_a_ticket_from_before_steps_were_kept_says_so(project):
    judge(project, 2, HARM)
    engine = create_engine(project.ledger_uri)
    with engine.begin() as hand:
        hand.execute(text("DELETE FROM keepfit_steps"))
    engine.dispose()
    with pytest.raises(TicketError, match="is not in the ledger"):
        replay(project, "2013-02-harm")
    with pytest.raises(TicketError, match="did you mean '2013-02-harm'"):
        replay(project, "2013-02-ham")
