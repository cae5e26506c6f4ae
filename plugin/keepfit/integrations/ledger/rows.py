"""What the tables' readers and writers share: the transaction's connection, and one writer a model at a time."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, text


class LedgerRows:
    """Rows of one transaction.

    On PostgreSQL what is read of a model for writing is read under the model's lock: what two processes read and then replace
    would otherwise be lost. Other models are not waited for. SQLite has one writer in all, whose transactions have to be short.
    """

    def __init__(self, connection: Connection, *, writes: bool = True) -> None:
        self._connection = connection
        self._locked: set[str] | None = set() if writes and connection.dialect.name == "postgresql" else None

    def _of(self, model: str) -> Connection:
        """The connection, once no other process writes rows of the model."""
        if self._locked is not None and model not in self._locked:
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_number("rows", model)})
            self._locked.add(model)
        return self._connection


def lock_number(*names: str) -> int:
    """Return the number of an advisory lock by its names; the locks are the whole database's, which other programs may share.

    >>> lock_number("monitor", "flights") == lock_number("monitor", "trains"), -2**63 <= lock_number("monitor", "flights") < 2**63
    (False, True)
    """
    return int.from_bytes(sha256("\0".join(("keepfit", *names)).encode()).digest()[:8], "big", signed=True)
