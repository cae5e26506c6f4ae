"""A project with a schedule, a stub for `keepfit`, and shells as schedulers have them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from keepfit.flows.init.init import InitRequest, init

STUB = """\
#!/bin/sh
echo "$* in $PWD with ${MLFLOW_TRACKING_URI:-no server}" >> "$SEEN"
case $1 in monitor) exit "${FOUND:-0}" ;; *) exit "${GIVEN:-0}" ;; esac
"""


def schedule(root: Path, kind: str, *, answer: bool = False):
    """Write a schedule into a project with the public verb; `answer` is that to every question."""
    asked: list[str] = []

    def ask(path: str, _diff: str) -> bool:
        asked.append(path)
        return answer

    return init(InitRequest(folder=root, schedule=kind), ask=ask, say=lambda _line: None), asked


def stub(folder: Path) -> Path:
    """A program called keepfit that writes down what it was called with."""
    program = folder / "bin" / "keepfit"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(STUB)
    program.chmod(0o755)
    return program


def shell(command: list[str], *, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command with an environment of its own."""
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)


def with_stub(folder: Path) -> dict[str, str]:
    """An environment in which `keepfit` is the stub."""
    return {"PATH": f"{stub(folder).parent}{os.pathsep}/usr/bin:/bin", "SEEN": str(folder / "seen"), "HOME": str(folder)}


def seen(folder: Path) -> list[str]:
    """What the stub was called with, oldest first."""
    return (folder / "seen").read_text().splitlines() if (folder / "seen").exists() else []


LOOKS = [
    ({}, 0, ["monitor", "hooks run"]),
    ({"FOUND": "3"}, 0, ["monitor", "hooks run"]),
    ({"FOUND": "4"}, 0, ["monitor", "hooks run"]),
    ({"FOUND": "1"}, 1, ["monitor", "hooks run"]),
    ({"GIVEN": "3"}, 1, ["monitor", "hooks run"]),
    ({"FOUND": "3", "GIVEN": "1"}, 1, ["monitor", "hooks run"]),
]
"""What monitor and `hooks run` end with, whether the look is a failure, and what was called: messages are due whatever monitor found."""
