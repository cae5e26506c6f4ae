"""A run of init that is killed after any of its effects is taken back whole: what was made goes, what was there stays as it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from keepfit.errors import KeepfitError, ProjectError
from keepfit.flows.effects import EFFECTS
from keepfit.flows.init.init import InitRequest, init
from keepfit.flows.init.record import STATE
from keepfit.flows.init.undo import take_back_unfinished, undo
from keepfit.flows.init.write import draft

KILLED = -signal.SIGKILL
OWN = ("--data", "rows.csv", "--time", "at", "--target", "left", "--model", "churn")
ADOPT = ("--train", "python train.py", "--time", "at", "--target", "left")


def git(folder, *arguments):
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def rows(path: Path) -> Path:
    lines = ["customer,at,plan,age,left"]
    for row in range(1200):
        at = datetime(2026, 1, 5 + row // 200, row % 24)
        lines.append(f"c{row},{at.isoformat()},{['basic', 'pro'][row % 2]},{20 + row % 50},{('yes', 'no')[(row // 3) % 2]}")
    path.write_text("\n".join(lines) + "\n")
    return path


def keepfit_init(folder, *arguments, kill=""):
    command = [sys.executable, "-m", "keepfit", "init", *arguments]
    return subprocess.run(command, cwd=folder, env={**os.environ, "KEEPFIT_KILL_AFTER": kill}, capture_output=True, text=True, check=False)


def everything(folder: Path) -> dict[str, object]:
    """Every file and folder with its content, git's own aside, and what git says of them."""
    paths = {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*") if ".git" not in path.parts}
    if not (folder / ".git").exists():
        return {"paths": paths}
    return {
        "paths": paths,
        "status": git(folder, "status", "--porcelain", "--ignored"),
        "staged": git(folder, "diff", "--cached"),
        "refs": git(folder, "show-ref"),
    }


@pytest.fixture
def repository(tmp_path) -> Path:
    """A repository of people's own, with things staged, changed, ignored, and folders named like those of init."""
    repo = tmp_path / "theirs"
    (repo / "data").mkdir(parents=True)
    rows(repo / "data" / "rows.csv")
    (repo / "train.py").write_text('import pandas as pd\npd.read_csv("data/rows.csv")\n')
    (repo / ".gitignore").write_text("/data/*.csv\n")
    (repo / "expectations" / "data").mkdir(parents=True)
    (repo / "expectations" / "data" / "mine.json").write_text("{}\n")
    (repo / "empty").mkdir()
    git(repo, "init", "-q")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "theirs")
    (repo / "staged.txt").write_text("staged\n")
    git(repo, "add", "staged.txt")
    (repo / "train.py").write_text((repo / "train.py").read_text() + "# changed\n")
    return repo


@pytest.mark.slow
@pytest.mark.parametrize("name", EFFECTS["init"])
def test_an_adoption_killed_after_any_effect_is_taken_back_whole(repository, name):
    before = everything(repository)
    assert keepfit_init(repository, *ADOPT, kill=f"init.{name}").returncode == KILLED
    done = keepfit_init(repository, "--undo")
    assert done.returncode == 0, done.stderr
    assert everything(repository) == before


@pytest.mark.slow
def test_a_new_project_killed_after_any_effect_is_taken_back_whole(tmp_path):
    rows(tmp_path / "rows.csv")
    before = everything(tmp_path)
    for name in EFFECTS["init"]:
        assert keepfit_init(tmp_path, "p", *OWN, kill=f"init.{name}").returncode == KILLED, name
        assert keepfit_init(tmp_path, "p", "--undo").returncode == 0, name
        committed = EFFECTS["init"].index(name) >= EFFECTS["init"].index("commit")
        if committed:  # a repository that holds a commit is history, and stays
            assert [path.name for path in (tmp_path / "p").iterdir()] == [".git"], name
            subprocess.run(["rm", "-r", "p"], cwd=tmp_path, check=True)
        assert everything(tmp_path) == before, name


