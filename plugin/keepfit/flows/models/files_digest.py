"""The digest and the size of a model's files in a folder; the digest is the gate's own (`gate/certificate.tree_digest`): both name the same bytes alike."""

from __future__ import annotations

import hashlib
from pathlib import Path

from keepfit.gate.certificate import tree_digest


def files_digest(folder: Path) -> str:
    """Return the digest of all files below the folder, by their paths and what they hold."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tree_digest((path.relative_to(folder).as_posix(), _sha256(path)) for path in files)


def folder_bytes(folder: Path) -> int:
    """Return how many bytes all files below the folder hold."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
