"""A repository with rules on a branch, for the tests of what reads them there."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

RULES = "models: {'%s': {trust: self}}\n"


@dataclass(frozen=True)
class Gitted:
    """A repository whose branch `release/v1` holds `keepfit/gate.yaml`; `main` is checked out."""

    root: Path

    @property
    def place(self) -> str:
        return f"git+file://{self.root}@release/v1:keepfit/gate.yaml"

    def git(self, *arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True).stdout

    def commit(self, branch: str, text: str | bytes, *, path: str = "keepfit/gate.yaml") -> None:
        """Put a file on a branch and leave `main` checked out."""
        self.git("checkout", "-q", branch)
        file = self.root / path
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "rules")
        self.git("checkout", "-q", "main")


def make_gitted(root: Path) -> Gitted:
    root.mkdir(parents=True)
    made = Gitted(root)
    made.git("init", "-q", "-b", "main")
    (root / "gate.yaml").write_text("models: {}\n")
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "start")
    made.git("branch", "release/v1")
    made.commit("release/v1", RULES % "flights-*")
    return made
