"""Tickets of a project: list, find, acknowledge, resolve. Imports no heavy tool; monitor brings the time, but for when somebody closed a ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.errors import TicketError, did_you_mean
from keepfit.flows.project import Project
from keepfit.integrations.ledger.glance import glance
from keepfit.records import Event, Ticket

if TYPE_CHECKING:
    from keepfit.integrations.ledger.ledger import Ledger


@contextmanager
def ledger_of(project: Project) -> Iterator[Ledger]:
    """Open the project's ledger and give its connections back afterwards."""
    from keepfit.integrations.ledger.ledger import Ledger

    ledger = Ledger(project.ledger_uri)
    try:
        yield ledger
    finally:
        ledger.close()


def list_tickets(project: Project, *, every: bool = False) -> tuple[Ticket, ...]:
    """Return the model's tickets that are not resolved, oldest first; `every`: the resolved ones too."""
    return tuple(ticket for ticket in _tickets(project) if every or ticket.status != "resolved")


def find_ticket(project: Project, ticket: str) -> Ticket:
    """Return one ticket by its id; `TicketError` names the nearest one that exists."""
    return _named(ticket, _tickets(project), model=project.params.model.name)


def acknowledge(project: Project, ticket: str, *, until: datetime, reason: str = "") -> Ticket:
    """Silence a ticket's cause until `until` (in monitor's clock); `TicketError` if it is resolved."""
    return _change(project, ticket, status="acknowledged", until=until, note=reason)


def resolve(project: Project, ticket: str, *, reason: str = "") -> Ticket:
    """Close a ticket; resolving twice is resolving once. The same cause opens a new ticket in a later window."""
    return _change(project, ticket, owes=_closed, status="resolved", until=None, note=reason)


def note_branch(project: Project, ticket: str, branch: str, *, event: Event | None = None) -> Ticket:
    """Remember which branch answers the ticket, and owe what subscribers may hear of it."""
    return _change(project, ticket, owes=None if event is None else lambda *_: event, branch=branch)


def _closed(project: Project, ticket: Ticket) -> Event:
    from keepfit.flows.tickets.event_setting import setting_of, table_time
    from keepfit.report.events.ticket import ticket_closed

    return ticket_closed(ticket, at=table_time(project), setting=setting_of(project))


def _change(project: Project, ticket: str, *, owes: Callable[[Project, Ticket], Event] | None = None, **changes: object) -> Ticket:
    """Write what changed of a ticket and owe its event, in one transaction."""
    with ledger_of(project) as ledger, ledger.transaction() as book:
        found = _named(ticket, book.tickets(project.params.model.name), model=project.params.model.name)
        if found.status == "resolved":
            if changes.get("status") == "acknowledged":
                raise TicketError(f"the ticket {ticket!r} is resolved", fix="nothing to do: the cause opens a new ticket if it comes back")
            if changes.get("status") == "resolved":
                return found
        kept = {key: value for key, value in changes.items() if not (key == "note" and not value)}
        changed = replace(found, **kept)  # type: ignore[arg-type]
        book.save_ticket(changed)
        if owes is not None:
            book.owe_event(owes(project, changed))
    return changed


def _tickets(project: Project) -> tuple[Ticket, ...]:
    """All tickets of the model: at a glance where that is possible."""
    found = glance(project.ledger_uri, project.params.model.name)
    if found is not None:
        return found
    with ledger_of(project) as ledger, ledger.reading() as book:
        return book.tickets(project.params.model.name)


def _named(ticket: str, among: Sequence[Ticket], *, model: str) -> Ticket:
    found = next((one for one in among if one.id == ticket), None)
    if found is None:
        raise TicketError(f"no ticket {ticket!r} for the model {model!r}", fix=did_you_mean(ticket, [known.id for known in among]))
    return found
