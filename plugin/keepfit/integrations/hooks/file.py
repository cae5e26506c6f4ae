"""The hook `file`: each message as one line of JSON at the end of a file, for programs that follow it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from keepfit.hooks import HookError, Surroundings
from keepfit.records import Message, canonical


@dataclass(frozen=True, kw_only=True)
class FileHook:
    """Append to `path` (relative: to the project's folder). A message that was written twice has the same `key`."""

    path: str
    name: ClassVar[str] = "file"

    @property
    def same_everywhere(self) -> bool:
        """A path that is not relative is the same file for every project."""
        return Path(self.path).is_absolute()

    def deliver(self, message: Message, *, around: Surroundings) -> str:
        """Write the line and make sure that it is on the disk; raises `HookError`."""
        place = Path(around.root, self.path)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("ab") as file:
                file.write(canonical(message) + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as bad:
            raise HookError(f"{self.path} cannot be written: {bad.strerror}", again=True, where=str(place), fix="make room, or name another path") from bad
        return f"written to {self.path}"
