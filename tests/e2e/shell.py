"""The command line as people use it: one command, its exit code, what it printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Commands:
    """Commands in one folder, with this installation first on PATH."""

    folder: Path
    env: dict[str, str]

    def __call__(self, *command: str, code: int | tuple[int, ...] = 0, **env: str) -> str:
        known = {"keepfit": [sys.executable, "-m", "keepfit"], "dvc": [sys.executable, "-m", "dvc"], "python": [sys.executable]}
        argv = [*known.get(command[0], [command[0]]), *command[1:]]
        done = subprocess.run(argv, cwd=self.folder, env={**self.env, **env}, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        said = f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        assert done.returncode in ((code,) if isinstance(code, int) else code), f"{command} ended with {done.returncode}:\n{said}"
        return done.stdout if done.stdout.strip() else done.stderr

    def json(self, *command: str, **env: str):
        """What a command that reports prints, whether it raised an alert (3), is undecided (4) or not (0)."""
        return json.loads(self(*command, code=(0, 3, 4), **env))

    def commit(self, message: str) -> None:
        self("git", "add", "-A")
        self("git", "commit", "-qm", message)


def commands(folder: Path, *, server: str | None = None) -> Commands:
    env = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    return Commands(folder, {**env, "MLFLOW_TRACKING_URI": server} if server else env)
