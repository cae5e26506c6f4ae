"""A look at tickets for who only reads them: SQLite's own driver, where that sees the same as the ledger.

SQLAlchemy takes a tenth of a second to import, a quarter of `keepfit ticket`. A file whose tables are of this major version holds its tickets in the same
two columns whatever its revision; for anything else (another database, a file that is not there, busy or damaged, another major version) there is no
glance, and the ledger is opened, which says what is wrong.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from keepfit.integrations.ledger.stored import read
from keepfit.records import Ticket

SQLITE = "sqlite:///"
SCHEMA = 3
"""The major version that is read here: the test compares it with `schema.py`."""
ONE_READER = "?mode=ro"


def glance(uri: str, model: str) -> tuple[Ticket, ...] | None:
    """Return all tickets of a model, oldest first, as `TicketRows.tickets` does; None where the ledger has to be opened."""
    path = Path(uri.removeprefix(SQLITE))
    if not uri.startswith(SQLITE) or set("?#%") & set(uri) or not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}{ONE_READER}", uri=True, timeout=1.0, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            if connection.execute("SELECT schema FROM keepfit_ledger").fetchall() != [(SCHEMA,)]:
                return None
            found = connection.execute("SELECT record FROM keepfit_tickets WHERE model = ? ORDER BY number", (model,)).fetchall()
    except sqlite3.Error:
        return None
    return tuple(read(Ticket, text) for (text,) in found)
