from __future__ import annotations

import os
import threading
import time

import pytest
from tests.flows.gitted import RULES, make_gitted

from keepfit.flows.rules import place as rules_place
from keepfit.flows.rules import served as served_rules
from keepfit.integrations.programs.git import GitRepo

PROTECTED = ("champion",)


@pytest.fixture
def gitted(tmp_path):
    return make_gitted(tmp_path / "rules@home")


@pytest.fixture
def serve(monkeypatch):
    def serve(place):
        monkeypatch.setenv("KEEPFIT_GATE", str(place))
        return served_rules.served_rules()

    return serve


@pytest.fixture
def reads(monkeypatch):
    """The texts that were read, in order."""
    found = []
    for module, name in ((served_rules, "rules_text"), (served_rules, "text_at")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *arguments, real=real: found.append(real(*arguments)) or found[-1])
    return found


@pytest.fixture
def asked(monkeypatch):
    """The git commands that were run."""
    found, real = [], GitRepo._finish
    monkeypatch.setattr(GitRepo, "_finish", lambda self, arguments: found.append(arguments[0]) or real(self, arguments))
    return found


def settled(path, text, *, ago=60.0):
    path.write_text(text)
    os.utime(path, (time.time() - ago, time.time() - ago))
    return path


def protected(rules, model="flights-late"):
    held = rules.of(model)
    return None if held is None else held.aliases


# -- a file -------------------------------------------------------------------------------------------------------------


def test_a_file_is_read_again_only_when_it_changed(tmp_path, serve, reads):
    path = settled(tmp_path / "gate.yaml", "models: {}")
    for _ in range(5):
        assert protected(serve(path)) is None
    assert len(reads) == 1
    settled(path, RULES % "flights-*", ago=30)
    assert [protected(serve(path)) for _ in range(3)] == [PROTECTED] * 3
    assert len(reads) == 2


def test_a_file_that_was_replaced_keeping_size_and_time_is_read_again(tmp_path, serve):
    path = settled(tmp_path / "gate.yaml", RULES % "flights-*")
    assert protected(serve(path), "other") is None
    times = path.stat()
    other = tmp_path / "other.yaml"
    other.write_text(RULES % "fl*ghts-?")
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(path)
    assert protected(serve(path)) is None


def test_a_change_within_the_same_moment_is_seen(tmp_path, serve):
    path = tmp_path / "gate.yaml"
    for name in ("aaaa-*", "flights"[:4] + "-*", "bbbb-*"):
        path.write_text(RULES % name)
        os.utime(path, ns=(1_000_000_000 * int(time.time()),) * 2)
        assert protected(serve(path), name.replace("*", "x")) == PROTECTED


def test_a_file_that_goes_and_comes_back_is_noticed(tmp_path, serve):
    path = settled(tmp_path / "gate.yaml", "models: {}")
    assert serve(path).problem is None
    path.unlink()
    assert "no such file" in serve(path).problem
    assert protected(serve(path), "anything") == PROTECTED
    settled(path, "models: {}")
    assert serve(path).problem is None


@pytest.mark.parametrize("text", ["", "models: [1]", "\x00", "models: " + "[" * 5000])
def test_a_text_that_is_no_rules_file_gives_the_builtin_protection(tmp_path, serve, text):
    served = serve(settled(tmp_path / "gate.yaml", text))
    assert served.problem
    assert protected(served, "anything") == PROTECTED


@pytest.mark.parametrize("place", ["", "git+https://example.org/x@main:gate.yaml", "git+file:///srv@a..b:gate.yaml", "a\0b"])
def test_a_place_that_is_none_gives_the_builtin_protection(serve, monkeypatch, place):
    if "\0" in place:
        monkeypatch.setattr(os, "environ", {**os.environ, "KEEPFIT_GATE": place})
        served = served_rules.served_rules()
    else:
        served = serve(place)
    assert served.problem
    assert protected(served, "anything") == PROTECTED


# -- a branch -----------------------------------------------------------------------------------------------------------


def test_a_checkout_of_another_branch_does_not_change_the_rules(gitted, serve, monkeypatch):
    monkeypatch.setattr(served_rules, "PATIENCE_SECONDS", 0.0)
    before = serve(gitted.place)
    assert protected(before) == PROTECTED
    gitted.git("checkout", "-q", "-b", "attempt")
    (gitted.root / "keepfit").mkdir()
    (gitted.root / "keepfit" / "gate.yaml").write_text("models: {}")
    gitted.git("add", "-A")
    gitted.git("commit", "-q", "-m", "protects nothing")
    assert serve(gitted.place).digest == before.digest


