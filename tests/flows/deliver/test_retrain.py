"""The hook `retrain` on a project with a ticket: once a ticket, whoever calls it."""

from __future__ import annotations

import pytest
from tests.flows.deliver.messages import around, event, message
from tests.flows.projects import TICKET, add_ticket

from keepfit.flows.deliver.retrain import RetrainHook
from keepfit.flows.tickets.tickets import resolve
from keepfit.hooks import HookError

HOOK = RetrainHook()


def deliver(root, ticket=TICKET, **fields):
    return RetrainHook(**fields).deliver(message(event(ticket=ticket)), around=around(root))


@pytest.mark.parametrize("of", [{"ticket": None}, {"kind": "candidate_refused"}, {"kind": "ticket_closed"}, {"kind": "promoted"}], ids=str)
def test_a_message_that_opens_no_ticket_retrains_nothing(tmp_path, of):
    assert HOOK.deliver(message(event(**of)), around=around(tmp_path)) == "nothing to retrain: it opens no ticket"


def test_a_project_that_is_gone_is_tried_again(tmp_path):
    with pytest.raises(HookError, match=r"params\.yaml cannot be read") as caught:
        deliver(tmp_path)
    assert caught.value.again


@pytest.mark.slow
def test_the_branch_that_is_there_is_found_and_nothing_is_made_twice(improved, tmp_path, monkeypatch):
    small = improved.copy(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", small.uri)
    before = (small.git("rev-parse", f"retrain/{TICKET}"), len(small.runs.versions("parts")))
    said = deliver(small.root)
    assert said.startswith(f"retrain/{TICKET}: ")
    assert said == deliver(small.root)
    assert (small.git("rev-parse", f"retrain/{TICKET}"), len(small.runs.versions("parts"))) == before


@pytest.mark.slow
def test_only_an_open_ticket_that_asks_for_it_is_retrained(improved, tmp_path, monkeypatch):
    small = improved.copy(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", small.uri)
    inspect = add_ticket(small, action="inspect", ground="quality", target=None)
    assert deliver(small.root, inspect.id) == f"{inspect.id} asks to inspect: nothing to retrain"
    resolve(small.project, TICKET)
    assert deliver(small.root) == f"{TICKET} is resolved: nothing to retrain"
    with pytest.raises(HookError, match="no ticket 'nosuch'") as caught:
        deliver(small.root, "nosuch")
    assert not caught.value.again


@pytest.mark.slow
def test_uncommitted_decisions_are_tried_again_when_they_are_committed(promoted, tmp_path, monkeypatch):
    small = promoted.copy(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", small.uri)
    with (small.root / "params.yaml").open("a") as params:
        params.write("# somebody edits\n")
    with pytest.raises(HookError, match="dirty git tree") as caught:
        deliver(small.root)
    assert caught.value.again
    assert small.git("branch", "--list", "retrain/*") == ""
