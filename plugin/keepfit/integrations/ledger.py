"""The monitor's memory: windows seen, policy state, tickets, and an outbox of effects that are still owed.

SQLAlchemy Core over SQLite (one host) or a database URL (several); the tables are made on first use. Everything happens in
`Ledger.transaction()`: what one window changes is written together or not at all, and two processes never see half of it.
A window is judged once per (model, champion digest): the first writer wins, the second is told so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, Text, create_engine, event, insert, make_url, select, text, update
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from keepfit.errors import LedgerError
from keepfit.records import JudgedWindow, PolicyState, PolicyStep, Ticket, canonical, from_json, record

SCHEMA = 2  # 2: keepfit_steps, made on first use of an older ledger; steps taken before are not in it
WAIT_SECONDS = 60
CREATE_LOCK = 5283941

_META = MetaData()
_ABOUT = Table("keepfit_ledger", _META, Column("schema", Integer, nullable=False))
_WINDOWS = Table(
    "keepfit_windows",
    _META,
    Column("model", String(255), primary_key=True),
    Column("champion", String(80), primary_key=True),
    Column("window", String(40), primary_key=True),
    Column("status", String(10), nullable=False),
    Column("record", Text, nullable=False),
)
_STATE = Table(
    "keepfit_state",
    _META,
    Column("model", String(255), primary_key=True),
    Column("champion", String(80), nullable=False),
    Column("record", Text, nullable=False),
)
_TICKETS = Table(
    "keepfit_tickets",
    _META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("model", String(255), nullable=False, index=True),
    Column("id", String(80), nullable=False),
    Column("status", String(20), nullable=False),
    Column("record", Text, nullable=False),
)
_STEPS = Table(
    "keepfit_steps",
    _META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("model", String(255), nullable=False, index=True),
    Column("ticket", String(80), index=True),
    Column("record", Text, nullable=False),
)
_OUTBOX = Table(
    "keepfit_outbox",
    _META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String(400), nullable=False, unique=True),
    Column("verb", String(40), nullable=False),
    Column("payload", Text, nullable=False),
    Column("done", Integer, nullable=False, default=0),
)


@record
class Owed:
    """An effect outside the ledger that is still owed: `key` names it, so that doing it twice is doing it once."""

    key: str
    verb: str
    payload: Mapping[str, Any]


class LedgerTransaction:
    """Reads and writes of one transaction; made by `Ledger.transaction()`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def window(self, model: str, champion: str, window: str) -> JudgedWindow | None:
        """Return what was found in the window under the champion (its digest), None if it was not judged yet."""
        query = select(_WINDOWS.c.record).where(_WINDOWS.c.model == model, _WINDOWS.c.champion == champion, _WINDOWS.c.window == window)
        found = self._connection.execute(query).scalar_one_or_none()
        return None if found is None else from_json(JudgedWindow, found, where="the ledger")

    def windows(self, model: str, champion: str | None) -> tuple[JudgedWindow, ...]:
        """Return all windows judged under the champion (its digest; None: under any), in the order of their ids, which is that of time."""
        query = select(_WINDOWS.c.record).where(_WINDOWS.c.model == model).order_by(_WINDOWS.c.window, _WINDOWS.c.champion)
        query = query if champion is None else query.where(_WINDOWS.c.champion == champion)
        return tuple(from_json(JudgedWindow, row, where="the ledger") for row in self._connection.execute(query).scalars())

    def record_window(self, seen: JudgedWindow) -> bool:
        """Write what was found; False (and nothing written) if the window is already seen. A blocked window may be judged again."""
        here = (_WINDOWS.c.model == seen.model, _WINDOWS.c.champion == seen.champion, _WINDOWS.c.window == seen.window.id)
        status = self._connection.execute(select(_WINDOWS.c.status).where(*here)).scalar_one_or_none()
        if status == "seen":
            return False
        values = {"status": seen.status, "record": canonical(seen).decode()}
        if status is None:
            values |= {"model": seen.model, "champion": seen.champion, "window": seen.window.id}
        self._connection.execute(insert(_WINDOWS).values(values) if status is None else update(_WINDOWS).where(*here).values(values))
        return True

    def rescore_window(self, seen: JudgedWindow) -> None:
        """Replace what was found in a window that is seen: more of its labels, or more rows, have come."""
        here = (_WINDOWS.c.model == seen.model, _WINDOWS.c.champion == seen.champion, _WINDOWS.c.window == seen.window.id)
        self._connection.execute(update(_WINDOWS).where(*here, _WINDOWS.c.status == "seen").values(record=canonical(seen).decode()))

    def state(self, model: str) -> tuple[PolicyState, str | None]:
        """Return the policy's state of a model and the champion (digest) it was written under; a fresh state and None at first."""
        row = self._connection.execute(select(_STATE.c.record, _STATE.c.champion).where(_STATE.c.model == model)).one_or_none()
        return (PolicyState(), None) if row is None else (from_json(PolicyState, row.record, where="the ledger"), row.champion)

    def save_state(self, model: str, champion: str, state: PolicyState) -> None:
        """Replace the policy's state of a model."""
        values = {"champion": champion, "record": canonical(state).decode()}
        changed = self._connection.execute(update(_STATE).where(_STATE.c.model == model).values(values))
        if changed.rowcount == 0:
            self._connection.execute(insert(_STATE).values(model=model, **values))

    def tickets(self, model: str) -> tuple[Ticket, ...]:
        """Return all tickets of a model, resolved ones too, oldest first."""
        query = select(_TICKETS.c.record).where(_TICKETS.c.model == model).order_by(_TICKETS.c.number)
        return tuple(from_json(Ticket, row, where="the ledger") for row in self._connection.execute(query).scalars())

    def ticket(self, model: str, ticket: str) -> Ticket | None:
        """Return one ticket by its id, None if there is none."""
        return next((found for found in self.tickets(model) if found.id == ticket), None)

    def save_ticket(self, ticket: Ticket) -> None:
        """Write a new ticket or replace the one of the same model and id."""
        values = {"status": ticket.status, "record": canonical(ticket).decode()}
        here = (_TICKETS.c.model == ticket.model, _TICKETS.c.id == ticket.id)
        if self._connection.execute(update(_TICKETS).where(*here).values(values)).rowcount == 0:
            self._connection.execute(insert(_TICKETS).values(model=ticket.model, id=ticket.id, **values))

    def record_step(self, step: PolicyStep) -> None:
        """Append a step of the policy as it was taken; steps are never changed, so what a ticket rests on stays readable."""
        self._connection.execute(insert(_STEPS).values(model=step.model, ticket=step.ticket, record=canonical(step).decode()))

    def step_of(self, model: str, ticket: str) -> PolicyStep | None:
        """Return the step that opened the ticket, None if it was opened before ledgers kept steps."""
        query = select(_STEPS.c.record).where(_STEPS.c.model == model, _STEPS.c.ticket == ticket).order_by(_STEPS.c.number).limit(1)
        found = self._connection.execute(query).scalar_one_or_none()
        return None if found is None else from_json(PolicyStep, found, where="the ledger")

    def owe(self, key: str, verb: str, payload: Mapping[str, Any]) -> bool:
        """Put an effect into the outbox; False if its key was there before, done or not."""
        if self._connection.execute(select(_OUTBOX.c.number).where(_OUTBOX.c.key == key)).first() is not None:
            return False
        self._connection.execute(insert(_OUTBOX).values(key=key, verb=verb, payload=json.dumps(payload, sort_keys=True), done=0))
        return True

    def owed(self, verb: str) -> tuple[Owed, ...]:
        """Return the effects of a verb that are still owed, oldest first."""
        query = select(_OUTBOX.c.key, _OUTBOX.c.payload).where(_OUTBOX.c.verb == verb, _OUTBOX.c.done == 0).order_by(_OUTBOX.c.number)
        return tuple(Owed(key=row.key, verb=verb, payload=json.loads(row.payload)) for row in self._connection.execute(query))

    def settle(self, key: str) -> None:
        """Mark an effect as done; its key stays, so that it is never owed again."""
        self._connection.execute(update(_OUTBOX).where(_OUTBOX.c.key == key).values(done=1))


