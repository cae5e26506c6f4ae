"""The hooks `github` and `gitlab`: a candidate's branch of a real repository, pushed to a remote on this machine, proposed to a forge on this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.flows.deliver.messages import EVIL, around, event, message
from tests.forge_double import forge

from keepfit.flows.deliver.github import GithubHook
from keepfit.flows.deliver.gitlab import GitlabHook
from keepfit.hooks import HookError

PARAMS = "model: {name: flights, task: regression, target: y}\ndata: {live: rows.csv, time: t}\n"
BRANCH = "retrain/2026-02-harm"
HOOKS = {"github": GithubHook, "gitlab": GitlabHook}
TOKENS = {"github": "GITHUB_TOKEN", "gitlab": "GITLAB_TOKEN"}
ADDRESSES = {"github": "git@github.com:ml/flights.git", "gitlab": "https://gitlab.com/group/sub/flights.git"}
READY = event(kind="candidate_ready", key="candidate_ready:flights:2026-02-harm", branch=BRANCH)
every_forge = pytest.mark.parametrize("name", HOOKS)


def git(root, *arguments):
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project below the top of its repository, with a candidate's branch."""
    top = tmp_path_factory.mktemp("made") / "repo"
    root = top / "keepfit"
    root.mkdir(parents=True)
    git(top, "init", "-q", "-b", "main")
    (root / "params.yaml").write_text(PARAMS)
    git(top, "add", "-A")
    git(top, "commit", "-qm", "start")
    git(top, "checkout", "-qb", BRANCH)
    (root / "reports").mkdir()
    (root / "reports" / "REVIEW.md").write_text("# Review\n\nAUC rose.\n")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "Retrain")
    git(top, "checkout", "-q", "main")
    return top


@pytest.fixture
def top(made, tmp_path):
    subprocess.run(["cp", "-r", made, tmp_path / "repo"], check=True)
    git(tmp_path, "init", "-q", "--bare", "far.git")
    return tmp_path / "repo"


@pytest.fixture
def double():
    with forge() as state:
        yield state


def remote(top, name):
    """A remote that is called as on the forge, and that is pushed to on this machine."""
    git(top, "remote", "add", "origin", ADDRESSES[name])
    git(top, "config", f"url.{top.parent / 'far.git'}.pushInsteadOf", ADDRESSES[name])


def deliver(name, top, double, *events, token="writes", **fields):
    environment = {TOKENS[name]: token} if token else {}
    return HOOKS[name](api=double.url, **fields).deliver(message(*(events or (READY,))), around=around(top / "keepfit", **environment))


def refused(*arguments, **fields):
    with pytest.raises(HookError) as caught:
        deliver(*arguments, **fields)
    return caught.value


@every_forge
def test_the_branch_is_pushed_and_proposed_once_with_its_review(name, top, double):
    remote(top, name)
    said = deliver(name, top, double)
    assert said.startswith("opened https://forge/")
    assert deliver(name, top, double) == f"{said.removeprefix('opened ')} is up to date"
    [one] = double.requests
    assert (one["branch"], one["base"], one["title"]) == (BRANCH, "main", "Retrain flights for 2026-02-harm")
    assert "# Review\n\nAUC rose." in one["body"]
    assert git(top.parent / "far.git", "rev-parse", BRANCH) == git(top, "rev-parse", BRANCH)
    assert git(top, "status", "--porcelain") == ""


@every_forge
def test_a_message_of_several_events_proposes_each_branch_once(name, top, double):
    remote(top, name)
    git(top, "branch", "retrain/other", BRANCH)
    other = event(kind="candidate_ready", key="b", branch="retrain/other", ticket=None, subject="7", model=EVIL)
    assert deliver(name, top, double, READY, other, READY, base="release").count("opened") == 2
    assert [one["branch"] for one in double.requests] == [BRANCH, "retrain/other"]
    assert all(one["base"] == "release" for one in double.requests)
    assert "\n" not in double.requests[1]["title"]
    assert len(double.requests[1]["title"]) <= 200


@every_forge
def test_an_event_without_a_branch_is_nothing_to_review(name, top, double):
    assert deliver(name, top, double, event()) == "nothing to review: it names no branch"
    assert double.requests == []


