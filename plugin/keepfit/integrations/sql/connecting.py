"""A connection that sees one state of its database and cannot write.

PostgreSQL: REPEATABLE READ, READ ONLY. SQLite: `mode=ro`, one deferred transaction; a database without a write-ahead log would keep its writers waiting
meanwhile, so its state is copied first (into a temporary file, as large as it is). Another database: the strictest isolation that it has.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from keepfit.errors import DataError
from keepfit.integrations.sql.address import Address
from keepfit.integrations.sql.patience import CONNECT_SECONDS, Patience

STEPS = 100_000
"""SQLite's instructions between two looks at the clock."""
STRICT = ("REPEATABLE READ", "SERIALIZABLE", "SNAPSHOT")


def connected(address: Address, patience: Patience, open_: ExitStack) -> Connection:
    """Return a connection in its transaction; `open_` gets what is to be closed after it, in the order in which it is."""
    engine = _engine(address, patience, open_)
    open_.callback(engine.dispose)
    connection = open_.enter_context(engine.connect())
    levels: dict[str, Any] = {}
    if connection.dialect.name == "postgresql":
        levels = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    elif connection.dialect.name != "sqlite":
        known = connection.dialect.get_isolation_level_values(connection.connection.dbapi_connection)  # type: ignore[arg-type]  # it is connected
        levels = {"isolation_level": next(level for level in STRICT if level in known)} if set(STRICT) & set(known) else {}
    connection.execution_options(**levels).begin()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {patience.seconds * 1000}")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    return connection


def _engine(address: Address, patience: Patience, open_: ExitStack) -> Engine:
    if address.file is None:
        postgres = address.url.get_backend_name() == "postgresql"
        return create_engine(address.url, connect_args={"connect_timeout": CONNECT_SECONDS} if postgres else {})
    if not address.file.is_file():
        raise DataError(f"no SQLite file {address.file.name}", where=address.where, fix=f"check the URL in {address.variable}")
    file = _still(address.file, patience, open_)
    engine = create_engine("sqlite://", creator=lambda: _reader(file, patience))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN DEFERRED"))
    return engine


def _reader(file: Path, patience: Patience) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=patience.for_locks, isolation_level=None)
    connection.set_progress_handler(lambda: patience.is_over, STEPS)
    return connection


def _still(file: Path, patience: Patience, open_: ExitStack) -> Path:
    """The file, or a copy of its state where who reads it would keep others from writing."""
    with closing(_reader(file, patience)) as reader:
        if reader.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return file
        copy = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="keepfit-sqlite-"))) / "state.db"
        until = time.monotonic() + patience.for_locks

        def wait(status: int, _left: int, _all: int) -> None:
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
                raise sqlite3.OperationalError("database is locked")

        with closing(sqlite3.connect(copy)) as target:
            reader.backup(target, progress=wait)
        return copy
