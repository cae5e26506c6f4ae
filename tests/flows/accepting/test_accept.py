"""One call from a reviewed candidate to the champion; what must be refused is refused before anything has moved."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.flows.accepting.conftest import BRANCH, accepted, rewrite_card, undecided
from tests.flows.projects import MODEL, TICKET, add_ticket

from keepfit.cli.accept import accept as command
from keepfit.errors import LedgerError, ProjectError, RefusedError, TicketError
from keepfit.flows.accepting.accept import accept
from keepfit.flows.promotion.certify import certify
from keepfit.flows.promotion.requests import adopt
from keepfit.flows.tickets.tickets import find_ticket, resolve
from keepfit.integrations.ledger.run_lock import one_at_a_time

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def untouched(small):
    """What a no before the merge leaves as it was."""
    return small.git("rev-parse", "main", "HEAD"), small.git("status", "--porcelain"), small.runs.alias(MODEL, "champion"), small.git("worktree", "list")


def states(told):
    return {step.name: step.state for step in told.steps}


def test_the_steps_are_shown_before_and_after_and_end_with_a_champion_that_is_pinned(small):
    small.git("checkout", "-q", BRANCH)  # who reviewed it stands there
    shown, said = [], []
    told = accepted(small, ask=lambda plan: shown.extend(plan) or True, say=said.append)
    assert [step.name for step in shown] == ["merge", "data", "certify", "promote", "sync", "pin", "resolve"]
    assert {step.state for step in shown} == {"to do"}
    assert (told.promoted, told.version, told.exit_code, set(states(told).values())) == (True, "2", 0, {"done"})
    assert [line.split(":")[0] for line in said[:4]] == ["1/7 merge", "1/7 merge", "2/7 data", "2/7 data"]
    assert small.git("log", "--format=%s", "--first-parent", "-2").splitlines() == [f"Pin {MODEL} version 2", f"Merge {BRANCH}: version 2 of {MODEL}"]
    assert (small.git("branch", "--show-current"), small.git("status", "--porcelain")) == ("main\n", "")
    assert small.project.baseline.champion.version == small.runs.alias(MODEL, "champion") == "2"
    ticket = find_ticket(small.project, TICKET)
    assert (ticket.status, ticket.note) == ("resolved", "version 2 is the champion now")
    before, asked = untouched(small), []
    again = accepted(small, ask=asked.append)  # twice is once
    assert (set(states(again).values()), asked, untouched(small)) == ({"done before"}, [], before)


def test_a_person_who_says_no_and_a_dry_run_change_nothing(small):
    before = untouched(small)
    assert accept(small.project, TICKET, ask=lambda _: False) is None
    assert set(states(accepted(small, dry_run=True)).values()) == {"to do"}
    assert untouched(small) == before


def test_what_was_done_by_hand_counts_as_done(small):
    small.git("merge", "-q", "--no-ff", BRANCH, "-m", "By hand")
    certify(MODEL, "2", project=small.project)
    told = accepted(small, dry_run=True)
    assert [name for name, state in states(told).items() if state == "done before"] == ["merge", "certify"]
    assert not told.promoted


def test_a_squashed_merge_of_a_forge_counts_as_merged(small):
    small.git("merge", "-q", "--squash", BRANCH)
    small.git("commit", "-qm", f"Retrain (#7)\n\nKeepfit-Ticket: {TICKET}")
    assert states(accepted(small, dry_run=True))["merge"] == "done before"


# -- what is refused ------------------------------------------------------------------------------------------------------


def test_a_candidate_that_failed_is_not_merged(improved, tmp_path, monkeypatch):
    failed = improved.copy(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", failed.uri)
    before = untouched(failed)
    told = accepted(failed)
    assert (told.why, told.exit_code) == ("the candidate, version 2, failed on scorecard: overall_possible (fail)", 3)
    assert told.fix[0] == f"keepfit certify {MODEL} 2 --ref {BRANCH}"
    assert untouched(failed) == before


def test_an_undecided_candidate_waits_for_who_approves_it_with_a_reason(small):
    rewrite_card(small, undecided)
    before = untouched(small)
    told = accepted(small)
    assert (told.exit_code, told.fix[0]) == (4, f"keepfit accept {TICKET} --approve --reason '…'")
    assert told.why.startswith("the candidate, version 2, is undecided on overall roc_auc")
    assert untouched(small) == before
    told = accepted(small, approval="Paul looked at\nline b")
    assert (told.promoted, states(told)["approve"]) == (True, "done")
    assert small.runs.version(MODEL, "2").tags["approve"] == "champion"
    assert "Keepfit-Approved: Paul looked at line b" in small.git("log", "-1", "--format=%B")
    assert find_ticket(small.project, TICKET).note.endswith("approved: Paul looked at\nline b")


def test_uncommitted_changes_are_refused_and_kept(small):
    params = small.root / "params.yaml"
    params.write_text(params.read_text() + "\n")
    before = untouched(small)
    with pytest.raises(ProjectError, match=r"would mix with your uncommitted changes of params\.yaml"):
        accepted(small)
    assert untouched(small) == before


def test_a_base_that_moved_and_conflicts_is_named_and_nothing_is_merged(small):
    (small.root / "decision.json").write_text('{"action": "continue"}\n')
    small.git("commit", "-qam", "Another decision")
    before = untouched(small)
    told = accepted(small)
    assert told.why == f"main has moved since, and {BRANCH} conflicts with it in decision.json; nothing was merged"
    assert (told.exit_code, told.fix) == (3, (f"git branch -m {BRANCH} {BRANCH}-before && keepfit improve {TICKET}",))
    assert untouched(small) == before


def test_a_base_whose_params_moved_without_a_conflict_is_no_merge_of_what_was_trained(small):
    params = small.root / "params.yaml"
    params.write_text(params.read_text().replace("max_iter: 10", "max_iter: 11"))
    small.git("commit", "-qam", "More trees")
    before = untouched(small)
    told = accepted(small)
    assert told.why.startswith("main has moved since, and what the merge would hold is not what was trained: the stage train ran with another train")
    assert untouched(small) == before


def test_a_base_behind_the_remotes_is_refused(small):
    small.git("push", "-q", "origin", "main")
    small.git("commit", "-q", "--allow-empty", "-m", "Elsewhere")
    small.git("push", "-q", "origin", "main")
    small.git("reset", "-q", "--hard", "HEAD~1")
    with pytest.raises(ProjectError, match="main lacks commits of origin/main"):
        accepted(small)


def test_a_champion_that_changed_meanwhile_is_named(small):
    small.runs.client.delete_registered_model_alias(MODEL, "champion")
    before = small.git("rev-parse", "main")
    told = accepted(small)
    assert (told.why, told.exit_code) == ("the champion has changed meanwhile: the candidate was judged against version 1, now it is none", 3)
    assert small.git("rev-parse", "main") == before


def test_a_ticket_that_is_resolved_asks_for_nothing_or_has_no_candidate_is_one_sentence(small):
    other = add_ticket(small, ground="debt")
    with pytest.raises(TicketError, match="the ticket 2026-02-debt has no candidate") as bad:
        accept(small.project, other.id, ask=lambda _: True)
    assert bad.value.fix == "keepfit improve 2026-02-debt"
    resolve(small.project, TICKET, reason="not this month")
    with pytest.raises(TicketError, match="is resolved: not this month"):
        accepted(small)


def test_a_second_run_at_the_same_time_is_refused(small):
    with (
        one_at_a_time(small.project.ledger_uri, "accept", MODEL, patience=0, waiting=lambda: None),
        pytest.raises(LedgerError, match=f"candidates of {MODEL} are being accepted by another run"),
    ):
        accepted(small)


def test_it_never_runs_in_a_hook(small, monkeypatch):
    monkeypatch.setenv("KEEPFIT_HOOK", "1")
    with pytest.raises(RefusedError, match="is for a person to call"):
        accepted(small)


# -- the gate and others --------------------------------------------------------------------------------------------------


def test_the_gate_of_the_server_says_no_and_once_it_is_met_the_same_call_goes_on(gated):
    told = accepted(gated)
    assert (told.exit_code, told.steps[-1].name, told.promoted) == (3, "promote", False)
    assert "KF-G041" in told.why
    assert "git revert -m 1" in told.fix[-1]
    adopt(MODEL, None, reason="it stood before the gate")
    told = accepted(gated)
    assert (told.promoted, states(told)["certify"], states(told)["promote"]) == (True, "done before", "done")


def test_what_the_gate_would_refuse_by_files_alone_is_not_merged(small):
    gate = small.root / "gate.yaml"
    gate.write_text(gate.read_text().replace("max_data_age_days: null", "max_data_age_days: 1   "))
    small.git("commit", "-qam", "Rows of yesterday only")
    before = untouched(small)
    told = accepted(small)
    assert (told.why, told.exit_code) == ("the gate would refuse it; nothing was merged", 3)
    assert any("evaluate on newer windows" in reason for reason in told.reasons)
    assert untouched(small) == before


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("require_merged: true", "gate.yaml takes only what is merged on origin/main (require_merged), and the merge is only here"),
        ("movers: [ci-bot]", "gate.yaml lets ci-bot move it (movers)"),
    ],
)
def test_where_only_ci_certifies_or_moves_it_ends_with_the_merge_and_says_what_comes_next(small, rule, said):
    gate = small.root / "gate.yaml"
    gate.write_text(gate.read_text().replace("    block_severities:", f"    {rule}\n    block_severities:"))
    small.git("commit", "-qam", "Others certify")
    small.git("push", "-q", "origin", "main")
    told = accepted(small)
    assert (told.why.rpartition(": ")[2], told.exit_code, told.promoted) == (said, 4, False)
    assert [line.split(" ")[:3] for line in told.fix][::2] == [["git", "push", "origin"], ["keepfit", "accept", TICKET]]
    assert small.git("log", "-1", "--format=%s") == f"Merge {BRANCH}: version 2 of {MODEL}\n"


def test_without_a_key_that_the_gate_trusts_the_rest_is_for_ci(small, monkeypatch, tmp_path):
    monkeypatch.setenv("KEEPFIT_KEYS", str(tmp_path / "nobody's"))
    told = accepted(small)
    assert (told.exit_code, told.steps[-1].name) == (4, "data")
    assert "no key that gate.yaml trusts is here (default), so CI certifies" in told.why


# -- the command ----------------------------------------------------------------------------------------------------------


def test_without_a_terminal_it_asks_for_yes_and_a_no_ends_with_3_and_json(improved, tmp_path, monkeypatch):
    failed = improved.copy(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", failed.uri)
    monkeypatch.chdir(failed.root)
    asked = CliRunner().invoke(command, [TICKET])
    assert (asked.exit_code, asked.output.splitlines()[-1]) == (
        2,
        "Error: accept asks a person, and there is no terminal: --yes where a person's script calls it",
    )
    assert CliRunner().invoke(command, [TICKET, "--yes", "--approve"]).exit_code == 2
    no = CliRunner().invoke(command, [TICKET, "--yes", "--json"])
    assert (no.exit_code, json.loads(no.stdout)["promoted"]) == (3, False)
    shown = CliRunner().invoke(command, [TICKET, "--dry-run"])
    assert (shown.exit_code, shown.stdout.splitlines()[0]) == (3, f"{TICKET} is not accepted: {json.loads(no.stdout)['why']}")
