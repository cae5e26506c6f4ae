"""What MLflow asks at the start of every run: which ticket, branch and data this run belongs to.

MLflow loads this in every process that logs runs, so it imports nothing heavy and is silent outside a keepfit project.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

ENVIRONMENT = {"KEEPFIT_CONTEXT": "keepfit.context", "KEEPFIT_TICKET": "kf.ticket", "KEEPFIT_BRANCH": "kf.branch", "KEEPFIT_LOCK": "kf.dvc_lock"}
SHOWN = 16


class KeepfitRunContext:
    """Run context provider (entry point `mlflow.run_context_provider`): tags `kf.ticket`, `kf.branch`, `kf.dvc_lock`.

    The environment wins (`keepfit improve` sets it); else the files of the project around the current folder speak.
    """

    def in_context(self) -> bool:
        """Tell if there is anything to stamp."""
        return bool(self.tags())

    def tags(self) -> dict[str, str]:
        """Return the tags; empty outside a project."""
        given = {tag: os.environ[name] for name, tag in ENVIRONMENT.items() if os.environ.get(name)}
        try:
            return {**_from_files(Path.cwd()), **given}
        except OSError:
            return given


def _from_files(here: Path) -> dict[str, str]:
    for folder in (here, *here.parents):
        if (folder / "baseline.json").is_file() and (folder / "params.yaml").is_file():
            return _of_project(folder)
        if (folder / ".git").exists():
            break
    return {}


def _of_project(root: Path) -> dict[str, str]:
    tags = {}
    lock = root / "dvc.lock"
    if lock.is_file():
        tags["kf.dvc_lock"] = hashlib.sha256(lock.read_bytes()).hexdigest()[:SHOWN]
    branch = _branch(root)
    if branch:
        tags["kf.branch"] = branch
    return tags


def _branch(root: Path) -> str | None:
    """Read the branch from git's own file; a work tree's `.git` is a file that names the folder."""
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.is_file():
            git = folder / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        if (git / "HEAD").is_file():
            head = (git / "HEAD").read_text(encoding="utf-8").strip()
            return head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else None
    return None
