"""The digest of a table's file, or of the files of a folder: by which a certificate names the rows that judged."""

from __future__ import annotations

import hashlib
from pathlib import Path

from keepfit.errors import DataError
from keepfit.flows.rows.folders import table_files
from keepfit.gate.certificate import tree_digest


def table_digest(path: Path) -> str:
    """Return `sha256:` and the hex digest of a file's bytes, or of a folder's tables by name; raises `DataError` for a path that is not there."""
    if path.is_dir():
        return tree_digest((file.name, _sha256(file.path)) for file in table_files(path))
    if not path.is_file():
        raise DataError(f"no file {path.name}", where=str(path), fix="check the path")
    return f"sha256:{_sha256(path)}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
