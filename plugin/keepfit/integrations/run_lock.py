"""One run at a time: a lock that a killed process gives back.

Beside an SQLite ledger it is an advisory file lock (one host); on PostgreSQL a session's advisory lock (several hosts). On
another database there is none: the ledger's idempotence per window then has to be enough, and work may be done twice.
"""

from __future__ import annotations

import fcntl
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from keepfit.errors import LedgerError

POLL_SECONDS = 0.2


@contextmanager
def one_at_a_time(uri: str, name: str, *, patience: float, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock `name` of the ledger at `uri`; `waiting` is called once if another process has it.

    After `patience` seconds of waiting a `LedgerError` says that the other one still runs.
    """
    url = make_url(uri)
    if url.get_backend_name() == "postgresql":
        with _session_lock(uri, name) as attempt:
            _wait(attempt, patience, waiting)
            yield
    elif url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        with _file_lock(Path(f"{url.database}.{name}.lock")) as attempt:
            _wait(attempt, patience, waiting)
            yield
    else:
        yield


@contextmanager
def _file_lock(path: Path) -> Iterator[Callable[[], bool]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:

        def attempt() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield attempt  # closing the file, or dying, gives the lock back


@contextmanager
def _session_lock(uri: str, name: str) -> Iterator[Callable[[], bool]]:
    engine = create_engine(uri, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield lambda: bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": zlib.crc32(name.encode())}).scalar())
    finally:
        engine.dispose()


def _wait(attempt: Callable[[], bool], patience: float, waiting: Callable[[], None]) -> None:
    if attempt():
        return
    waiting()
    until = time.monotonic() + patience
    while not attempt():
        if time.monotonic() > until:
            raise LedgerError("another keepfit run holds this project's ledger", fix="wait for it to end and run the same command again")
        time.sleep(POLL_SECONDS)