def test_a_commit_on_the_branch_changes_the_rules_once_it_is_looked_at_again(gitted, serve, monkeypatch):
    assert served_rules.PATIENCE_SECONDS <= 2
    monkeypatch.setattr(served_rules, "PATIENCE_SECONDS", 600.0)
    assert protected(serve(gitted.place)) == PROTECTED
    gitted.commit("release/v1", "models: {}")
    assert protected(serve(gitted.place)) == PROTECTED
    served_rules._LAST[gitted.place].until = time.monotonic()
    assert protected(serve(gitted.place)) is None


def test_git_is_asked_once_in_a_while_by_all_threads_together(gitted, serve, asked, monkeypatch):
    monkeypatch.setattr(served_rules, "PATIENCE_SECONDS", 600.0)
    monkeypatch.setenv("KEEPFIT_GATE", gitted.place)
    found = []
    threads = [threading.Thread(target=lambda: found.extend(served_rules.served_rules().problem for _ in range(50))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [None] * 400
    assert asked == ["rev-parse", "rev-parse", "ls-tree", "cat-file"]


def test_an_unmoved_branch_costs_one_command(gitted, serve, asked, monkeypatch):
    monkeypatch.setattr(served_rules, "PATIENCE_SECONDS", 0.0)
    serve(gitted.place)
    del asked[:]
    serve(gitted.place)
    assert asked == ["rev-parse"]


def test_a_branch_that_goes_gives_the_builtin_protection_until_it_is_back(gitted, serve, monkeypatch):
    monkeypatch.setattr(served_rules, "PATIENCE_SECONDS", 0.0)
    serve(gitted.place)
    gitted.git("branch", "-q", "-m", "release/v1", "release/old")
    served = serve(gitted.place)
    assert served.problem == "the repository rules@home has no branch 'release/v1'"
    assert protected(served, "anything") == PROTECTED
    gitted.git("branch", "-q", "-m", "release/old", "release/v1")
    assert serve(gitted.place).problem is None


def test_a_repository_that_does_not_answer_gives_the_builtin_protection(gitted, serve, monkeypatch):
    monkeypatch.setattr(served_rules, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(rules_place, "GIT_SECONDS", 0.5)
    assert protected(serve(gitted.place)) == PROTECTED
    ref = gitted.root / ".git" / "refs" / "heads" / "release" / "v1"
    ref.unlink()
    os.mkfifo(ref)  # opening a pipe that nobody writes to waits for ever, as a dead network disk does
    served = serve(gitted.place)
    assert served.problem == "git rev-parse did not answer within 0.5 seconds"
    assert protected(served, "anything") == PROTECTED


def test_many_threads_that_find_a_new_file_read_it_whole(tmp_path, serve, monkeypatch):
    path = settled(tmp_path / "gate.yaml", RULES % "flights-*")
    monkeypatch.setenv("KEEPFIT_GATE", str(path))
    found = []
    threads = [threading.Thread(target=lambda: found.append(protected(served_rules.served_rules()))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [PROTECTED] * 16
    assert rules_place.rules_text(rules_place.OnDisk(path)) == RULES % "flights-*"


@pytest.mark.slow
def test_the_store_judges_by_the_branch_whatever_is_checked_out(gitted, tmp_path, monkeypatch):
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    monkeypatch.setattr(served_rules, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setenv("KEEPFIT_GATE", gitted.place)
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    client = MlflowClient(tracking_uri=uri, registry_uri=f"keepfit:{uri}")
    client.create_registered_model("flights-late")
    client.create_model_version("flights-late", f"file://{tmp_path}/none")

    def refused(match):
        with pytest.raises(MlflowException, match=match):
            client.set_registered_model_alias("flights-late", "champion", "1")

    refused("KF-G002")
    gitted.git("checkout", "-q", "-b", "attempt")
    (gitted.root / "keepfit").mkdir()
    (gitted.root / "keepfit" / "gate.yaml").write_text("models: {}")
    refused("KF-G002")
    gitted.git("branch", "-q", "-D", "release/v1")
    refused(r"KF-G001.*has no branch 'release/v1'")
    gitted.git("branch", "-q", "release/v1", "main")
    refused("KF-G001.*is not on the branch")
    gitted.git("checkout", "-q", "release/v1")
    gitted.git("add", "-A")
    gitted.git("commit", "-q", "-m", "nothing is protected")
    client.set_registered_model_alias("flights-late", "champion", "1")
    assert client.get_model_version_by_alias("flights-late", "champion").version in {"1", 1}
