"""The table of tickets: one row a ticket, numbered in the order they were opened."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from keepfit.integrations.ledger.rows import LedgerRows
from keepfit.integrations.ledger.schema import TICKETS
from keepfit.integrations.ledger.stored import read, written
from keepfit.records import Ticket


class TicketRows(LedgerRows):
    """What a model's people were told of."""

    def tickets(self, model: str) -> tuple[Ticket, ...]:
        """Return all tickets of a model, resolved ones too, oldest first."""
        query = select(TICKETS.c.record).where(TICKETS.c.model == model).order_by(TICKETS.c.number)
        return tuple(read(Ticket, text) for text in self._of(model).execute(query).scalars())

    def ticket(self, model: str, ticket: str) -> Ticket | None:
        """Return one ticket by its id, None if there is none."""
        found = self._text(model, ticket)
        return None if found is None else read(Ticket, found)

    def save_ticket(self, ticket: Ticket) -> None:
        """Write a new ticket or replace the one of the same model and id."""
        before = self._text(ticket.model, ticket.id)
        here, values = (TICKETS.c.model == ticket.model, TICKETS.c.id == ticket.id), {"status": ticket.status, "record": written(ticket, over=before)}
        new = insert(TICKETS).values(model=ticket.model, id=ticket.id, **values)
        self._of(ticket.model).execute(new if before is None else update(TICKETS).where(*here).values(values))

    def _text(self, model: str, ticket: str) -> str | None:
        query = select(TICKETS.c.record).where(TICKETS.c.model == model, TICKETS.c.id == ticket).order_by(TICKETS.c.number).limit(1)
        return self._of(model).execute(query).scalar_one_or_none()
