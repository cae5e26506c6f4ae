"""What the ledger knows of one model, read once a run, and what a judged window changes in it, written in one transaction.

A window is judged outside of any transaction, on the view that was read: no other process waits while rows are counted. If the ledger says
something else by the time of writing (somebody acknowledged a ticket, or another run was faster) nothing is written and the window is decided anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.flows.monitoring.owed_events import events_of
from keepfit.flows.monitoring.runs import owe_run
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.ledger.stored import ready_to_write
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.ledger.view import LedgerView
from keepfit.records import Event, JudgedWindow, Pin, Ticket, Window
from keepfit.report.events.setting import EventSetting

if TYPE_CHECKING:
    from keepfit.update.judge import Before, WindowJudgement

ANNOUNCE, IMPROVE, SHOW = "announce", "improve", "show-window"


@dataclass(kw_only=True)
class Memory:
    """One model's part of the ledger under one champion; `retrains`: a ticket that asks to improve is owed its branch.

    `setting` is what the texts of events need to know, `now` the time of the run (None: each window's end).
    """

    ledger: Ledger
    pin: Pin
    view: LedgerView
    retrains: bool = False
    setting: EventSetting = field(default_factory=EventSetting)
    now: datetime | None = None

    @classmethod
    def of(cls, ledger: Ledger, pin: Pin, *, model: str, retrains: bool, setting: EventSetting | None = None, now: datetime | None = None) -> Memory:
        """Read what the ledger holds of the model now."""
        return cls(ledger=ledger, pin=pin, view=ledger.view(model), retrains=retrains, setting=setting or EventSetting(retrains=retrains), now=now)

    @property
    def windows(self) -> tuple[JudgedWindow, ...]:
        """The windows judged under the champion, in the order of time."""
        return self.view.windows(self.pin.digest)

    @property
    def past(self) -> Before:
        """What a window is judged on."""
        from keepfit.update.judge import Before

        return Before(windows=self.windows, state=self.view.state, under=self.view.under, tickets=self.view.tickets)

    def window(self, window: Window) -> JudgedWindow | None:
        """Return what was found in the window under the champion, None if it was not judged yet."""
        return self.view.window(self.pin.digest, window.id)

    def remember(self, judge: Callable[[Before], WindowJudgement | None]) -> WindowJudgement | None:
        """Judge on what the ledger says and write it down; None if there was nothing to judge (any more)."""
        while (judged := judge(self.past)) is not None:
            ready_to_write()
            events = events_of(judged, self.view, at=self.now, setting=self.setting)
            with self.ledger.transaction() as book:
                stands = self._stands(book, judged.record.window)
                if stands:
                    self._write(book, judged, events)
                self.view = self.view.again(book, judged.record.window)
            if stands:
                return judged
        return None

    def _stands(self, book: LedgerTransaction, window: Window) -> bool:
        """Whether the ledger still says what was judged on."""
        view = self.view
        known = book.state(view.model) == (view.state, view.under) and book.tickets(view.model) == view.tickets
        return known and book.window(view.model, self.pin.digest, window.id) == self.window(window)

    def _write(self, book: LedgerTransaction, judged: WindowJudgement, events: Iterable[Event]) -> None:
        record = judged.record
        for ticket in judged.closed:
            book.save_ticket(ticket)
        if judged.opened and judged.ticket is not None:
            save_new(book, judged.ticket, retrains=self.retrains)
        elif judged.grown and judged.ticket is not None:
            book.save_ticket(judged.ticket)
        for event in events:
            book.owe_event(event)
        if judged.taken is not None:
            book.record_step(judged.taken)
        write_window(book, record)
        book.save_state(record.model, record.champion, judged.step.state)
        owe_run(book, record)
        owe_line(book, record)

    def replace_window(self, record: JudgedWindow, *, told: bool) -> None:
        """Write a window's record anew without a step; `told`: its line is owed again."""
        with self.ledger.transaction() as book:
            book.rescore_window(record)
            if told:
                owe_line(book, record)
            self.view = self.view.again(book, record.window)

    def change(self, write: Callable[[LedgerTransaction, LedgerView], None]) -> None:
        """Write something else in one transaction, by what the ledger says in it."""
        with self.ledger.transaction() as book:
            write(book, self.view.again(book))
            self.view = self.view.again(book)

    def settle(self, effects: Iterable[Owed]) -> None:
        """Note that these effects are done."""
        done = tuple(effects)
        with self.ledger.transaction() as book:
            for effect in done:
                book.settle(effect.model, effect.key)
        self.view = replace(self.view, owed=tuple(one for one in self.view.owed if one not in done))

    def record_of_estimates(self, seen: JudgedWindow) -> tuple[int, int]:
        """How often an estimate held the truth up to this window, and of how many, under its champion."""
        until = [one for one in self.windows if one.window.order <= seen.window.order]
        held = [one.estimate.held for one in until if one.estimate is not None and one.estimate.held is not None]
        return sum(held), len(held)


def write_window(book: LedgerTransaction, record: JudgedWindow) -> None:
    """Write a window's record: the first, or in place of the one that is there."""
    if not book.record_window(record):
        book.rescore_window(record)


# -- tickets and lines that people are owed -------------------------------------------------------------------------------


def open_ticket(book: LedgerTransaction, ticket: Ticket, *, setting: EventSetting, instead_of: str = "") -> None:
    """Write a new ticket that no window's judgement has opened, and owe its event; `instead_of`: see `ticket_opened`."""
    from keepfit.report.events.ticket import ticket_opened

    save_new(book, ticket, retrains=False)
    book.owe_event(ticket_opened(ticket, setting=setting, instead_of=instead_of))


def save_new(book: LedgerTransaction, ticket: Ticket, *, retrains: bool) -> None:
    """Write a new ticket, which is owed an announcement and, where nobody has to ask for it, a branch."""
    book.save_ticket(ticket)
    book.owe(owed_of(ANNOUNCE, ticket))
    if retrains and ticket.action == "improve":
        book.owe(owed_of(IMPROVE, ticket))


def owed_of(verb: str, ticket: Ticket) -> Owed:
    """Return the effect that a verb owes to a ticket, once for each."""
    return Owed(model=ticket.model, key=f"{verb}:{ticket.model}:{ticket.id}", verb=verb, payload={"model": ticket.model, "ticket": ticket.id})


def owe_line(book: LedgerTransaction, seen: JudgedWindow) -> None:
    """Put the window's line into the outbox, in the transaction that remembers it: a window that was judged, or scored again, is shown once by itself."""
    key = f"{SHOW}:{seen.model}:{seen.champion}:{seen.window.id}:{seen.status}:{seen.arrivals}"
    payload = {"model": seen.model, "champion": seen.champion, "window": seen.window.id}
    book.owe(Owed(model=seen.model, key=key, verb=SHOW, payload=payload))


def unshown_windows(view: LedgerView, pin: Pin, *, among: Iterable[Window]) -> tuple[Owed, ...]:
    """Return what is owed of the lines of these windows; a run that was killed before it showed them leaves them to the next."""
    names = {window.id for window in among}
    return tuple(one for one in view.owes(SHOW) if one.payload["champion"] == pin.digest and one.payload["window"] in names)


@dataclass(frozen=True, kw_only=True)
class Untold:
    """Tickets to tell of: `tickets` nobody was told of yet, `waiting` inspections told before that still wait."""

    tickets: tuple[Ticket, ...]
    waiting: tuple[Ticket, ...]


def untold_tickets(view: LedgerView, pin: Pin) -> Untold:
    """Return the tickets that still have to be told, and the open inspections that were.

    A blocked window whose ticket somebody resolved without deciding on the window still waits, by that ticket.
    """
    new = {effect.payload["ticket"] for effect in view.owes(ANNOUNCE)}
    fresh = tuple(ticket for ticket in view.tickets if ticket.id in new)
    blocking = {seen.ticket for seen in view.windows(pin.digest) if seen.status == "blocked"}
    waits = {ticket.id for ticket in view.tickets if ticket.status == "open" or (ticket.status == "resolved" and ticket.id in blocking)}
    waiting = tuple(ticket for ticket in view.tickets if ticket.action == "inspect" and ticket.id in waits - new)
    return Untold(tickets=fresh, waiting=waiting)


def told_effects(view: LedgerView, tickets: Iterable[Ticket]) -> tuple[Owed, ...]:
    """Return the announcements that are owed of these tickets."""
    keys = {owed_of(ANNOUNCE, ticket).key for ticket in tickets}
    return tuple(one for one in view.owes(ANNOUNCE) if one.key in keys)
