"""The user's own command, in a process group of its own: nothing of it outlives keepfit, and its last words are kept."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from keepfit.errors import TrainError
from keepfit.integrations.programs.group import end_group, interrupted_by_signals, start_group

PATIENCE_SECONDS = 5
TAIL_LINES = 10
LINE_LENGTH = 300
WITHHELD = ("KEEPFIT_KEYS",)
SECRETS = ("KEEPFIT_*", "MLFLOW_TRACKING_*", "MLFLOW_REGISTRY_*", "AWS_*", "AZURE_*", "GOOGLE_*", "*TOKEN*", "*SECRET*", "*PASSWORD*", "*PASSWD*", "*API_KEY*")
"""What code that is only to answer a question has no use for: where keys and servers are, and who may speak to them."""


def run_command(
    command: str, *, cwd: Path, where: str, arguments: Sequence[str] = (), env: Mapping[str, str] | None = None, withheld: Sequence[str] = WITHHELD
) -> None:
    """Run `command` (words as a shell splits them, no shell) in `cwd`, quietly; `python` is the one keepfit runs in.

    It never sees where the signing keys lie, nor any other variable of the environment that a pattern of `withheld` names. Raises `TrainError`, naming
    `where` it was asked for, with the last ten lines of its output when it does not end with 0. Ctrl-C and SIGTERM end all that it started, unless that left
    its process group.
    """
    words = [*_words(command, where), *arguments]
    with tempfile.TemporaryFile() as output, interrupted_by_signals():
        code = _finish(words, cwd=cwd, env=_environment(env or {}, withheld), output=output, where=where)
        if code:
            ended = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
            raise TrainError(f"the command {command!r} {ended}{_tail(output)}", where=where, fix="run it by hand in a clean clone of the repository")


def _words(command: str, where: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as bad:
        raise TrainError(f"the command {command!r} cannot be split into words: {bad}", where=where, fix="close the quotation marks") from bad
    if not words:
        raise TrainError("the command is empty", where=where, fix="name one, such as: python train.py")
    return words


def _environment(added: Mapping[str, str], withheld: Sequence[str]) -> dict[str, str]:
    """Ours without the keys, and with this Python's folder first, so that a virtual environment need not be activated."""
    kept = {name: value for name, value in os.environ.items() if not any(fnmatchcase(name, pattern) for pattern in withheld)}
    return {**kept, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]), **added}


def _finish(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], output: IO[bytes], where: str) -> int:
    try:
        process = start_group(words, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    except OSError as bad:
        raise TrainError(f"the command {words[0]!r} cannot be started: {bad.strerror}", where=where, fix="check its name and that it is executable") from bad
    try:
        return process.wait()
    finally:
        end_group(process, ask=[signal.SIGTERM], patience=PATIENCE_SECONDS)  # also what a command left running that ended by itself


def _tail(output: IO[bytes]) -> str:
    output.seek(0, os.SEEK_END)
    output.seek(max(0, output.tell() - TAIL_LINES * LINE_LENGTH * 4))
    lines = [line.rstrip()[:LINE_LENGTH] for line in output.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return ":\n" + "\n".join(f"    {line}" for line in lines[-TAIL_LINES:]) if lines else " and said nothing"
