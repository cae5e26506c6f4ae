"""The table of deliveries: one row an event and a subscriber, made in the transaction that settles the event in the outbox.

A lease is taken in one transaction, the hook is called outside of any, and what became of it is written in another, if the row still is as it was leased:
a worker whose lease ended, and whose message another one took over, changes nothing but for saying that it was taken after all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from keepfit.integrations.ledger.rows import LedgerRows
from keepfit.integrations.ledger.schema import DELIVERIES, OUTBOX
from keepfit.records import Delivery, DeliveryStatus, Event

OPEN: tuple[DeliveryStatus, ...] = ("waiting", "leased")
HERE = DELIVERIES.c


class DeliveryRows(LedgerRows):
    """Events on their way to subscribers."""

    def fan_out(self, event: Event, dues: Mapping[str, datetime], *, last_attempt: int, now: datetime) -> None:
        """Make an event's deliveries, from when on each is due by its subscriber's name, and settle it in the outbox; twice is once.

        What waits for its hour of the same subject goes first, so it is due as early: what wakes somebody is not held up by what would not have.
        """
        connection = self._of(event.model)
        there = set(connection.execute(select(HERE.subscriber).where(HERE.event == event.key)).scalars())
        about = {"model": event.model, "event": event.key, "subject": event.subject, "status": "waiting", "attempts": 0, "last_attempt": last_attempt}
        rows = [{**about, "subscriber": name, "due": due, "made": now} for name, due in dues.items() if name not in there]
        for row in rows:
            same = (HERE.model == event.model, HERE.subscriber == row["subscriber"], HERE.subject == event.subject)
            untried = (HERE.status == "waiting", HERE.attempts == 0, HERE.due > row["due"])
            connection.execute(update(DELIVERIES).where(*same, *untried).values(due=row["due"]))
            connection.execute(insert(DELIVERIES).values(**row))
        connection.execute(update(OUTBOX).where(OUTBOX.c.model == event.model, OUTBOX.c.key == event.key).values(done=1))

    def deliveries(self, model: str, *statuses: DeliveryStatus) -> tuple[Delivery, ...]:
        """Return a model's deliveries in the order in which they were made; of these statuses only, where any are named."""
        query = select(DELIVERIES).where(HERE.model == model).order_by(HERE.number)
        query = query.where(HERE.status.in_(statuses)) if statuses else query
        return tuple(Delivery(**row) for row in self._of(model).execute(query).mappings())

    def lease(self, which: Iterable[Delivery], *, message: str, owner: str, until: datetime) -> tuple[Delivery, ...]:
        """Begin an attempt of the deliveries that go in one message; they were read in this transaction. Return them as they are now."""
        found = tuple(which)
        for one in found:
            values = {"status": "leased", "attempts": one.attempts + 1, "lease": until, "owner": owner, "message": message}
            self._of(one.model).execute(update(DELIVERIES).where(HERE.number == one.number).values(values))
        return tuple(self._again(one) for one in found)

    def taken(self, which: Iterable[Delivery], *, outcome: str, now: datetime) -> None:
        """The receiver has the message: delivered, also if the lease had ended by then."""
        for one in which:
            values = {"status": "delivered", "lease": None, "error": None, "outcome": outcome, "settled": now}
            self._of(one.model).execute(update(DELIVERIES).where(HERE.number == one.number, HERE.status.in_((*OPEN, "dead"))).values(values))

    def put_back(self, which: Iterable[Delivery], *, error: str, due: datetime) -> None:
        """The attempt failed: due again later, unless another worker took it over."""
        self._if_leased(which, status="waiting", lease=None, error=error, due=due)

    def give_up(self, which: Iterable[Delivery], *, error: str, now: datetime) -> None:
        """The attempt failed and was the last one, unless another worker took it over."""
        self._if_leased(which, status="dead", lease=None, error=error, settled=now)

    def drop(self, which: Iterable[Delivery], *, outcome: str, now: datetime) -> None:
        """It is not delivered: nobody is there to hear of it, or a person said so."""
        for one in which:
            values = {"status": "dropped", "lease": None, "outcome": outcome, "settled": now}
            self._of(one.model).execute(update(DELIVERIES).where(HERE.number == one.number).values(values))

    def revive(self, which: Iterable[Delivery], *, due: datetime, attempts: int) -> None:
        """Let it be tried again, so many times more."""
        for one in which:
            values = {"status": "waiting", "lease": None, "due": due, "last_attempt": one.attempts + attempts, "outcome": None, "settled": None}
            self._of(one.model).execute(update(DELIVERIES).where(HERE.number == one.number).values(values))

    def _if_leased(self, which: Iterable[Delivery], **values: Any) -> None:
        for one in which:
            ours = (HERE.number == one.number, HERE.status == "leased", HERE.attempts == one.attempts)
            self._of(one.model).execute(update(DELIVERIES).where(*ours).values(values))

    def _again(self, one: Delivery) -> Delivery:
        return Delivery(**self._of(one.model).execute(select(DELIVERIES).where(HERE.number == one.number)).mappings().one())
