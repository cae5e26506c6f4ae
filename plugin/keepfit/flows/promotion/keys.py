"""`keepfit keys new`: a signing key pair outside the project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from keepfit.integrations import signing


@dataclass(frozen=True)
class NewKey:
    """Where the private half lies, and the line that names the public half in gate.yaml."""

    path: Path
    line: str


def make_key(name: str) -> NewKey:
    """Make a key pair; an existing one is never overwritten."""
    folder = signing.keys_folder()
    pair = signing.new_key(name, folder=folder)
    return NewKey(folder / f"{name}.pem", f'{name}: "{pair.public}"')
