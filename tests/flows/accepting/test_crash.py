"""Accept, killed after each effect: the same call again ends as if nothing had happened."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from tests.flows.accepting.conftest import BRANCH, CARD, accepted, killed_after, rewrite_card, undecided
from tests.flows.projects import MODEL, TICKET, Small

from keepfit.flows.effects import EFFECTS
from keepfit.flows.tickets.tickets import list_tickets
from keepfit.gate.attestation import Attestation
from keepfit.gate.certificate import parsed
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.programs.git import GitRepo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
KILLED = -signal.SIGKILL
ASKED = [name for name in EFFECTS["accept"] if name != "approve"]
FEW = ["merge_commit", "certify", "promote", "sync"]


def end_state(small: Small) -> dict[str, object]:
    """Everything that may not depend on how often the process died."""
    pin = small.project.baseline.champion
    return {
        "champion": (small.runs.alias(MODEL, "champion"), pin.version, pin.digest),
        "certificates": certificates(small),
        "branches": small.git("branch", "--format=%(refname:short)").split(),
        "checked out": small.git("branch", "--show-current"),
        "tree": small.git("rev-parse", "main^{tree}"),
        "commits": small.git("log", "--format=%s", "main"),
        "worktrees": len(small.git("worktree", "list", "--porcelain").split("\n\n")) - 1,
        "checkout": (small.git("status", "--porcelain"), small.git("stash", "list"), (small.root / CARD).read_bytes()),
        "tickets": [(ticket.id, ticket.status, ticket.note) for ticket in list_tickets(small.project, every=True)],
        "left over": sorted(path.name for path in (small.root / ".keepfit" / "worktrees").glob("*")),
        "processes": processes_in(small.root),
    }


def certificates(small: Small) -> int:
    """How many there are of commits of this project: copies of a project share the folder of its runs."""
    texts = Artifacts(small.uri).certificates(small.runs.version(MODEL, "2").run_id)
    lying = parsed(tuple(texts), judge=lambda _: Attestation(by="anybody"))
    return sum(GitRepo(small.root).knows(each.signed.certificate.commit) for each in lying)


def processes_in(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found.append(str((entry / "cwd").readlink()))
        except OSError:
            continue
    return [path for path in found if path.startswith(str(folder))]


@pytest.fixture(scope="module")
def undisturbed(reviewed, tmp_path_factory) -> dict[str, object]:
    with pytest.MonkeyPatch.context() as patch:
        from keepfit.flows.promotion import promote

        patch.setattr(promote, "PATIENCE_SECONDS", 0.0)
        small = reviewed.copy(tmp_path_factory.mktemp("undisturbed"))
        patch.setenv("MLFLOW_TRACKING_URI", small.uri)
        small.git("checkout", "-q", BRANCH)
        accepted(small)
        return end_state(small)


def test_killed_after_one_effect_after_another_it_ends_the_same(small, undisturbed):
    small.git("checkout", "-q", BRANCH)
    for name in FEW:
        assert killed_after(small, f"accept.{name}") == KILLED, name
    assert accepted(small).promoted
    assert end_state(small) == undisturbed
    assert (undisturbed["left over"], undisturbed["worktrees"], undisturbed["certificates"], undisturbed["processes"]) == ([], 1, 1, [])
    assert undisturbed["tickets"] == [(TICKET, "resolved", "version 2 is the champion now")]


@pytest.mark.long
@pytest.mark.parametrize("name", ASKED)
def test_killed_after_an_effect_and_run_again_it_ends_the_same(small, undisturbed, name):
    small.git("checkout", "-q", BRANCH)
    assert killed_after(small, f"accept.{name}") == KILLED
    assert accepted(small).promoted
    assert end_state(small) == undisturbed


@pytest.mark.long
def test_killed_after_an_approval_it_is_given_again_with_the_reason_of_the_second_call(small):
    rewrite_card(small, undecided)
    assert killed_after(small, "accept.approve", approval="line b is new") == KILLED
    assert accepted(small, approval="line b is new").promoted
    assert end_state(small)["tickets"] == [(TICKET, "resolved", "version 2 is the champion now; approved: line b is new")]
