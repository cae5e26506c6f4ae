"""From an event in the outbox to one delivery for each subscriber who hears of it, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from keepfit.errors import KeepfitError
from keepfit.flows.deliver.backoff import ATTEMPTS
from keepfit.flows.deliver.quiet import due
from keepfit.flows.deliver.subscribed import subscribed
from keepfit.flows.effects import effect
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.outbox import EVENT
from keepfit.params.hooks import SubscriberParams
from keepfit.records import Event, from_data


def fan_out(ledger: Ledger, model: str, subscribers: Mapping[str, SubscriberParams], *, now: datetime, say: Callable[[str], None]) -> None:
    """Make the deliveries of a model's undone events and settle these, in one transaction; an event that nobody hears of is settled, too.

    One that cannot be read here (a newer keepfit wrote it) is left as it is.
    """
    with ledger.reading() as book:
        if not book.owed(model, EVENT):
            return
    unread: list[str] = []
    with ledger.transaction() as book:
        for owed in book.owed(model, EVENT):
            try:
                event = from_data(Event, owed.payload)
            except KeepfitError as bad:
                unread.append(f"{owed.key}: {bad.what}")
                continue
            dues = {name: due(subscribers[name], event, now=now) for name in subscribed(subscribers, event)}
            book.fan_out(event, dues, last_attempt=ATTEMPTS, now=now)
    effect("hooks", "fanned")
    if unread:
        say(f"{len(unread)} events cannot be read by this keepfit and are left for a newer one: {unread[0]}")
