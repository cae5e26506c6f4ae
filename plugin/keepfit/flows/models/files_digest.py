"""The digest of a model's files as they lie in a folder: the gate's own (`gate/certificate.tree_digest`), so that both name the same bytes alike."""

from __future__ import annotations

import hashlib
from pathlib import Path

from keepfit.gate.certificate import tree_digest


def files_digest(folder: Path) -> str:
    """Return the digest of all files below the folder, by their paths and what they hold."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tree_digest((path.relative_to(folder).as_posix(), _sha256(path)) for path in files)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
