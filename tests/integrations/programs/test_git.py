from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from keepfit.errors import ProjectError
from keepfit.integrations.programs import git
from keepfit.integrations.programs.git import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    root = tmp_path / "a repo"
    root.mkdir()
    git = GitRepo(root)
    git.run("init", "-q", "-b", "main")
    git.run("config", "user.name", "T")
    git.run("config", "user.email", "t@example.org")
    (root / "keepfit").mkdir()
    (root / "keepfit" / "params.yaml").write_text("seed: 0\n")
    (root / "train.py").write_text("print(1)\n")
    git.commit(["keepfit/params.yaml", "train.py"], "start")
    return git


def test_a_file_is_shown_at_a_reference_relative_to_the_project(repo):
    project = GitRepo(repo.root / "keepfit")
    assert project.show("main", "params.yaml") == b"seed: 0\n"
    assert project.show("main", "../train.py") == b"print(1)\n"
    assert project.show("main", "missing") is None
    assert project.files("main", ".") == ("params.yaml",)
    assert (project.prefix, project.top) == (Path("keepfit"), repo.root)


def test_a_commit_takes_only_the_named_paths_and_carries_its_trailers(repo):
    (repo.root / "train.py").write_text("print(2)\n")
    (repo.root / "keepfit" / "params.yaml").write_text("seed: 1\n")
    commit = repo.commit(["keepfit/params.yaml"], "Retrain\n\n- because", trailers={"Keepfit-Ticket": "2013-02-harm"})
    assert repo.status() == ("train.py",)
    assert repo.trailer("main", "Keepfit-Ticket", "2013-02-harm") == commit == repo.tip("main")
    assert repo.trailer("main", "Keepfit-Ticket", "2013-02") is None
    assert repo.is_ancestor("HEAD~1", commit)
    assert not repo.is_ancestor(commit, "HEAD~1")


def test_a_worktree_leaves_the_checkout_alone_and_its_branch_stays(repo, tmp_path):
    folder = tmp_path / "trees" / "t"
    repo.add_worktree(folder, branch="retrain/t", base="main")
    (folder / "train.py").write_text("print(3)\n")
    made = GitRepo(folder).commit(["train.py"], "other")
    repo.remove_worktree(folder)
    assert (repo.tip("retrain/t"), repo.branch(), repo.status()) == (made, "main", ())
    assert not folder.exists()
    repo.delete_branch("retrain/t")
    assert repo.tip("retrain/t") is None


def test_a_worktree_whose_folder_was_lost_is_forgotten(repo, tmp_path):
    folder = tmp_path / "t"
    repo.add_worktree(folder, branch="retrain/t", base="main")
    subprocess.run(["rm", "-rf", folder], check=True)
    repo.remove_worktree(folder)
    repo.delete_branch("retrain/t")
    repo.add_worktree(folder, branch="retrain/t", base="main")
    assert (folder / "train.py").exists()


def test_a_git_that_hangs_is_killed_and_said_in_one_sentence(repo):
    os.mkfifo(repo.root / ".git" / "refs" / "heads" / "hangs")  # opening a pipe that nobody writes to waits for ever
    started = time.monotonic()
    with pytest.raises(ProjectError, match=r"^git rev-parse did not answer within 0\.5 seconds"):
        GitRepo(repo.root, timeout_seconds=0.5).tip("hangs")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda git: git.run("merge", "nowhere"), "git merge failed: merge: nowhere - not something we can merge"),
        (lambda git: git.commit_of("nowhere"), "git knows no commit 'nowhere'"),
        (lambda git: git.push("main", remote="origin"), "git push failed: fatal: 'origin' does not appear to be a git repository"),
        (lambda git: GitRepo(git.root.parent).status(), "no git repository here"),
        (lambda git: GitRepo(git.root / "gone").status(), "no such folder"),
    ],
)
def test_what_git_refuses_is_one_sentence(repo, call, sentence):
    with pytest.raises(ProjectError) as refused:
        call(repo)
    assert refused.value.what == sentence


def test_missing_git_is_one_sentence(repo, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ProjectError, match="git is not installed"):
        repo.status()