class Ledger:
    """The ledger behind a database URL (`sqlite:////path/ledger.db`, `postgresql+psycopg://…`).

    >>> with Ledger("sqlite://").transaction() as book:
    ...     book.owe("hook:2013-02-harm", "hook", {"ticket": "2013-02-harm"}), book.owe("hook:2013-02-harm", "hook", {})
    (True, False)
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self._engine = _engine(uri)
        self._ready = False

    @contextmanager
    def transaction(self) -> Iterator[LedgerTransaction]:
        """Open the one transaction in which everything below happens; an exception inside rolls it back."""
        try:
            with self._engine.begin() as connection:
                if not self._ready:
                    _prepare(connection, self.uri)
                yield LedgerTransaction(connection)
            self._ready = True
        except DatabaseError as bad:
            raise LedgerError(f"the ledger cannot be used: {_short(bad)}", where=_safe(self.uri), fix="check ledger.uri in params.yaml") from bad

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()


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
        event.listen(engine, "begin", _write_lock_first)
    return engine


def _manual_transactions(connection: Any, _record: object) -> None:
    """Python's driver would begin transactions late and leave table creation outside of them."""
    connection.isolation_level = None


def _write_lock_first(connection: Connection) -> None:
    """A transaction that reads and then writes could otherwise lose to another writer in between ("database is locked")."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare(connection: Connection, uri: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CREATE_LOCK})
    _META.create_all(connection)
    schema = connection.execute(select(_ABOUT.c.schema)).scalar_one_or_none()
    if schema is None:
        connection.execute(insert(_ABOUT).values(schema=SCHEMA))
    elif schema < SCHEMA:
        connection.execute(update(_ABOUT).values(schema=SCHEMA))
    elif schema > SCHEMA:
        raise LedgerError(f"the ledger has schema {schema}, this keepfit knows {SCHEMA}", where=_safe(uri), fix="update keepfit")


def _short(bad: BaseException) -> str:
    return " ".join(str(getattr(bad, "orig", None) or bad).split())[:200]


def _safe(uri: str) -> str:
    """The URI as it may be printed: without its password."""
    try:
        return make_url(uri).render_as_string(hide_password=True)
    except ArgumentError:
        return "ledger.uri"
