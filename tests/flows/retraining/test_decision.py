from __future__ import annotations

from datetime import datetime

import pytest

from keepfit.flows.project import Project
from keepfit.flows.retraining.decision import decision_for
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import DebtMemory, Gain, PolicyState, Ticket, Window

PARAMS = "model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}\n"
MARCH = Window(id="2013-03", source="rows.csv", start=datetime(2013, 3, 1), end=datetime(2013, 4, 1))
TICKET = Ticket(
    id="2013-02-debt", model="m", champion="1", action="improve", ground="debt", cause="debt", window="2013-02", opened=datetime(2013, 3, 1),
    target="2013-02-01", reasons=(), evidence=(), affected="", next=(),
)  # fmt: skip


def gain(month, value, margin=0.01):
    return Gain(window=f"2013-{month:02}", start=datetime(2013, month, 1), gain=value, margin=margin)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / ".keepfit").mkdir()
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("newer", "said"),
    [
        ((), {}),
        ((gain(1, 0.02), gain(2, 0.01)), {}),
        ((gain(1, -0.004), gain(2, -0.004)), {}),
        ((gain(1, -0.03), gain(2, -0.02)), {"refit": False}),
    ],
)
def test_the_decision_says_no_to_a_refit_only_where_newer_data_surely_did_harm(project, newer, said):
    with Ledger(project.ledger_uri).transaction() as book:
        book.save_state("m", "sha256:one", PolicyState(debt=DebtMemory(newer=newer)))
    assert decision_for(project, TICKET, MARCH) == {"action": "improve", "target": "2013-03-01T00:00:00"} | said