@every_forge
def test_without_a_remote_it_says_where_branch_and_text_are(name, top, double):
    found = refused(name, top, double)
    assert not found.again
    assert found.what.startswith(f"no git remote: the branch {BRANCH} is only here")
    assert found.fix == f"git show {BRANCH}:keepfit/reports/REVIEW.md is its text"
    assert git(top, *found.fix.partition(" is its text")[0].split()[1:]) == "# Review\n\nAUC rose.\n"
    assert "no git remote 'nosuch'" in refused(name, top, double, remote="nosuch").what


@every_forge
def test_without_a_token_the_branch_is_pushed_and_it_says_what_is_missing(name, top, double):
    remote(top, name)
    found = refused(name, top, double, token=None)
    assert not found.again
    assert found.what.startswith(f"{TOKENS[name]} is not set: {BRANCH} is pushed to origin, but no ")
    assert git(top.parent / "far.git", "rev-parse", BRANCH) == git(top, "rev-parse", BRANCH)
    with pytest.raises(HookError, match="MY_TOKEN is not set"):
        deliver(name, top, double, token_env="MY_TOKEN")


@every_forge
def test_a_remote_that_rejects_is_a_sentence_with_its_reason(name, top, double):
    remote(top, name)
    hook = top.parent / "far.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'protected: ask the release team' >&2\nexit 1\n")
    hook.chmod(0o755)
    found = refused(name, top, double)
    assert not found.again
    assert found.what == f"origin rejects {BRANCH}: pre-receive hook declined; protected: ask the release team"
    assert double.requests == []


@every_forge
def test_a_branch_that_somebody_changed_there_is_not_overwritten(name, top, double):
    remote(top, name)
    deliver(name, top, double)
    far = top.parent / "far.git"
    theirs = git(far, "commit-tree", "-p", BRANCH, "-m", "Ann's change", f"{BRANCH}^{{tree}}").strip()
    git(far, "update-ref", f"refs/heads/{BRANCH}", theirs)
    found = refused(name, top, double)
    assert not found.again
    assert "fetch first" in found.what
    assert git(far, "rev-parse", BRANCH).strip() == theirs


@every_forge
def test_what_may_get_better_is_tried_again_and_shows_no_password(name, top, double):
    remote(top, name)
    double.broken = True
    assert refused(name, top, double).again
    double.broken = False
    assert not refused(name, top, double, token="reads").again
    git(top, "remote", "add", "away", "http://me" + ":hunter2@127.0.0.1:9/ml/flights.git")
    found = refused(name, top, double, remote="away")
    assert found.again
    assert "hunter2" not in str(found)


@every_forge
def test_a_remote_on_a_disk_needs_the_repositorys_name(name, top, double):
    git(top, "remote", "add", "disk", "../far.git")
    assert "does not say which repository" in refused(name, top, double).what
    assert deliver(name, top, double, repository="ml/flights").startswith("opened")


@every_forge
def test_a_branch_or_a_project_that_is_not_here_is_a_sentence(name, top, double, tmp_path):
    gone = refused(name, top, double, event(branch="retrain/$(touch pwned)\n--force"))
    assert not gone.again
    assert "no branch 'retrain/$(touch pwned) --force' here" in gone.what
    assert refused(name, tmp_path / "nowhere", double).again
    assert not list(Path(tmp_path).rglob("pwned"))


@every_forge
def test_the_interface_is_the_remotes_own_host_where_it_is_nobody_elses(name, monkeypatch):
    """A server of one's own, by its name in the remote; nothing is asked."""
    seen, module = [], f"keepfit.flows.deliver.{name}"

    def proposed(message, place, *, around):
        for host in ("git.corp", f"{name}.com", None):
            place.requests("o/r", "t", host)
        return "opened"

    monkeypatch.setattr(f"{module}.{'pull' if name == 'github' else 'merge'}_requests", lambda repository, **asked: seen.append(asked["api"]))
    monkeypatch.setattr(f"{module}.propose_branches", proposed)
    HOOKS[name]().deliver(message(READY), around=around(Path("/")))
    assert seen == [f"https://git.corp/api/{'v3' if name == 'github' else 'v4'}", None, None]
