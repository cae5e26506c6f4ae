"""What people do with deliveries: look at them, try one again, drop one, send a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from keepfit.errors import DeliveryError, did_you_mean
from keepfit.flows.deliver.attempt import attempt, surroundings
from keepfit.flows.deliver.backoff import ATTEMPTS
from keepfit.flows.deliver.in_delivery import ended_workers
from keepfit.flows.deliver.member import hook_of
from keepfit.flows.deliver.next_message import is_ready
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.records import Delivery, Message

OF_USE = ("waiting", "leased", "dead")
REASON = 300


def list_deliveries(project: Project, *, models: Sequence[str] = (), every: bool = False) -> tuple[Delivery, ...]:
    """Return what waits and what is dead, in the order in which it was made; `every`: what was delivered or dropped, too."""
    with ledger_of(project) as ledger, ledger.reading() as book:
        return tuple(row for model in _models(project, models) for row in book.deliveries(model, *(() if every else OF_USE)))


def retry(project: Project, number: int | None, *, now: datetime, models: Sequence[str] = ()) -> tuple[Delivery, ...]:
    """Let one delivery, or all that failed, be tried again now; return them as they were. What waits for its hour waits on. Raises `DeliveryError`.

    What went out in one message is tried again in it.
    """
    with ledger_of(project) as ledger, ledger.transaction() as book:
        if number is None:
            rows = (row for model in _models(project, models) for row in book.deliveries(model, "waiting", "dead"))
            found = [row for row in rows if row.attempts]
        else:
            one = _one(book, project, number, models)
            if one.status == "delivered":
                raise DeliveryError(f"{number} was delivered: {one.outcome}", fix="nothing to do")
            _not_busy(one, now)
            found = [one] if one.message is None else [row for row in book.deliveries(one.model, one.status) if row.message == one.message]
        book.revive(found, due=now, attempts=ATTEMPTS)
    return tuple(found)


def drop(project: Project, number: int, *, reason: str, now: datetime, models: Sequence[str] = ()) -> Delivery:
    """Give one delivery up for good and return it as it was; what comes after it goes on. Raises `DeliveryError`."""
    with ledger_of(project) as ledger, ledger.transaction() as book:
        one = _one(book, project, number, models)
        if one.status in ("delivered", "dropped"):
            raise DeliveryError(f"{number} was {one.status}: {one.outcome}", fix="nothing to do")
        _not_busy(one, now)
        book.drop([one], outcome=f"dropped: {' '.join(reason.split())[:REASON]}", now=now)
    return one


def send_test(project: Project, subscriber: str, *, now: datetime) -> str:
    """Send a message without events to a subscriber now, whatever its hours, and return what its hook said; nothing is kept of it.

    Raises `DeliveryError` for an unknown subscriber, `HookError` if it was not taken.
    """
    known = project.params.hooks.subscribers
    if subscriber not in known:
        raise DeliveryError(f"no subscriber {subscriber!r}", where="params.yaml: hooks.subscribers", fix=did_you_mean(subscriber, known))
    model = project.params.model.name
    text = f"This is a test message for {subscriber}.\nNothing happened to {model}, and nothing is to do."
    message = Message(key=f"{subscriber}:test:{now.isoformat()}", subscriber=subscriber, model=model, title=f"{model}: a test message", text=text, events=())
    return attempt(hook_of(subscriber, known[subscriber]), message, around=surroundings(project, now=now))


def _models(project: Project, models: Sequence[str]) -> Sequence[str]:
    return models or (project.params.model.name,)


def _one(book: LedgerTransaction, project: Project, number: int, models: Sequence[str]) -> Delivery:
    rows = [row for model in _models(project, models) for row in book.deliveries(model)]
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        waiting = [str(row.number) for row in rows if row.status in OF_USE]
        raise DeliveryError(f"no delivery {number}", fix=did_you_mean(str(number), waiting))
    return found


def _not_busy(one: Delivery, now: datetime) -> None:
    if one.status == "leased" and not is_ready(one, now, ended=ended_workers([one])):
        raise DeliveryError(f"{one.number} is being delivered by {one.owner}", fix=f"wait until it ends, at {one.lease:%H:%M:%S} UTC at the latest")
