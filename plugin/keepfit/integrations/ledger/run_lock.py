"""One run at a time of what a lock names, such as the monitor of one model: a lock that a killed process gives back.

Beside an SQLite ledger it is an advisory file lock (one host); on PostgreSQL a session's advisory lock (several hosts). On
another database there is none: the ledger's idempotence per window then has to be enough, and work may be done twice.
"""

from __future__ import annotations

import fcntl
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from keepfit.errors import LedgerError
from keepfit.integrations.ledger.rows import lock_number

POLL_SECONDS = 0.2


@contextmanager
def one_at_a_time(uri: str, *names: str, patience: float, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of these names (what runs, of which model) of the ledger at `uri`; `waiting` is called once if another process has it.

    After `patience` seconds of waiting a `LedgerError` says that the other one still runs.
    """
    url = make_url(uri)
    if url.get_backend_name() == "postgresql":
        with _session_lock(uri, *names) as attempt:
            _wait(attempt, patience, waiting)
            yield
    elif url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        with _file_lock(Path(f"{url.database}.{file_name(*names)}.lock")) as attempt:
            _wait(attempt, patience, waiting)
            yield
    else:
        yield


def file_name(*names: str) -> str:
    """Return what a lock's file is called: by its first name, told from others by the number of all.

    >>> file_name("monitor", "the flights, late")
    'monitor-4f72debd0e21cba8'
    """
    return f"{re.sub(r'[^0-9A-Za-z]', '-', names[0])}-{lock_number(*names) % 2**64:016x}"


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
def _session_lock(uri: str, *names: str) -> Iterator[Callable[[], bool]]:
    engine = create_engine(uri, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield lambda: bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": lock_number(*names)}).scalar())
    finally:
        engine.dispose()


def _wait(attempt: Callable[[], bool], patience: float, waiting: Callable[[], None]) -> None:
    if attempt():
        return
    waiting()
    until = time.monotonic() + patience
    while not attempt():
        if time.monotonic() > until:
            raise LedgerError("another run of keepfit on this model has not ended", fix="wait for it to end and run the same command again")
        time.sleep(POLL_SECONDS)
