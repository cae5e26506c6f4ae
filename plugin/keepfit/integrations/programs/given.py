"""A program that is given a text on its stdin: for some seconds, with the environment that it is given and no more, and nothing of it outlives the call."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from keepfit.integrations.programs.group import end_group, start_group

KEPT_BYTES = 4096
PATIENCE_SECONDS = 2.0
READ_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How it ended: its exit code (negative: the signal that ended it), if it was stopped as too late, and the last of what it wrote, at most 4 KiB."""

    code: int
    late: bool
    output: str


def give(words: Sequence[str], text: bytes, *, cwd: Path, env: Mapping[str, str], seconds: float) -> Ended:
    """Run `words` without a shell, give it `text`, and return how it ended; all of its process group is gone afterwards.

    What it writes, to stdout and stderr, is read to its end and not kept, however much it is. Raises `OSError` if it cannot be started.
    """
    with tempfile.TemporaryFile() as given:  # not a pipe: a program that reads nothing is no trouble
        given.write(text)
        given.seek(0)
        process = start_group(words, cwd=cwd, env=dict(env), stdin=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    last = _Last(process.stdout)
    late = False
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        late = True
    finally:
        end_group(process, ask=[signal.SIGTERM] if late else [], patience=PATIENCE_SECONDS)
    return Ended(code=process.returncode, late=late, output=last.text())


class _Last:
    """Reads a pipe to its end in a thread and keeps the last of it; one that a process outside of the group still holds is left to itself."""

    def __init__(self, pipe: IO[Any] | None) -> None:
        assert pipe is not None
        self._pipe, self._kept = pipe, b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._pipe:
            while piece := os.read(self._pipe.fileno(), 65_536):
                self._kept = (self._kept + piece)[-KEPT_BYTES:]

    def text(self) -> str:
        self._thread.join(READ_SECONDS)
        return self._kept.decode("utf-8", "replace")
