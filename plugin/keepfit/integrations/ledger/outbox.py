"""The table of effects outside the ledger: owed in the transaction that decides on them, done and settled afterwards, once in effect."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from keepfit.integrations.ledger.rows import LedgerRows
from keepfit.integrations.ledger.schema import OUTBOX
from keepfit.records import Event, from_json, record, to_data

EVENT = "event"
"""The verb of what subscribers may hear of; its payload is the record `Event`."""


@record
class Owed:
    """An effect outside the ledger that a model owes: `key` names it, so that doing it twice is doing it once."""

    model: str
    key: str
    verb: str
    payload: Mapping[str, Any]


class OutboxRows(LedgerRows):
    """Effects that are owed."""

    def owe(self, owed: Owed) -> bool:
        """Put an effect into its model's outbox; False if its key was there before, done or not."""
        connection = self._of(owed.model)
        if connection.execute(select(OUTBOX.c.number).where(OUTBOX.c.key == owed.key)).first() is not None:
            return False
        payload = json.dumps(dict(owed.payload), sort_keys=True)
        connection.execute(insert(OUTBOX).values(model=owed.model, key=owed.key, verb=owed.verb, payload=payload, done=0))
        return True

    def owe_event(self, event: Event) -> bool:
        """Put an event into the outbox, in the transaction that caused it; False if it was there before, delivered or not."""
        return self.owe(Owed(model=event.model, key=event.key, verb=EVENT, payload=to_data(event)))

    def keep(self, note: Owed) -> None:
        """Put a note into the outbox that is never done, in place of what it said before."""
        if not self.owe(note):
            payload = json.dumps(dict(note.payload), sort_keys=True)
            self._of(note.model).execute(update(OUTBOX).where(OUTBOX.c.model == note.model, OUTBOX.c.key == note.key).values(payload=payload, done=0))

    def amend_event(self, event: Event) -> bool:
        """Write an owed event anew under its key; False if it is owed no more."""
        here = (OUTBOX.c.model == event.model, OUTBOX.c.key == event.key, OUTBOX.c.verb == EVENT, OUTBOX.c.done == 0)
        payload = json.dumps(to_data(event), sort_keys=True)
        return self._of(event.model).execute(update(OUTBOX).where(*here).values(payload=payload)).rowcount == 1

    def owed(self, model: str, verb: str) -> tuple[Owed, ...]:
        """Return the effects of a verb that a model still owes, oldest first."""
        return self._due(model, OUTBOX.c.verb == verb)

    def owed_of(self, model: str) -> tuple[Owed, ...]:
        """Return all effects that a model still owes, oldest first."""
        return self._due(model)

    def event(self, model: str, key: str) -> Event | None:
        """Return an event by its key, delivered or not; None if there is none. Raises `KeepfitError` for one that cannot be read here."""
        query = select(OUTBOX.c.payload).where(OUTBOX.c.model == model, OUTBOX.c.key == key, OUTBOX.c.verb == EVENT)
        found = self._of(model).execute(query).scalar_one_or_none()
        return None if found is None else from_json(Event, found, where=f"the ledger: event {key}")

    def settle(self, model: str, key: str) -> None:
        """Mark an effect as done; its key stays, so that it is never owed again."""
        self._of(model).execute(update(OUTBOX).where(OUTBOX.c.model == model, OUTBOX.c.key == key).values(done=1))

    def _due(self, model: str, *which: ColumnElement[bool]) -> tuple[Owed, ...]:
        query = select(OUTBOX.c.key, OUTBOX.c.verb, OUTBOX.c.payload).where(OUTBOX.c.model == model, OUTBOX.c.done == 0, *which).order_by(OUTBOX.c.number)
        return tuple(Owed(model=model, key=row.key, verb=row.verb, payload=json.loads(row.payload)) for row in self._of(model).execute(query))
