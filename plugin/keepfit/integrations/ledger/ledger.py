"""The ledger behind a database URL: SQLite for one host, PostgreSQL for several.

Everything happens in `Ledger.transaction()`: what one window changes is written together or not at all, and two processes never see half of it.
A window is judged once per (model, champion digest): the first writer wins, the second is told so. On SQLite all writers wait for one another,
so nothing is computed inside a transaction that writes. The tables are made, or brought up to date, on first use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from keepfit.errors import LedgerError
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.ledger.upgrade import prepare
from keepfit.integrations.ledger.view import LedgerView

WAIT_SECONDS = 60
READS = "keepfit_reads"


class Ledger:
    """The ledger behind a database URL (`sqlite:////path/ledger.db`, `postgresql+psycopg://…`).

    >>> from keepfit.integrations.ledger.outbox import Owed
    >>> owed = Owed(model="flights", key="hook:2013-02-harm", verb="hook", payload={"ticket": "2013-02-harm"})
    >>> with Ledger("sqlite://").transaction() as book:
    ...     book.owe(owed), book.owe(owed)
    (True, False)
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self._engine = _engine(uri)
        self._ready = False

    @contextmanager
    def transaction(self) -> Iterator[LedgerTransaction]:
        """Open the one transaction in which everything below happens; an exception inside rolls it back."""
        with self._failures():
            self._prepared()
            with self._engine.begin() as connection:
                yield LedgerTransaction(connection)

    @contextmanager
    def reading(self) -> Iterator[LedgerTransaction]:
        """Open a transaction that only looks: it sees one state of the ledger, and no writer waits for it to end."""
        with self._failures():
            self._prepared()
            with _reader(self._engine).begin() as connection:
                yield LedgerTransaction(connection, writes=False)

    def view(self, model: str) -> LedgerView:
        """Return all that the ledger holds of a model now."""
        with self.reading() as book:
            return LedgerView.of(book, model)

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()

    def _prepared(self) -> None:
        if not self._ready:
            prepare(_reader(self._engine), self._engine, where=_safe(self.uri))
            self._ready = True

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as bad:
            raise LedgerError(f"the ledger cannot be used: {_short(bad)}", where=_safe(self.uri), fix="check ledger.uri in params.yaml") from bad


def _engine(uri: str) -> Engine:
    try:
        url = make_url(uri)
        lite = url.get_backend_name() == "sqlite"
        if lite and url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS} if lite else {})
    except (ArgumentError, NoSuchModuleError, ImportError, OSError) as bad:
        raise LedgerError(f"the ledger cannot be opened: {_short(bad)}", where=_safe(uri), fix="check ledger.uri in params.yaml") from bad
    if lite:
        event.listen(engine, "connect", _manual_transactions)
        event.listen(engine, "begin", _begin)
    return engine


def _reader(engine: Engine) -> Engine:
    """The same database for who only looks: one state of it from the first look to the last."""
    one_state: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    return engine.execution_options(**{READS: True}, **one_state)


def _manual_transactions(connection: Any, _record: object) -> None:
    """Python's driver would begin transactions late and leave table creation outside of them."""
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    """A transaction that reads and then writes could lose to another writer in between ("database is locked"): it takes its turn first."""
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(READS) else "BEGIN IMMEDIATE")


def _short(bad: BaseException) -> str:
    return " ".join(str(getattr(bad, "orig", None) or bad).split())[:200]


def _safe(uri: str) -> str:
    """The URI as it may be printed: without its password."""
    try:
        return make_url(uri).render_as_string(hide_password=True)
    except ArgumentError:
        return "ledger.uri"
