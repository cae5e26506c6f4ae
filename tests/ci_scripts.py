"""The CI examples of docs/ci as shells run them: the steps of a job, one after the other, but for what installs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from tests.conftest import REPOSITORY

CI = REPOSITORY / "docs" / "ci"


def steps(file: str, job: str) -> list[str]:
    """The scripts of a job: each `run` of GitHub's, or GitLab's lines as the one script that its runner makes of them."""
    described = yaml.safe_load((CI / file).read_text(encoding="utf-8"))
    if file.startswith("github"):
        return [step["run"] for step in described["jobs"][job]["steps"] if "run" in step and step["name"] != "install"]
    return ["\n".join(described[job]["script"])]


@dataclass(frozen=True)
class Ran:
    """What the steps said until the first that failed, and its exit code (0: none did)."""

    code: int
    said: str


def run(file: str, job: str, folder: Path, **environ: str) -> Ran:
    """Run a job's steps in a folder as the runners do (`bash -e`, and with pipefail at GitLab)."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shell = ["bash", "-e", "-c"] if file.startswith("github") else ["bash", "-eo", "pipefail", "-c"]
    said = []
    for script in steps(file, job):
        assert "${{" not in script, "what the shell runs needs no template"
        done = subprocess.run([*shell, script], cwd=folder, env={**os.environ, "PATH": path, **environ}, capture_output=True, text=True, check=False)
        said.append(done.stdout + done.stderr)
        if done.returncode:
            return Ran(done.returncode, "\n".join(said))
    return Ran(0, "\n".join(said))