def test_a_surrounding_git_does_not_redirect_ours(repo, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    assert "GIT_DIR" not in git._environment()
    assert repo.branch() == "main"


def test_an_entry_is_told_by_its_kind_from_the_top_also_in_a_bare_repository(repo, tmp_path):
    (repo.root / "link").symlink_to("train.py")
    repo.commit(["link"], "a link")
    repo.run("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    for seen in (repo, GitRepo(repo.root / "keepfit"), GitRepo(tmp_path / "bare.git")):
        commit = seen.commit_of("main")
        entry = seen.entry(commit, "train.py")
        assert (entry.kind, entry.size, seen.content(entry.id)) == ("file", 9, b"print(1)\n")
        assert [seen.entry(commit, path).kind for path in ("keepfit", "link")] == ["folder", "link"]
        assert seen.entry(commit, "none") is seen.entry(commit, "keepfit/*") is None


def test_a_remotes_branch_is_where_it_was_fetched(repo, tmp_path):
    repo.run("clone", "-q", ".", str(tmp_path / "clone"))
    clone = GitRepo(tmp_path / "clone")
    assert clone.remote_tip("origin/main") == repo.tip("main")
    assert clone.remote_tip("main") is None


def test_a_failure_that_git_explains_on_its_output_is_passed_on(repo):
    with pytest.raises(ProjectError, match="git commit failed: nothing to commit"):
        repo.run("commit", "--message=again")


def test_the_commit_that_brought_a_text_into_a_file_is_the_oldest_of_any_branch(repo):
    first = repo.commit_of("HEAD")
    repo.run("checkout", "-q", "-b", "side")
    (repo.root / "keepfit" / "params.yaml").write_text("seed: 1\nkey: abc\n")
    brought = repo.commit(["keepfit/params.yaml"], "abc comes")
    (repo.root / "keepfit" / "params.yaml").write_text("seed: 2\n")
    repo.commit(["keepfit/params.yaml"], "abc goes")
    repo.run("checkout", "-q", "main")
    project = GitRepo(repo.root / "keepfit")
    assert (project.first_with("seed: 0", "params.yaml"), project.first_with("key: abc", "params.yaml")) == (first, brought)
    assert project.first_with("nowhere", "params.yaml") is None


def branched(repo):
    """A branch `topic` with a commit, and a commit on `main` beside it."""
    repo.run("checkout", "-q", "-b", "topic")
    (repo.root / "train.py").write_text("print(2)\n")
    topic = repo.commit(["train.py"], "topic")
    repo.checkout("main")
    return topic


def test_what_a_line_of_first_parents_was_brought_a_commit_by_is_its_merge_or_itself(repo):
    start, topic = repo.commit_of("main"), branched(repo)
    assert (repo.brought(start, into="main"), repo.brought(topic, into="main")) == (start, None)
    assert repo.merge("topic", message="Merge it") == ()
    merge = repo.commit_of("main")
    (repo.root / "later.txt").write_text("later\n")
    repo.commit(["later.txt"], "later")
    assert repo.brought(topic, into="main") == merge
    repo.run("merge", "-q", "--ff-only", "main")
    assert (repo.knows(merge), repo.knows("0" * 40)) == (True, False)


def test_a_merge_that_conflicts_names_the_paths_and_leaves_nothing_behind(repo):
    branched(repo)
    (repo.root / "train.py").write_text("print(3)\n")
    before = repo.commit(["train.py"], "mine")
    assert repo.merge("topic", message="Merge it") == ("train.py",)
    assert (repo.commit_of("HEAD"), repo.status(), (repo.root / "train.py").read_text()) == (before, (), "print(3)\n")
    with pytest.raises(ProjectError):
        repo.merge("nothing-of-that-name", message="Merge it")


def test_a_branch_only_moves_forward(repo):
    topic = branched(repo)
    repo.forward(topic)
    assert repo.commit_of("main") == topic
    repo.run("reset", "-q", "--hard", "HEAD~1")
    (repo.root / "other.txt").write_text("mine\n")
    repo.commit(["other.txt"], "mine")
    with pytest.raises(ProjectError, match="git merge failed"):
        repo.forward(topic)
