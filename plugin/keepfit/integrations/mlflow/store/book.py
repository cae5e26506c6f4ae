"""The journal as the store keeps it: rows with who and when filled in, added in the open transaction; a model's rows, read once."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from keepfit.gate.history import DEFAULT_WORKSPACE, EVERY_MODEL, with_changes
from keepfit.integrations.mlflow.store.asked import Gate
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.records import JournalKind, JournalRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_REMEMBERED = 200
_LOG = logging.getLogger(__name__)


@dataclass
class Known:
    """What a process need not ask again: that the tables are there, and rows (by workspace and model), which are only ever added."""

    prepared: bool = False
    rows: Mapping[tuple[str, str], Sequence[JournalRow]] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """The journal of a store."""

    gate: Gate
    sessions: Sessions
    remembered: Known

    # -- reading ----------------------------------------------------------------------------------------------------------

    def known(self, model: str) -> Sequence[JournalRow]:
        """Return the model's rows as they are before the lock, so that a long history is not read under it."""
        self.prepare()
        with self.sessions.read() as session:
            return self.read(session, model)

    def read(self, session: Session, model: str) -> Sequence[JournalRow]:
        """Return the model's rows and remember them."""
        key = (self.sessions.workspace, model)
        rows = self.rows(session, model, self.remembered.rows.get(key, ()))
        kept = {**self.remembered.rows, key: rows}
        self.remembered.rows = dict(list(kept.items())[-MAX_REMEMBERED:])
        return rows

    def rows(self, session: Session, model: str, known: Sequence[JournalRow]) -> Sequence[JournalRow]:
        """Return the model's rows. Those that are `known` are not read again, as rows are only ever added, unless the last is not there as it was."""
        read = partial(self.gate.journal.rows, session, model, workspace=self.sessions.workspace)
        if not known:
            return read()
        last, *later = read(after=known[-1].id - 1) or (None,)
        return (*known, *later) if last is not None and last.hash == known[-1].hash else read()

    def with_rules(self, model: str) -> Sequence[JournalRow]:
        """Return the model's rows with the changes of rules between them."""
        mine = self.known(model)
        with self.sessions.read() as session:
            return with_changes(mine, self.gate.journal.rows(session, EVERY_MODEL, workspace=DEFAULT_WORKSPACE))

    # -- writing ----------------------------------------------------------------------------------------------------------

    def row(self, kind: JournalKind, model: str, version: object, **about: Any) -> JournalRow:
        """A row as it stands before the chain takes it: who and when are filled in."""
        who, via = self.gate.who()
        workspace = self.sessions.workspace
        return JournalRow(at=self.gate.now(), workspace=workspace, kind=kind, model=model, version=str(version), who=who, via=via, **about)

    def append(self, session: Session, row: JournalRow) -> JournalRow:
        """Add a row in the session's transaction and return it as written."""
        return self.gate.journal.append(session, row)

    def prepare(self) -> None:
        """Make sure, once, that the tables are there."""
        if not self.remembered.prepared:
            self.gate.journal.prepare(self.sessions.engine)
            self.remembered.prepared = True

    def write_down(self, row: JournalRow) -> JournalRow:
        """Add a refusal in a transaction of its own and return it as written; it holds even if it cannot be written."""
        try:
            self.prepare()
            with self.sessions.transaction() as session:
                return self.append(session, row)
        except Exception:  # noqa: BLE001 - the refusal holds even if it cannot be written down
            _LOG.exception("keepfit: a refusal could not be written down")
            return row
