"""A page written where the user said: whole or not at all, and never over what is no file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from keepfit.errors import DataError


def write_page_file(out: Path, html: str, *, option: str = "--html") -> None:
    """Write the page where `option` says.

    Raises `DataError` for a folder that is not there or cannot be written to, and for a device or folder in the file's place.
    """
    if not out.parent.is_dir():
        raise DataError(f"no folder {out.parent}", where=option, fix=f"mkdir -p {out.parent}")
    if out.exists() and not out.is_file():
        raise DataError(f"{out} is there and is no file", where=option, fix="name a file to write")
    draft = _draft(out, option)
    try:
        draft.write_text(html, encoding="utf-8")
        draft.chmod(0o644)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _draft(out: Path, option: str) -> Path:
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, suffix=".html")
    except (PermissionError, FileNotFoundError) as bad:
        raise DataError(f"{out.parent} cannot be written to: {bad.strerror}", where=option, fix="name a file elsewhere") from bad
    os.close(handle)
    return Path(name)
