from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keepfit.errors import ProjectError
from keepfit.integrations.programs.dvc import DvcRepo, directory_md5, file_md5, out_md5, stages_of

SLOW_STAGE = "stages:\n  slow:\n    cmd: echo $$ > pid && sleep 300\n    outs: [out]\n"


@pytest.fixture
def dvc(tmp_path: Path) -> DvcRepo:
    root = tmp_path / "p"
    root.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", root], check=True)
    repo = DvcRepo(root)
    with pytest.raises(ProjectError, match="DVC is not initialised here"):
        repo.folder  # noqa: B018
    repo.run("init", "--quiet")
    return repo


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().split()[2] != "Z"


def _wait_for(path: Path, seconds: float = 60) -> int:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if path.exists() and path.read_text().strip():
            return int(path.read_text())
        time.sleep(0.05)
    raise AssertionError("the stage never started")


@pytest.mark.slow
def test_the_md5_of_a_folder_is_the_one_dvc_gives_it(dvc):
    folder = dvc.root / "models" / "candidate"
    (folder / "deep" / "er").mkdir(parents=True)
    for name in ("b.json", "a b.txt", "deep/x", "deep/er/ü", "deep-1"):
        (folder / name).write_text(name)
    dvc.add("models/candidate")
    named = (dvc.root / "models" / "candidate.dvc").read_text()
    assert out_md5(named, "candidate") == directory_md5(folder)
    assert out_md5(named, "other") is None
    (dvc.root / "one.txt").write_text("1")
    dvc.add("one.txt")
    assert out_md5((dvc.root / "one.txt.dvc").read_text(), "one.txt") == file_md5(dvc.root / "one.txt")


@pytest.mark.slow
def test_what_dvc_says_of_a_failure_is_passed_on_also_where_its_output_is_not_shown(dvc, capfd):
    (dvc.root / "data").mkdir()
    (dvc.root / "data" / "rows").write_text("1")
    (dvc.root / ".gitignore").write_text("data/\n")
    with pytest.raises(ProjectError, match=r"dvc add failed: bad DVC file name '.*rows\.dvc' is git-ignored"):
        dvc.add("data/rows")
    with pytest.raises(ProjectError, match=r"dvc checkout failed: .*'missing'"):
        dvc.checkout("missing")
    assert capfd.readouterr().err == ""


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_dvc_and_its_stage_and_a_rerun_works(dvc, sign):
    (dvc.root / "dvc.yaml").write_text(SLOW_STAGE)
    code = f"from pathlib import Path; from keepfit.integrations.programs.dvc import DvcRepo; DvcRepo(Path({str(dvc.root)!r})).repro()"
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, start_new_session=True)
    stage = _wait_for(dvc.root / "pid")
    os.kill(process.pid, sign)
    process.communicate(timeout=40)
    assert process.returncode != 0
    assert not _alive(stage)
    (dvc.root / "dvc.yaml").write_text(SLOW_STAGE.replace("sleep 300", "touch out"))
    dvc.repro()
    assert (dvc.root / "out").exists()


@pytest.mark.slow
def test_a_stage_that_says_what_is_wrong_is_quoted(dvc):
    (dvc.root / "stage.sh").write_text("echo 'keepfit: no rows (here)' >&2; echo '  fix: add some' >&2; exit 3\n")
    (dvc.root / "dvc.yaml").write_text("stages: {s: {cmd: sh stage.sh, outs: [out]}}\n")
    with pytest.raises(ProjectError) as failed:
        dvc.repro()
    assert (failed.value.what, failed.value.fix) == ("dvc repro stopped: no rows (here)", "add some")


@pytest.mark.slow
def test_a_busy_folder_is_one_sentence(dvc):
    (dvc.root / "dvc.yaml").write_text(SLOW_STAGE)
    other = subprocess.Popen(
        [Path(sys.executable).parent / "dvc", "repro"], cwd=dvc.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_for(dvc.root / "pid")
        with pytest.raises(ProjectError, match="another dvc command is busy in this folder"):
            dvc.repro()
    finally:
        os.killpg(other.pid, signal.SIGKILL)
        other.wait()


@pytest.mark.slow
def test_a_worktree_shares_the_cache_and_the_local_credentials(dvc, tmp_path):
    (dvc.root / "data").write_text("rows")
    dvc.add("data")
    dvc.run("remote", "add", "--local", "far", "https://far.example.org")
    dvc.run("config", "--local", "remote.far.password", "secret")
    dvc.run("remote", "add", "near", "../near")
    copy = tmp_path / "deeper" / "copy"
    copy.mkdir(parents=True)
    subprocess.run(["cp", "-r", ".dvc", "data.dvc", ".git", copy], cwd=dvc.root, check=True)
    subprocess.run(["rm", "-rf", copy / ".dvc" / "cache", copy / ".dvc" / "config.local"], check=True)
    other = DvcRepo(copy)
    other.share_cache_of(dvc)
    other.checkout("data.dvc")
    assert (copy / "data").read_text() == "rows"
    local = (copy / ".dvc" / "config.local").read_text()
    assert "secret" in local
    assert "analytics = false" in local
    assert set(other.remotes()) == {"far", "near"}
    other.run("push", "--remote", "near")
    assert list((tmp_path / "near").rglob("*"))
    assert not (copy.parent / "near").exists()


@pytest.mark.slow
@pytest.mark.parametrize("level", [None, "--project", "--local", "--global", "--system"])
def test_the_cache_is_where_dvc_itself_says_whichever_file_places_it(dvc, tmp_path, monkeypatch, level):
    monkeypatch.setenv("DVC_GLOBAL_CONFIG_DIR", str(tmp_path / "user"))
    monkeypatch.setenv("DVC_SYSTEM_CONFIG_DIR", str(tmp_path / "machine"))
    if level is not None:
        dvc.run("cache", "dir", level, str(tmp_path / "elsewhere"))
    assert dvc.cache == Path(dvc.run("cache", "dir", quiet=True).strip())
    assert (dvc.cache == tmp_path / "elsewhere") == (level is not None)


def test_a_cache_that_nobody_placed_is_found_without_starting_dvc(dvc, tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_GLOBAL_CONFIG_DIR", str(tmp_path / "user"))
    monkeypatch.setenv("DVC_SYSTEM_CONFIG_DIR", str(tmp_path / "machine"))
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    assert dvc.cache == dvc.root.resolve() / ".dvc" / "cache"


def test_a_cache_that_a_work_tree_shares_is_found_without_starting_dvc(dvc, tmp_path, monkeypatch):
    dvc.run("cache", "dir", "--project", str(tmp_path / "elsewhere"))
    dvc.share_cache_of(dvc)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    assert dvc.cache == tmp_path / "elsewhere"


def test_a_lock_that_is_no_yaml_is_one_sentence():
    with pytest.raises(ProjectError, match="not a file of DVC"):
        stages_of("a: [")
    assert stages_of("") == {}


def test_a_missing_program_is_one_sentence(dvc, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ProjectError, match="DVC is not installed"):
        dvc.repro()
