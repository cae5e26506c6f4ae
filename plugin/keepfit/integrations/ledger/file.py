"""The ledger as a file: copied in one state while others write, and made smaller after rows were removed. SQLite only."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from keepfit.errors import LedgerError

WAIT_SECONDS = 60


def copy_to(uri: str, out: Path) -> int:
    """Copy a ledger's file in one state, whoever writes meanwhile, and return the bytes of the copy; nothing is there until it is whole.

    Raises `LedgerError` for a ledger that is no file, one that is missing, and a copy that cannot be written.
    """
    source, part = _file(uri), out.with_name(f"{out.name}.part")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS)) as ledger,
            closing(sqlite3.connect(part)) as copy,
        ):
            ledger.backup(copy)
        part.replace(out)
    except (sqlite3.Error, OSError) as bad:
        part.unlink(missing_ok=True)
        raise LedgerError(f"the ledger cannot be copied: {bad}", where=str(out), fix="name a file in a folder that can be written, with room for it") from bad
    return out.stat().st_size


def shrink(uri: str) -> int:
    """Give the room of removed rows back and return by how many bytes the file is smaller; 0 for a database on a server, which sees to that itself."""
    if make_url(uri).get_backend_name() != "sqlite":
        return 0
    file = _file(uri)
    before = file.stat().st_size
    try:
        with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as ledger:
            ledger.execute("VACUUM")
    except sqlite3.Error as bad:
        raise LedgerError(
            f"the ledger cannot be made smaller: {bad}", where=str(file), fix="make room for a second copy of it, or wait: removed rows' room is used again"
        ) from bad
    return before - file.stat().st_size


def _file(uri: str) -> Path:
    url = make_url(uri)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        fix = "pg_dump --table='keepfit_*' DATABASE > ledger.sql"
        raise LedgerError("the ledger is a database on a server: its own tools copy it in one state", where="ledger.uri", fix=fix)
    if not Path(url.database).is_file():
        raise LedgerError("there is no ledger yet", where=url.database, fix="keepfit monitor makes it")
    return Path(url.database)
