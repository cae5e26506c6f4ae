"""Run public commands as a person would: each is printed, timed, and ended with us.

Every command runs in a session of its own, so that Ctrl-C reaches us alone and we end what we started, children included.
"""

from __future__ import annotations

import json
import os
import resource
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keepfit.errors import KeepfitError
from keepfit.integrations.programs.group import end_group, start_group

GRACE_SECONDS = 10
SHOWN_LINES = 12
Say = Callable[[str], None]


class DemoError(KeepfitError):
    """A command of the demo ended with a code that the story has no place for."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command left: its exit code and what it said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON that it printed; raises `DemoError` if it printed something else."""
        try:
            return json.loads(self.out)
        except ValueError as bad:
            raise DemoError(f"no JSON: {self.out[:200]!r}; it said: {self.sentence}") from bad

    @property
    def sentence(self) -> str:
        """The last `keepfit: …` sentence on stderr, without its fix."""
        said = [line.removeprefix("keepfit: ") for line in self.err.splitlines() if line.startswith("keepfit: ")]
        return said[-1] if said else self.err.strip()[-300:]


@dataclass
class Shell:
    """Commands in one folder; `log` collects their seconds and `running` what has not ended, both shared by all shells of a demo."""

    folder: Path
    env: Mapping[str, str]
    say: Say
    log: list[dict[str, object]] = field(default_factory=list)
    label: str = ""
    running: set[subprocess.Popen[bytes]] = field(default_factory=set)

    def keepfit(self, *arguments: str, codes: Sequence[int] = (0,)) -> Done:
        """Run `keepfit …`; raises `DemoError` for an exit code that is not among `codes`."""
        return self.run(["keepfit", *arguments], codes=codes)

    def git(self, *arguments: str) -> Done:
        """Run `git …`."""
        return self.run(["git", *arguments])

    def dvc(self, *arguments: str) -> Done:
        """Run `dvc …`."""
        return self.run(["dvc", *arguments])

    def commit(self, message: str) -> None:
        """Commit everything that git does not ignore."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def run(self, command: Sequence[str], *, codes: Sequence[int] = (0,)) -> Done:
        """Print and run one command to its end."""
        self.say(f"{self.label}$ {shlex.join(command)}")
        begun, cpu = time.monotonic(), _cpu_seconds()
        process = start(command, folder=self.folder, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.running.add(process)
        try:
            out, err = process.communicate()
        finally:
            end(process)
            self.running.discard(process)
        done = Done(code=process.returncode, out=out.decode("utf-8", "replace"), err=err.decode("utf-8", "replace"))
        spent = {"seconds": round(time.monotonic() - begun, 2), "cpu_seconds": round(_cpu_seconds() - cpu, 2)}
        self.log.append({"command": shlex.join(command), "exit": done.code, **spent})
        if done.code not in codes:
            raise _unexpected(command, done, self.folder)
        return done


def _cpu_seconds() -> float:
    """CPU time of all children that have ended; on the second core another may end meanwhile."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start(command: Sequence[str], *, folder: Path, env: Mapping[str, str], stdout: Any, stderr: Any) -> subprocess.Popen[bytes]:
    """Start one command in a session of its own; `keepfit`, `dvc` and `python` are those of this installation."""
    known = {"keepfit": [sys.executable, "-m", "keepfit"], "dvc": [sys.executable, "-m", "dvc"], "python": [sys.executable]}
    argv = [*known.get(command[0], [command[0]]), *command[1:]]
    return start_group(argv, cwd=folder, env=dict(env), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: asked first, then for good; fine if it is gone."""
    if process.poll() is None:
        end_group(process, ask=[signal.SIGINT, signal.SIGTERM], patience=GRACE_SECONDS)


def environment(*, keys: Path, server: str) -> dict[str, str]:
    """The environment of the demo's commands: this installation first, the demo's server and keys, nothing told to anybody."""
    beside = str(Path(sys.executable).parent)
    foreign = {"PYTHONDONTWRITEBYTECODE", "KEEPFIT_GATE", "KEEPFIT_KILL_AFTER", "MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_REGISTRY_URI"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {
        **kept,
        "PATH": os.pathsep.join([beside, os.environ.get("PATH", "")]),
        "KEEPFIT_KEYS": str(keys),
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        "NO_COLOR": "1",
    }


def _unexpected(command: Sequence[str], done: Done, folder: Path) -> DemoError:
    lines = [line for line in (done.err + done.out).splitlines() if line.strip()][-SHOWN_LINES:]
    said = "\n    ".join(line[:300] for line in lines)
    return DemoError(
        f"`{shlex.join(command)}` ended with {done.code}:\n    {said}",
        where=str(folder),
        fix="everything up to here is left in that folder; keepfit demo starts again",
    )
