from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.flows.owed import owed
from tests.flows.projects import MODEL, TICKET, Small, add_ticket

from keepfit.flows.retraining.improve import _write_review
from keepfit.flows.retraining.retrain_tree import RetrainTree
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import Evidence, PolicyState, Scorecard, from_json, to_json

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
BRANCH = f"retrain/{TICKET}"


@pytest.fixture
def small(promoted, tmp_path) -> Small:
    return promoted.copy(tmp_path)


def refusal(small: Small, *arguments: str, **env: str) -> list[str]:
    """What a refused improve says; it leaves neither branch nor work tree."""
    done = small.keepfit("improve", *(arguments or (TICKET,)), check=False, **env)
    assert done.returncode not in (0, 130), done.stdout
    assert done.stdout == ""
    assert BRANCH not in small.git("branch", "--list", "retrain/*")
    assert not (small.root / ".keepfit" / "worktrees" / TICKET).exists()
    return [line for line in done.stderr.splitlines() if line.startswith(("keepfit: ", "  fix: ")) and "retrain/" not in line]


def test_the_same_ticket_twice_is_one_branch_and_one_version(improved):
    before = improved.git("rev-parse", BRANCH)
    again = improved.keepfit("improve", TICKET)
    assert again.stdout.splitlines()[:2] == [f"branch:  {BRANCH}  (was there already)", f"version: {MODEL} 2"]
    assert improved.git("rev-parse", BRANCH) == before
    assert len(improved.runs.versions(MODEL)) == 2
    (event,) = owed(improved.project)
    assert (event.kind, event.subject, event.version, event.branch) == ("candidate_refused", TICKET, "2", BRANCH)


def test_the_branch_holds_the_new_rows_the_pin_one_changed_line_of_the_decision_and_the_review(improved):
    changed = improved.git("diff", "--name-only", f"main...{BRANCH}").split()
    assert {"data/windows.dvc", "models/champion.dvc", "baseline.json", "decision.json", "dvc.lock", "reports/REVIEW.md"} <= set(changed)
    assert improved.git("diff", "--numstat", f"main...{BRANCH}", "--", "decision.json").split()[:2] == ["1", "1"]
    assert improved.git("show", f"{BRANCH}:decision.json") == '{"action": "improve", "target": "2026-02-01T00:00:00"}\n'
    body = improved.git("show", "-s", "--format=%B", BRANCH)
    assert f"Keepfit-Ticket: {TICKET}" in body
    assert "Keepfit-Decision: harm, target 2026-02-01T00:00:00" in body
    review = improved.git("show", f"{BRANCH}:reports/REVIEW.md")
    assert "Windows added: 2026-02." in review
    assert "The rows that train are those that trained before." in review  # February judges the candidate, and trains only its refit


def test_the_suggested_diff_is_readable_and_holds_no_json(improved):
    (command,) = [line.strip() for line in improved.keepfit("improve", TICKET).stdout.splitlines() if line.strip().startswith("git diff")]
    shown = subprocess.run(command, shell=True, cwd=improved.root / "reports", env=improved.env, check=True, capture_output=True, text=True).stdout
    assert "+# Retraining for" in shown
    assert '+{"action": "improve"' in shown.replace("++", "+"), "the decision is in the review"
    assert ".json b/reports" not in shown
    assert len(shown.splitlines()) < 100


def test_a_version_says_which_ticket_and_commit_it_is_of_and_its_run_the_branch(improved):
    version = improved.runs.versions(MODEL)[1]
    assert (version.tags["kf.ticket"], version.tags["kf.commit"]) == (TICKET, improved.git("rev-parse", BRANCH).strip())
    assert improved.runs.client.get_run(version.run_id).data.tags["kf.branch"] == BRANCH


def test_a_version_shows_at_most_six_tags_before_the_gate_has_judged_it(improved):
    first, second = (set(version.tags) for version in improved.runs.versions(MODEL))
    assert {name for name in second if name.startswith("kf.")} <= {"kf.key", "kf.status", "kf.value", "kf.ticket", "kf.commit", "kf.harm"}
    assert not {"kf.basis", "kf.metric", "kf.trained_until"} & (first | second)


def test_what_the_stages_made_in_one_interpreter_each_makes_by_itself(improved, tmp_path):
    small = improved.copy(tmp_path)
    small.git("checkout", "--quiet", BRANCH)
    small.dvc("checkout", "--quiet")
    said = small.dvc("repro", "--force")
    assert said.count("> python stages/") == 7
    assert small.git("status", "--porcelain") == ""


@pytest.mark.parametrize(("action", "ground"), [("inspect", "quality"), ("inspect", "schema"), ("rollback", "regret")])
def test_a_ticket_that_does_not_ask_for_it_never_retrains(small, action, ground):
    ticket = add_ticket(small, action=action, ground=ground)
    said = refusal(small, ticket.id)
    assert said[0] == f"keepfit: the ticket {ticket.id} asks to {action}, on the ground of {ground}: a retraining would not help"


def test_an_unknown_ticket_offers_the_nearest(small):
    assert refusal(small, "2026-02-ham") == [f"keepfit: no ticket '2026-02-ham' for the model '{MODEL}'", f"  fix: did you mean '{TICKET}'? known: {TICKET}"]


DECIDING = ["params.yaml", "gate.yaml", "dvc.yaml", "stages/train.py", "curation.yaml", "expectations/windows.yaml", "expectations/data/new.json"]


