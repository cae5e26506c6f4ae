"""Killed after each effect outside the process, the same command again ends as if nothing had happened."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from tests.flows.owed import owed
from tests.flows.projects import MODEL, TICKET, Small

from keepfit.flows.effects import EFFECTS
from keepfit.flows.tickets.tickets import list_tickets

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
KILLED = -signal.SIGKILL
BRANCH = f"retrain/{TICKET}"


def registry(small: Small) -> list[tuple[str, str | None, str | None]]:
    """The versions; each has one finished run and one complete model of its key."""
    runs = small.runs
    experiment = runs.experiment("keepfit")
    for version in runs.versions(MODEL):
        key = version.tags["kf.key"]
        found = runs.client.search_runs([experiment], f"tags.`kf.key` = '{key}'")
        models = runs.client.search_logged_models([experiment], f"tags.`kf.key` = '{key}'")
        assert [run.info.status for run in found] == ["FINISHED"]
        assert [str(model.status) for model in models] == ["READY"]
    return [(version.number, version.tags["kf.key"], version.tags.get("kf.ticket")) for version in runs.versions(MODEL)]


def end_state(small: Small) -> dict[str, object]:
    """Everything that may not depend on how often the process died."""
    return {
        "versions": registry(small),
        "branches": small.git("branch", "--format=%(refname:short)").split(),
        "tree": small.git("rev-parse", f"{BRANCH}^{{tree}}"),
        "commits": small.git("rev-list", "--count", f"main..{BRANCH}").strip(),
        "pushed": small.git("ls-remote", "--heads", "origin", BRANCH).split()[0] == small.git("rev-parse", BRANCH).strip(),
        "worktrees": len(small.git("worktree", "list", "--porcelain").split("\n\n")) - 1,
        "checkout": (small.git("rev-parse", "HEAD"), small.git("status", "--porcelain"), small.git("stash", "list")),
        "tickets": [(ticket.id, ticket.status, ticket.branch) for ticket in list_tickets(small.project, every=True)],
        "events": [(event.kind, event.ticket, event.version, event.branch) for event in owed(small.project)],
        "left over": sorted(path.name for path in (small.root / ".keepfit" / "worktrees").glob("*")),
    }


def test_an_undisturbed_retraining_leaves_one_version_one_branch_one_ticket_and_the_checkout_as_it_was(improved):
    state = end_state(improved)
    assert [number for number, _, _ in state["versions"]] == ["1", "2"]
    assert state["branches"] == ["main", BRANCH]
    assert (state["commits"], state["pushed"], state["worktrees"], state["left over"]) == ("1", True, 1, [])
    assert state["checkout"][1:] == ("", "")
    assert state["tickets"] == [(TICKET, "open", BRANCH)]
    assert state["events"] == [("candidate_refused", TICKET, "2", BRANCH)]


def test_improve_killed_after_one_effect_after_another_ends_the_same(promoted, improved, tmp_path):
    small = promoted.copy(tmp_path)
    for name in EFFECTS["improve"]:
        assert small.keepfit("improve", TICKET, "--push", check=False, KEEPFIT_KILL_AFTER=f"improve.{name}").returncode == KILLED, name
    small.keepfit("improve", TICKET, "--push")
    assert end_state(small) == end_state(improved)


@pytest.mark.long
@pytest.mark.parametrize("name", EFFECTS["improve"])
def test_improve_killed_after_an_effect_and_run_again_ends_the_same(promoted, improved, tmp_path, name):
    small = promoted.copy(tmp_path)
    assert small.keepfit("improve", TICKET, "--push", check=False, KEEPFIT_KILL_AFTER=f"improve.{name}").returncode == KILLED
    small.keepfit("improve", TICKET, "--push")
    assert end_state(small) == end_state(improved)


@pytest.fixture(scope="module")
def unregistered(promoted, tmp_path_factory) -> Small:
    """A trained candidate in a project whose registry is empty but for its tables."""
    small = promoted.copy(tmp_path_factory.mktemp("unregistered"))
    registered = small.runs
    for version in registered.versions(MODEL):
        registered.client.delete_model_version(MODEL, version.number)
    registered.client.delete_registered_model(MODEL)
    experiment = registered.client.get_experiment_by_name("keepfit")
    for run in registered.client.search_runs([experiment.experiment_id]):
        registered.client.delete_run(run.info.run_id)
    for model in registered.client.search_logged_models([experiment.experiment_id]):
        registered.client.delete_logged_model(model.model_id)
    (small.root / "reports" / "registered.json").unlink()
    return small


def run_stage(small: Small, **env: str) -> int:
    done = subprocess.run([sys.executable, "stages/register.py"], cwd=small.root, env={**small.env, **env}, capture_output=True, text=True, check=False)
    return done.returncode


@pytest.mark.parametrize("name", EFFECTS["register"])
def test_register_killed_after_an_effect_and_run_again_makes_one_version(unregistered, tmp_path, name):
    small = unregistered.copy(tmp_path)
    assert run_stage(small, KEEPFIT_KILL_AFTER=f"register.{name}") == KILLED
    assert not (small.root / "reports" / "registered.json").exists()
    assert run_stage(small) == 0
    key = json.loads((small.root / "reports" / "registered.json").read_text())["key"]
    assert registry(small) == [("1", key, None)]