@pytest.mark.long
def test_a_run_after_killed_ones_ends_as_if_they_had_not_been(tmp_path):
    for place in ("disturbed", "calm"):
        (tmp_path / place).mkdir()
        rows(tmp_path / place / "rows.csv")
        (tmp_path / place / ".gitignore").write_text("*.tmp\n")
    for name in EFFECTS["init"][:-3]:
        assert keepfit_init(tmp_path / "disturbed", *OWN, "--yes", kill=f"init.{name}").returncode == KILLED, name
    for place in ("disturbed", "calm"):
        assert keepfit_init(tmp_path / place, *OWN, "--yes").returncode == 0

    def made(place):
        listed = git(tmp_path / place, "ls-tree", "-r", "HEAD")
        return listed, json.loads((tmp_path / place / STATE).read_text())

    assert made("disturbed") == made("calm")


def test_what_a_person_changed_after_a_kill_is_kept_and_named(tmp_path):
    folder = tmp_path / "p"
    rows(tmp_path / "rows.csv")
    assert keepfit_init(tmp_path, "p", *OWN, kill="init.tracked").returncode == KILLED
    (folder / "params.yaml").write_text("mine\n")
    done = undo(folder, changed_too=False)
    assert done.kept == ("params.yaml",)
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["params.yaml"]
    assert undo(folder, changed_too=True).removed == ("params.yaml",)
    assert not (folder / ".keepfit").exists()


def test_what_stood_before_a_killed_run_comes_back(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "gate.yaml").write_text("mine: 1\n")
    rows(folder / "rows.csv")
    before = everything(folder)
    assert keepfit_init(folder, *OWN, "--yes", kill="init.files").returncode == KILLED
    assert (folder / "gate.yaml").read_text() != "mine: 1\n"
    assert keepfit_init(folder, "--undo").returncode == 0
    assert everything(folder) == before


def test_a_killed_second_run_takes_back_itself_and_leaves_the_first(tmp_path):
    folder = tmp_path / "p"
    rows(tmp_path / "rows.csv")
    assert keepfit_init(tmp_path, "p", *OWN).returncode == 0
    first, record = everything(folder), (folder / STATE).read_text()
    assert keepfit_init(tmp_path, "p", *OWN[:-1], "other", "--yes", kill="init.files").returncode == KILLED
    assert "name: other" in (folder / "params.yaml").read_text()
    assert keepfit_init(tmp_path, "p", *OWN, kill="init.kept").returncode == KILLED
    take_back_unfinished(folder)
    assert (everything(folder), (folder / STATE).read_text()) == (first, record)


def test_a_record_that_was_never_finished_writing_is_taken_back(tmp_path):
    draft(tmp_path / STATE).parent.mkdir()
    draft(tmp_path / STATE).write_text('{"sch')
    undo(tmp_path, changed_too=False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProjectError, match="nothing here was written"):
        undo(tmp_path, changed_too=False)


def test_a_run_that_fails_takes_itself_back(repository):
    before = everything(repository)

    def interrupted(line):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        init(InitRequest(folder=repository, command="python train.py", time="at", target="left"), ask=lambda *_: False, say=interrupted)
    assert everything(repository) == before


def test_a_record_of_an_older_keepfit_is_undone_as_before(tmp_path):
    folder = tmp_path / "p"
    rows(tmp_path / "rows.csv")
    assert keepfit_init(tmp_path, "p", *OWN).returncode == 0
    state = json.loads((folder / STATE).read_text())
    (folder / STATE).write_text(json.dumps({key: state[key] for key in ("schema", "base", "files")}))
    undo(folder, changed_too=False)
    assert [path.name for path in folder.iterdir()] == [".git"]


def test_a_folder_of_people_that_dvc_would_take_over_is_refused(tmp_path):
    rows(tmp_path / "rows.csv")
    (tmp_path / "models" / "champion").mkdir(parents=True)
    (tmp_path / "models" / "champion" / "theirs.pkl").write_text("x")
    before = everything(tmp_path)
    with pytest.raises(KeepfitError, match="models/champion is taken"):
        init(InitRequest(folder=tmp_path, data=tmp_path / "rows.csv", time="at", target="left", model="churn"), ask=lambda *_: False, say=lambda _: None)
    assert everything(tmp_path) == before
