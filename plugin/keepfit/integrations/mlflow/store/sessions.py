"""Transactions: the inner store's methods join the one that the gate has opened, and its first statement locks the model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LOCK_SECONDS = 15
_SESSION: ContextVar[tuple[object, Session] | None] = ContextVar("keepfit_session", default=None)


def joining(store: Any, stock: Any) -> Any:
    """Let the inner store's methods join the transaction that the gate has opened, if it has."""

    @contextmanager
    def sessions(read_only: bool = True) -> Iterator[Session]:
        ambient = _SESSION.get()
        if ambient is not None and ambient[0] is store:
            yield ambient[1]
        else:
            with stock(read_only=read_only) as session:
                yield session

    return sessions


@dataclass(frozen=True)
class Sessions:
    """The registry's database, as the gate uses it."""

    store: Any

    @property
    def workspace(self) -> str:
        """The workspace of the one who asks."""
        return str(self.store._get_active_workspace())  # noqa: SLF001 - `gate_store` has made sure that it is there

    @property
    def engine(self) -> Any:
        """The database."""
        return self.store.engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on the writable database: a replica may be behind what the gate decides on."""
        with self.store.ManagedSessionMaker(read_only=False) as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction that the inner store's methods join."""
        with self.store.ManagedSessionMaker(read_only=False) as session:
            token = _SESSION.set((self.store, session))
            try:
                yield session
            finally:
                _SESSION.reset(token)

    @contextmanager
    def locked(self, model: str) -> Iterator[Session]:
        """A transaction that holds the model's row: its first statement writes it, which locks on every database."""
        import sqlalchemy as sa

        with self.transaction() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                session.execute(sa.text(f"SET LOCAL idle_in_transaction_session_timeout = '{4 * LOCK_SECONDS}s'"))
            lock = sa.text("UPDATE registered_models SET last_updated_time = last_updated_time WHERE workspace = :workspace AND name = :name")
            session.execute(lock, {"workspace": self.workspace, "name": model})
            yield session
