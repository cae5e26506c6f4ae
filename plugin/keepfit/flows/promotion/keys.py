"""Signing key pairs, which lie outside of projects: a new one (`keepfit keys new`), and the one by which somebody signs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import KeepfitError
from keepfit.flows.promotion.promote import project_or_none
from keepfit.integrations import signing

DEFAULT_KEY = "default"


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


def signing_key(name: str | None) -> signing.KeyPair | None:
    """Return the named key, else the project's, else the default one (None: there is none); a key that is asked for by name must be there."""
    project = project_or_none()
    wanted = name or (project.params.certify.key if project else DEFAULT_KEY)
    folder = signing.keys_folder()
    pair = signing.load_key(wanted, folder=folder)
    if pair is None and name is not None:
        raise KeepfitError(f"there is no key {name!r}", where=str(folder), fix=f"keepfit keys new {name}, or set KEEPFIT_KEYS")
    return pair
