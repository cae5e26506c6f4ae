"""What subscribers may hear of after a window was judged: made before the transaction that writes it down, and owed in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.ledger.view import LedgerView
from keepfit.records import Event, Ticket
from keepfit.report.events.setting import EventSetting

if TYPE_CHECKING:
    from keepfit.update.judge import WindowJudgement


def events_of(judged: WindowJudgement, view: LedgerView, *, at: datetime | None, setting: EventSetting) -> tuple[Event, ...]:
    """Return the events of a judged window in the order in which they happened; `view` is what the ledger knew before, `at` the time of the run."""
    if not (judged.closed or judged.opened or judged.grown or judged.record.status == "blocked"):
        return ()
    from keepfit.report.events.ticket import ticket_closed, ticket_grown, ticket_opened

    ticket, opened = judged.ticket, judged.opened
    when = at or judged.record.window.end or (ticket.opened if ticket is not None else judged.closed[0].opened)
    ran_out = {one.id for one in judged.closed if opened and ticket is not None and one.cause == ticket.cause}
    found = [ticket_closed(one, at=when, setting=setting, goes_on=one.id in ran_out) for one in judged.closed]
    if ticket is not None and opened:
        found.append(ticket_opened(ticket, setting=setting, instead_of=", ".join(sorted(ran_out))))
    if ticket is not None and judged.grown:
        found.append(ticket_grown(ticket, at=when, setting=setting))
    return (*found, *_waiting(judged, view, at=when, setting=setting))


def _waiting(judged: WindowJudgement, view: LedgerView, *, at: datetime, setting: EventSetting) -> tuple[Event, ...]:
    """The event of a window that is blocked, where as many wait by its ticket that people are called again."""
    from keepfit.report.events.window import is_reported, window_waits

    seen = judged.record
    if seen.status != "blocked" or judged.ticket is None:
        return ()
    others = {one.window.id for one in view.windows(seen.champion) if one.status == "blocked" and one.ticket == seen.ticket} - {seen.window.id}
    waiting = len(others) + 1
    return (window_waits(seen, judged.ticket, waiting=waiting, opened=judged.opened, at=at, setting=setting),) if is_reported(waiting) else ()


def close_ticket(book: LedgerTransaction, ticket: Ticket, *, at: datetime | None, setting: EventSetting, goes_on: bool = False) -> None:
    """Write a ticket that has ended, and owe its event."""
    from keepfit.report.events.ticket import ticket_closed

    book.save_ticket(ticket)
    book.owe_event(ticket_closed(ticket, at=at or ticket.opened, setting=setting, goes_on=goes_on))
