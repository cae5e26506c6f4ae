"""Labels that match no row, told by one ticket: it stands while there are any, and ends when all have found their rows.

Somebody who resolved it hears of it again when more labels match no row than then. The ticket is no step of the policy: it comes from the
labels as they lie there, not from a window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from keepfit.flows.monitoring.memory import Memory, open_ticket
from keepfit.flows.monitoring.owed_events import close_ticket
from keepfit.flows.project import Project
from keepfit.flows.rows.labels import KEPT
from keepfit.flows.rows.unmatched_labels import Unmatched, find_unmatched
from keepfit.flows.rows.window_store import WindowStore
from keepfit.flows.tickets.replay import UNMATCHED
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.ledger.view import LedgerView
from keepfit.records import Decision, Evidence, Pin, RootCause, Ticket, Window
from keepfit.update.tickets import resolved, ticket_for, with_own_id

SUBJECT = "labels"
FOUND = "every label has found its row"
SHOWN = 3


def unmatched_sentence(found: Unmatched) -> str:
    """Return what there is to say of unmatched labels; nothing where there are none."""
    if not found.count:
        return ""
    count = "1 label matches" if found.count == 1 else f"{found.count:,} labels match"
    named = ", ".join(found.examples)
    more = ", …" if found.count > len(found.examples) else ""
    said = f"{count} no closed row (ids {named}{more})"
    if found.windows:
        windows = ", ".join(found.windows[:SHOWN]) + (" …" if len(found.windows) > SHOWN else "")
        return f"{said}: the source shows rows of {windows} under other ids than when they were closed, as if other columns made them"
    return f"{said}; they are kept, as their rows may still come"


def look_for_unmatched(store: WindowStore, memory: Memory, *, now: datetime, say: Callable[[str], None]) -> Unmatched:
    """Say which labels match no row, and have a ticket for them; nothing is looked for before a window was judged."""
    seen = memory.windows
    if not seen:
        return Unmatched()
    found = find_unmatched(store, [one.window for one in seen if one.labelled < one.rows])
    tell_unmatched(memory, store.project, found, window=seen[-1].window, now=now)
    if found.count:
        say(unmatched_sentence(found))
    return found


def tell_unmatched(memory: Memory, project: Project, found: Unmatched, *, window: Window, now: datetime) -> None:
    """Open the ticket, leave the one that stands, or close it because there is nothing left; `window` is the newest that was judged."""

    def write(book: LedgerTransaction, view: LedgerView) -> None:
        last = next((ticket for ticket in reversed(view.tickets) if ticket.cause == UNMATCHED), None)
        if last is not None and not found.count and last.note != FOUND:
            _close(book, last, FOUND, memory=memory, now=now)
        if not found.count or (last is not None and not _is_news(last, found, now=now)):
            return
        ran_out = last if last is not None and last.status != "resolved" else None
        if ran_out is not None:
            _close(book, ran_out, "its acknowledgement ran out", memory=memory, now=now, goes_on=True)
        made = with_own_id(_ticket(project, memory.pin, found, window=window, now=now), {ticket.id for ticket in view.tickets})
        open_ticket(book, made, setting=memory.setting, instead_of="" if ran_out is None else ran_out.id)

    memory.change(write)


def _close(book: LedgerTransaction, ticket: Ticket, note: str, *, memory: Memory, now: datetime, goes_on: bool = False) -> None:
    """Close the ticket; of one that a person has closed only the note changes."""
    if ticket.status == "resolved":
        book.save_ticket(resolved(ticket, note))
    else:
        close_ticket(book, resolved(ticket, note), at=now, setting=memory.setting, goes_on=goes_on)


def _is_news(last: Ticket, found: Unmatched, *, now: datetime) -> bool:
    """Whether people have to be told (again): what they were told of is over, or there is more than when they closed it."""
    if last.status == "acknowledged":
        return last.until is not None and last.until <= now
    return last.status == "resolved" and (last.note == FOUND or found.count > _count(last.evidence))


def _count(evidence: Sequence[Evidence]) -> int:
    return max((one.n for one in evidence if one.subject == SUBJECT), default=0)


def _ticket(project: Project, pin: Pin, found: Unmatched, *, window: Window, now: datetime) -> Ticket:
    said = unmatched_sentence(found)
    evidence = Evidence(
        kind="quality", subject=SUBJECT, detector="unmatched", statistic=float(found.count), effect=1.0, n=found.count, n_reference=0, detail=said
    )
    key, place = project.params.data.id, f"the labels that wait lie in .keepfit/{KEPT}"
    cure = "write the export with the columns it had, or name an id column (data.id)" if key is None else f"look how the labels write {key!r}; {place}"
    decision = Decision(window=window.id, action="inspect", ground="quality", cause=UNMATCHED, target=None, reasons=(said, cure))
    root = RootCause(kind="quality", where=said, since=window.id)
    made = ticket_for(decision, (evidence,), model=project.params.model.name, champion=pin.version, window=window, opened=now, root=root)
    name = f"{window.id}-{SUBJECT}"
    next_ = (f"keepfit explain {name}", f"keepfit ack {name} --until DATE", f"keepfit resolve {name} --reason '…'")
    return replace(made, id=name, affected=f"{found.count:,} labels", next=next_)
