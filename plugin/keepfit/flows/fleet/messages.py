"""Messages of a fleet: tickets of one cause are one message, and all is delivered once at the end of a run.

What is folded is what the outboxes still owe, so that a run that was killed loses nothing: the next one folds it. An event is left out for another's
sake only where everybody who would hear of it hears of the other: projects whose subscribers are the same, and hooks that say of themselves that they are
the same for every project (`same_everywhere`: an address; not a file of the project, a retraining or a branch). Each ticket stays in its ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from keepfit.errors import KeepfitError
from keepfit.flows.deliver.member import hook_of
from keepfit.flows.deliver.subscribed import subscribed
from keepfit.flows.fleet.places import places_of
from keepfit.flows.fleet.projects import FleetProject
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.outbox import EVENT
from keepfit.params.hooks import SubscriberParams
from keepfit.records import Event, Ticket, from_data
from keepfit.report.events.shared import told_as_one
from keepfit.update.shared_cause import SharedCause, shared_causes

KINDS = ("ticket_opened", "window_blocked", "no_rows")


@dataclass(frozen=True, kw_only=True)
class OwedTicket:
    """A new ticket with an event that was not delivered yet."""

    project: Project
    ticket: Ticket
    event: Event


def deliver_all(projects: Sequence[FleetProject], *, hear: Callable[[str, str], None]) -> int:
    """Fold what is owed and deliver what is due, for projects with subscribers; return how many messages were folded into others'."""
    heard = [each for each in projects if each.project is not None and each.project.params.hooks.subscribers]
    if not heard:
        return 0
    from keepfit.flows.deliver.after import deliver_after

    folded = fold([each.project for each in heard if each.project is not None])
    for each in heard:
        if each.project is not None:
            deliver_after(each.project, say=lambda line, name=each.name: hear(name, line))  # type: ignore[misc]
    return folded


def fold(projects: Sequence[Project]) -> int:
    """Write one event for the owed ones of each cause, and settle the others; return how many were settled."""
    found = [one for project in projects for one in _owed(project)]
    places = {project.params.model.name: places_of(project) for project in projects}
    folded = 0
    for kind in KINDS:
        owed = {(one.ticket.model, one.ticket.id): one for one in found if one.event.kind == kind}
        causes = shared_causes([one.ticket for one in owed.values()], places)
        folded += sum(_fold_cause(cause, owed) for cause in causes if len(cause.models) > 1)
    return folded


def _owed(project: Project) -> list[OwedTicket]:
    model = project.params.model.name
    with ledger_of(project) as ledger, ledger.reading() as book:
        events = [event for event in (_event(one.payload) for one in book.owed(model, EVENT)) if event is not None]
        found = [(event, book.ticket(model, event.ticket)) for event in events if event.kind in KINDS and event.ticket is not None]
    return [OwedTicket(project=project, ticket=ticket, event=event) for event, ticket in found if ticket is not None]


def _event(payload: Mapping[str, object]) -> Event | None:
    """An event, None for one that a newer keepfit wrote: it is left as it is."""
    try:
        return from_data(Event, payload)
    except KeepfitError:
        return None


def _fold_cause(cause: SharedCause, owed: Mapping[tuple[str, str], OwedTicket]) -> int:
    """Fold those of a cause whose projects have the same subscribers; the first of each such group speaks for it."""
    groups: list[list[OwedTicket]] = []
    for one in (owed[ticket.model, ticket.id] for ticket in cause.tickets):
        group = next((group for group in groups if _are_the_same(group[0], one)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return sum(_fold_group(group) for group in groups if len(group) > 1)


def _are_the_same(one: OwedTicket, other: OwedTicket) -> bool:
    return one.project.params.hooks.subscribers == other.project.params.hooks.subscribers


def _is_the_same_everywhere(name: str, its: SubscriberParams) -> bool:
    try:
        return bool(getattr(hook_of(name, its), "same_everywhere", False))
    except KeepfitError:  # delivery says what is wrong with it
        return False


def _fold_group(group: Sequence[OwedTicket]) -> int:
    """Fold those of a group of whom nobody hears who does not hear of the first."""
    first = group[0]
    subscribers = first.project.params.hooks.subscribers
    hear = {name for name in subscribed(subscribers, told_as_one([one.event for one in group])) if _is_the_same_everywhere(name, subscribers[name])}
    others = [one for one in group[1:] if hear >= set(subscribed(subscribers, one.event))]
    event = told_as_one([first.event, *(one.event for one in others)])
    if not others:
        return 0
    with ledger_of(first.project) as ledger, ledger.transaction() as book:
        if not book.amend_event(event):  # another worker was faster
            return 0
    for one in others:
        with ledger_of(one.project) as ledger, ledger.transaction() as book:
            book.settle(one.event.model, one.event.key)
    return len(others)