@pytest.mark.parametrize("path", DECIDING)
def test_uncommitted_decisions_are_refused_and_kept(small, path):
    file = small.root / path
    text = (file.read_text() if file.exists() else "") + "\n"
    file.write_text(text)
    assert refusal(small)[0].startswith(f"keepfit: dirty git tree: the candidate would not see your uncommitted changes of {path} (")
    assert file.read_text() == text


def test_no_git_is_one_sentence(small):
    (small.root / ".git").rename(small.root / "elsewhere")
    done = small.keepfit("improve", TICKET, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, f"keepfit: no git repository here ({small.root})")


def test_no_dvc_is_one_sentence(small):
    (small.root / ".dvc").rename(small.root / "elsewhere")
    assert refusal(small)[0] == f"keepfit: DVC is not initialised here ({small.root})"


def test_no_server_is_one_sentence_within_seconds(small):
    before = time.monotonic()
    said = refusal(small, MLFLOW_TRACKING_URI="http://127.0.0.1:9")
    assert said[0].startswith("keepfit: the MLflow server at http://127.0.0.1:9 does not answer")
    assert said[1] == "  fix: keepfit server, or set MLFLOW_TRACKING_URI"
    assert time.monotonic() - before < 30


def test_a_base_branch_that_is_not_there_is_one_sentence(small):
    small.git("branch", "-m", "main", "trunk")
    assert refusal(small)[0] == "keepfit: no local branch 'main' to start from (params.yaml: update.base_branch)"


def test_a_window_that_was_never_closed_is_one_sentence(small):
    (small.root / ".keepfit" / "windows" / "2026-02.parquet").unlink()
    assert refusal(small)[0].startswith("keepfit: the rows of window 2026-02 are not here")


def test_somebody_elses_branch_of_that_name_is_not_touched(small):
    small.git("checkout", "-qb", BRANCH)
    small.git("commit", "-q", "--allow-empty", "-m", "mine")
    small.git("checkout", "-q", "main")
    done = small.keepfit("improve", TICKET, check=False)
    assert (done.returncode, done.stderr.splitlines()[0].split(" (")[0]) == (1, f"keepfit: the branch {BRANCH} holds commits that improve did not make")
    assert small.git("show", "-s", "--format=%s", BRANCH) == "mine\n"


# Ctrl-C is walked by tests/e2e/test_bad_input.py too
@pytest.mark.parametrize("sign", [pytest.param(signal.SIGINT, marks=pytest.mark.long), signal.SIGTERM])
def test_an_interrupted_retraining_leaves_no_process_and_no_tree_and_a_rerun_works(small, improved, sign):
    (small.root / "notes.txt").write_text("mine")
    process = subprocess.Popen(
        [sys.executable, "-m", "keepfit", "improve", TICKET], cwd=small.root, env=small.env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    for line in process.stderr:
        if line.startswith(("Running stage", "Stage '")):
            break
    os.kill(process.pid, sign)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert _processes_in(small.root) == []
    assert small.git("branch", "--list", "retrain/*") == ""
    assert not (small.root / ".keepfit" / "worktrees" / TICKET).exists()
    small.keepfit("improve", TICKET)
    assert small.git("rev-parse", f"{BRANCH}^{{tree}}") == improved.git("rev-parse", f"{BRANCH}^{{tree}}")
    assert small.git("status", "--porcelain") == "?? notes.txt\n"


def _processes_in(folder: Path) -> list[str]:
    """The working folders of the running processes that lie in the project."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found.append(str((entry / "cwd").readlink()))
        except OSError:
            continue
    return [path for path in found if path.startswith(str(folder))]


def test_without_remotes_a_push_says_so(small):
    small.git("remote", "remove", "origin")
    small.dvc("remote", "remove", "far")
    small.git("commit", "-qam", "No remote")
    said = small.keepfit("improve", TICKET, "--push").stderr
    assert "no DVC remote: the data and the models are only here" in said
    assert "no git remote: the branch is only here" in said


def test_the_review_allows_what_the_policy_of_the_project_remembers_not_what_a_copy_without_a_ledger_does(improved, tmp_path):
    small = improved.copy(tmp_path)
    harm = Evidence(kind="performance", subject="overall", detector="roc_auc", statistic=0.5, effect=-2.0, low=-2.1, high=-1.9, n=320, n_reference=320)
    with Ledger(small.project.ledger_uri).transaction() as book:
        ticket = replace(book.ticket(MODEL, TICKET), evidence=(harm,))
        book.save_state(MODEL, "1", PolicyState(margin=0.25))
    tree = RetrainTree(small.project, TICKET)
    with tree.reopen(tree.made()) as copy:
        assert copy.ledger_uri != small.project.ledger_uri
        card = from_json(Scorecard, (copy.root / "reports/scorecard.json").read_bytes())
        sound = tuple(replace(row, status="pass") for row in card.rows), tuple(replace(one, status="pass") for one in card.expectations)
        (copy.root / "reports/scorecard.json").write_text(to_json(replace(card, rows=sound[0], expectations=sound[1])))  # only then the harm is told
        _write_review(copy, tree, ticket, windows=("2026-02",), runs=small.runs)
        assert "worse than promised (2.5), allowed is 0.25" in (copy.root / "reports/REVIEW.md").read_text(encoding="utf-8")
