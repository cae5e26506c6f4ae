"""The worker: events become deliveries, and what is due is delivered: at least once, in effect once, and in the order of each subject.

A delivery is leased in one transaction, its hook called outside of any, and what became of it written in another. A worker that is killed in between
leaves a lease that ends, on the same machine at once; the next worker tries again with the same key. Times are UTC without a zone: the time of the call
plus what has passed since, whatever the machine's clock is set to meanwhile.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from keepfit.errors import KeepfitError
from keepfit.flows.deliver.attempt import as_hook_error, attempt, seconds_of, surroundings
from keepfit.flows.deliver.backoff import wait
from keepfit.flows.deliver.delivered import Delivered
from keepfit.flows.deliver.fan_out import fan_out
from keepfit.flows.deliver.in_delivery import InDelivery, ended_workers, key_of, this_worker
from keepfit.flows.deliver.member import hook_of
from keepfit.flows.deliver.next_message import is_ready, next_due, next_message
from keepfit.flows.effects import effect
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.hooks import Hook, HookError
from keepfit.integrations.ledger.deliveries import OPEN
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.params.hooks import SubscriberParams
from keepfit.records import Delivery, Event

MARGIN_SECONDS = 60
AWAY_AFTER = 2
"""After so many failures in a row a receiver is away, and is called no more in this run."""
Say = Callable[[str], None]


def run_hooks(project: Project, *, now: datetime, say: Say, models: Sequence[str] = ()) -> Delivered:
    """Deliver what is due now (UTC) of these models of the ledger, by default of the project's own; `say` gets a line for what was not taken.

    Who hears of it is what the project's params say. Several workers may run at once. Raises `LedgerError`; what a hook does is never raised.
    """
    began, done = time.monotonic(), Delivered()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    with ledger_of(project) as ledger:
        for model in models or (project.params.model.name,):
            done += _Round(project=project, ledger=ledger, model=model, clock=clock, say=say).run()
    return done


@dataclass(kw_only=True)
class _Round:
    """One model's messages in one run."""

    project: Project
    ledger: Ledger
    model: str
    clock: Callable[[], datetime]
    say: Say
    hooks: dict[str, Hook | HookError] = field(default_factory=dict)
    in_a_row: Counter[str] = field(default_factory=Counter)
    done: Delivered = field(default_factory=Delivered)

    @property
    def subscribers(self) -> Mapping[str, SubscriberParams]:
        return self.project.params.hooks.subscribers

    def run(self) -> Delivered:
        fan_out(self.ledger, self.model, self.subscribers, now=self.clock(), say=self.say)
        self._drop_unknown()
        while (going := self._lease()) is not None:
            self._deliver(going)
        left = self._open()
        return replace(self.done, open=len(left), next_due=next_due(left))

    # -- before a call ------------------------------------------------------------------------------------------------------

    def _open(self) -> tuple[Delivery, ...]:
        with self.ledger.reading() as book:
            return book.deliveries(self.model, *OPEN)

    def _drop_unknown(self) -> None:
        """Drop what is for somebody who is no subscriber any more."""
        if not any(row.subscriber not in self.subscribers for row in self._open()):
            return
        with self.ledger.transaction() as book:
            rows, now = book.deliveries(self.model, *OPEN), self.clock()
            ended = ended_workers(rows)
            gone = [row for row in rows if row.subscriber not in self.subscribers and (row.lease is None or is_ready(row, now, ended=ended))]
            book.drop(gone, outcome="params.yaml names no such subscriber any more", now=now)
        for name, count in Counter(row.subscriber for row in gone).items():
            self._note(f"{name}: params.yaml names no such subscriber any more; {count} of its messages were dropped", dropped=count)

    def _next(self, rows: Sequence[Delivery]) -> tuple[Delivery, ...]:
        digests = {name for name, its in self.subscribers.items() if its.digest is not None}
        away = {name for name, count in self.in_a_row.items() if count >= AWAY_AFTER}
        unknown = {row.subscriber for row in rows} - self.subscribers.keys()
        return next_message(rows, now=self.clock(), digests=digests, without=away | unknown, ended=ended_workers(rows))

    def _lease(self) -> InDelivery | None:
        """Take the next message; None if nothing may go now. A look that finds nothing makes no other process wait."""
        while found := self._next(self._open()):
            self._hook(found[0].subscriber)  # loaded before the transaction
            with self.ledger.transaction() as book:
                rows = self._next(book.deliveries(self.model, *OPEN))
                going = self._taken_up(book, rows) if rows else None
            if going is not None:
                effect("hooks", "leased")
                return going
        return None

    def _taken_up(self, book: LedgerTransaction, rows: tuple[Delivery, ...]) -> InDelivery | None:
        """Lease these, or give them up where workers ended in the midst of every attempt or an event cannot be read."""
        events = [_event(book, row) for row in rows]
        spent = any(row.attempts >= row.last_attempt for row in rows)
        until = self.clock() + timedelta(seconds=MARGIN_SECONDS + seconds_of(self._hook(rows[0].subscriber)))
        leased = book.lease(rows, message=key_of(rows), owner=this_worker(), until=until)
        known = tuple(event for event in events if event is not None)
        if not spent and len(known) == len(rows):
            return InDelivery(rows=leased, events=known)
        error = f"the worker ended in the midst of attempt {rows[0].attempts}, the last one" if spent else "its event cannot be read"
        book.give_up(leased, error=error, now=self.clock())
        self._note(f"{rows[0].subscriber}: {error}; given up: keepfit hooks list shows it", dead=len(leased))
        return None

    def _hook(self, name: str) -> Hook | HookError:
        if name not in self.hooks:
            try:
                self.hooks[name] = hook_of(name, self.subscribers[name])
            except Exception as bad:  # noqa: BLE001 - whatever a package raises where it is imported, it is about this subscriber
                self.hooks[name] = as_hook_error(bad)
        return self.hooks[name]

    # -- the call, and after it ---------------------------------------------------------------------------------------------

    def _deliver(self, going: InDelivery) -> None:
        try:
            said = self._call(going)
        except KeyboardInterrupt:
            with self.ledger.transaction() as book:
                book.put_back(going.rows, error="interrupted", due=self.clock())
            raise
        effect("hooks", "called")
        if isinstance(said, HookError):
            self._not_taken(going, said)
        else:
            with self.ledger.transaction() as book:
                book.taken(going.rows, outcome=said, now=self.clock())
            self.in_a_row[going.subscriber] = 0
            self.done = replace(self.done, taken=self.done.taken + len(going.rows))
        effect("hooks", "settled")

    def _call(self, going: InDelivery) -> str | HookError:
        hook = self._hook(going.subscriber)
        if isinstance(hook, HookError):
            return hook
        try:
            return attempt(hook, going.message(), around=surroundings(self.project, now=self.clock()))
        except HookError as bad:
            return bad
        except Exception as bad:  # noqa: BLE001 - a message that cannot be composed keeps no other from being sent
            return as_hook_error(bad)

    def _not_taken(self, going: InDelivery, bad: HookError) -> None:
        now, last, error = self.clock(), not bad.again or going.is_last, " ".join(str(bad).split())
        due = now + wait(going.attempt, key=going.key, asked=bad.after)
        with self.ledger.transaction() as book:
            if last:
                book.give_up(going.rows, error=error, now=now)
            else:
                book.put_back(going.rows, error=error, due=due)
        self.in_a_row[going.subscriber] += int(bad.again)
        then = "given up: keepfit hooks list shows it" if last else f"attempt {going.attempt}, the next one from {due:%Y-%m-%d %H:%M} UTC on"
        self._note(f"{going.subscriber}: {bad.what}; {then}", failed=1, dead=len(going.rows) if last else 0)

    def _note(self, line: str, *, failed: int = 0, dead: int = 0, dropped: int = 0) -> None:
        self.say(line)
        so_far, troubles = self.done, (*self.done.troubles, line)
        self.done = replace(so_far, failed=so_far.failed + failed, dead=so_far.dead + dead, dropped=so_far.dropped + dropped, troubles=troubles)


def _event(book: LedgerTransaction, row: Delivery) -> Event | None:
    try:
        return book.event(row.model, row.event)
    except KeepfitError:
        return None
