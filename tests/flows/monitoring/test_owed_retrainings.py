"""`hooks.retrain: auto` on a real git and DVC project: `keepfit monitor` opens the branch at its end, once a ticket."""

from __future__ import annotations

import json
import signal

import pytest
from tests.flows.projects import MODEL, Small

from keepfit.flows.tickets.tickets import list_tickets
from keepfit.integrations.yaml_files import put

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
TICKET, BRANCH = "2026-02-debt", "retrain/2026-02-debt"  # the first model's first month: a retraining is worth its price at once
FELL = "2026-02-harm"  # where nobody asked for debt: the first model is far below its certificate, a question for a person
REVIEW = f"git diff main...{BRANCH} -- ':/reports/REVIEW.md' ':/*.yaml'"
MONITOR = ("monitor", "--until", "2026-04-01")


@pytest.fixture
def small(promoted, tmp_path) -> Small:
    """The first model serves and is pinned; from February on the heat is measured on another scale; no ticket yet."""
    small = promoted.copy(tmp_path)
    for file in (small.root / ".keepfit").glob("ledger.db*"):
        file.unlink()
    small.keepfit("sync")
    params = small.root / "params.yaml"
    params.write_text(put(params.read_text(), "hooks.retrain", "auto"))
    small.git("add", "-A")
    small.git("commit", "-qm", "Pin version 1; retrain by itself")
    return small


def state(small: Small) -> dict[str, object]:
    return {
        "branches": small.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads"),
        "versions": [version.number for version in small.runs.versions(MODEL)],
        "champion": small.runs.alias(MODEL, "champion"),
        "worktrees": len(small.git("worktree", "list").splitlines()),
        "tickets": [(ticket.id, ticket.status, ticket.branch) for ticket in list_tickets(small.project, every=True)],
    }


def test_monitor_opens_the_branch_of_a_ticket_at_its_end_once_and_promotes_nothing(small):
    (small.root / "notes.txt").write_text("mine")
    head = small.git("rev-parse", "HEAD")
    first = small.keepfit(*MONITOR, "--json", check=False)
    assert first.returncode == 3
    told = json.loads(first.stdout)  # progress and what DVC says go to stderr
    assert [(ticket["id"], ticket["branch"], ticket["next"][0]) for ticket in told["tickets"]] == [(TICKET, BRANCH, REVIEW)]
    (fell,) = [reason for reason in told["windows"][0]["reasons"] if "worse than its certificate says" in reason]
    assert fell.endswith("later windows are held to this one, on 320 rows"), "the loss is told beside the retraining that answers it"
    assert f"keepfit: {TICKET}: {BRANCH}, passed on 250 rows; next: {REVIEW}" in first.stderr.splitlines()
    assert first.stderr.splitlines()[-1] == f"next: {REVIEW}"
    before = state(small)
    assert before == {**before, "versions": ["1", "2"], "champion": "1", "worktrees": 1, "tickets": [(TICKET, "open", BRANCH)]}
    assert small.git("log", "--format=%(trailers:key=Keepfit-Ticket,valueonly,separator=)", f"main..{BRANCH}").split() == [TICKET]
    assert small.runs.versions(MODEL)[1].tags["kf.ticket"] == TICKET
    assert (small.git("rev-parse", "HEAD"), small.git("status", "--porcelain")) == (head, "?? notes.txt\n")
    again = small.keepfit(*MONITOR, check=False)
    assert (again.returncode, again.stderr, state(small)) == (0, "", before)


def test_a_ticket_for_a_person_gets_no_branch_and_is_open_until_it_is_resolved(small):
    params = small.root / "params.yaml"
    params.write_text(put(params.read_text(), "update.grounds", ["harm", "age"]))
    small.git("commit", "-qam", "Nobody asks for debt")
    first = small.keepfit(*MONITOR, check=False)
    assert (first.returncode, first.stderr.splitlines()[-1]) == (3, f"next: keepfit explain {FELL}")
    before = state(small)
    assert before == {**before, "versions": ["1"], "champion": "1", "worktrees": 1, "tickets": [(FELL, "open", None)]}
    assert small.git("branch", "--list", "retrain/*") == ""
    small.keepfit("resolve", FELL, "--reason", "the scale of the heat changed at its source")
    again = small.keepfit(*MONITOR, check=False)
    assert (again.returncode, again.stderr, state(small)) == (0, "", {**before, "tickets": [(FELL, "resolved", None)]})


def test_a_branch_that_could_not_be_opened_is_opened_by_the_next_monitor(small):
    params = small.root / "params.yaml"
    committed = params.read_text()
    params.write_text(committed + "\n")
    refused = small.keepfit(*MONITOR, check=False)
    (said,) = [line for line in refused.stderr.splitlines() if line.startswith(f"keepfit: improve {TICKET}: ")]
    assert said.startswith(f"keepfit: improve {TICKET}: dirty git tree: the candidate would not see your uncommitted changes of params.yaml")
    assert said.endswith("; the next keepfit monitor tries again")
    assert refused.stderr.splitlines()[-1] == f"next: keepfit improve {TICKET}"
    assert (refused.returncode, state(small)["versions"], small.git("branch", "--list", "retrain/*")) == (3, ["1"], "")
    params.write_text(committed)
    again = small.keepfit(*MONITOR, check=False)
    assert again.stderr.splitlines()[-1] == f"keepfit: {TICKET}: {BRANCH}, passed on 250 rows; next: {REVIEW}"
    assert state(small)["tickets"] == [(TICKET, "open", BRANCH)]


def test_killed_while_it_opens_a_branch_the_next_monitor_opens_it_and_tells_of_every_window_and_ticket(small):
    killed = small.keepfit(*MONITOR, check=False, KEEPFIT_KILL_AFTER="improve.commit")
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "")
    again = small.keepfit(*MONITOR, check=False)
    assert [line.split()[0] for line in again.stdout.splitlines()[1:]] == ["2026-02", "2026-03"]
    assert [line.split()[1] for line in again.stderr.splitlines() if " asks to " in line] == [TICKET]
    assert again.stderr.splitlines()[-1] == f"next: {REVIEW}"
    assert state(small)["tickets"] == [(TICKET, "open", BRANCH)]
    once_more = small.keepfit(*MONITOR, check=False)
    assert (once_more.stdout, [line for line in once_more.stderr.splitlines() if TICKET in line]) == ("", [])
