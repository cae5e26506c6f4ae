from __future__ import annotations

import subprocess
import sys

import pytest

from keepfit.integrations.mlflow.context import ENVIRONMENT, KeepfitRunContext


@pytest.fixture(autouse=True)
def outside(monkeypatch, tmp_path):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_outside_a_project_nothing_is_stamped():
    assert not KeepfitRunContext().in_context()


def test_what_improve_sets_wins_over_the_files(monkeypatch, tmp_path):
    _project(tmp_path)
    assert KeepfitRunContext().tags()["kf.branch"] == "main"
    monkeypatch.setenv("KEEPFIT_TICKET", "2013-02-harm")
    monkeypatch.setenv("KEEPFIT_BRANCH", "retrain/2013-02-harm")
    tags = KeepfitRunContext().tags()
    assert (tags["kf.ticket"], tags["kf.branch"], len(tags["kf.dvc_lock"])) == ("2013-02-harm", "retrain/2013-02-harm", 16)


def test_a_stage_in_a_subfolder_of_a_worktree_knows_its_branch(monkeypatch, tmp_path):
    (tmp_path / "git" / "worktrees" / "t").mkdir(parents=True)
    (tmp_path / "git" / "worktrees" / "t" / "HEAD").write_text("ref: refs/heads/retrain/t\n")
    tree = tmp_path / "tree"
    (tree / "keepfit" / "build").mkdir(parents=True)
    (tree / ".git").write_text("gitdir: ../git/worktrees/t\n")
    _project(tree / "keepfit", git=False)
    monkeypatch.chdir(tree / "keepfit" / "build")
    assert KeepfitRunContext().tags()["kf.branch"] == "retrain/t"


def test_somebody_elses_repository_is_left_alone(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert not KeepfitRunContext().in_context()


def test_the_provider_loads_nothing_heavy():
    code = "import sys, keepfit.integrations.mlflow.context; print(sorted({'mlflow', 'pandas', 'pydantic', 'dvc'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def _project(root, *, git=True):
    for name in ("baseline.json", "params.yaml", "dvc.lock"):
        (root / name).write_text("{}")
    if git:
        (root / ".git").mkdir()
        (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
