"""What a judged window changes, written in one ledger transaction: its record, the policy's state, tickets, owed effects."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.flows.monitoring.window_runs import owe_run
from keepfit.flows.project import Project
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.monitor.measures import is_of_source
from keepfit.records import Decision, Evidence, EvidenceMemory, JudgedWindow, Pin, PolicyState, PolicyStep, Ticket, Window

if TYPE_CHECKING:
    from keepfit.flows.monitoring.window_judge import Finding
    from keepfit.monitor.compare import Drift
    from keepfit.update.policy import UpdatePolicy

ANNOUNCE, IMPROVE, SHOW = "announce", "improve", "show-window"
EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """A window as it was written down, and its comparison with the verdict of the rule over evidence."""

    seen: JudgedWindow
    drift: Drift | None


def weigh(memory: EvidenceMemory, finding: Finding) -> tuple[EvidenceMemory, tuple[Evidence, ...] | None, Finding]:
    """Let the rule over evidence take its next step: its memory, the drift it calls, and the finding with its evidence and verdict.

    A window that was not compared (blocked) is no step: the memory stays. Without a rule the policy goes by the evidence alone (None).
    """
    from keepfit.monitor.compare import as_called

    if finding.rule is None:
        return memory, None, finding
    if finding.profile is None or finding.drift is None:
        return memory, (), finding
    weighed = finding.rule.step(memory, finding.profile, finding.evidence, steps=finding.steps)
    called = as_called(finding.drift, {one.subject for one in weighed.loud}, rule=finding.rule.name)
    return weighed.memory, weighed.loud, replace(finding, evidence=(*finding.evidence, *weighed.evidence), drift=called)


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Folds findings into the policy and writes them down; `now` is the run's time."""

    project: Project
    pin: Pin
    ledger: Ledger
    now: datetime

    @property
    def model(self) -> str:
        """The model's name."""
        return self.project.params.model.name

    def remember(self, window: Window, finding: Finding) -> Remembered | None:
        """Write one window's finding and what follows from it, and return that; None if another run already did."""
        with self.ledger.transaction() as book:
            before = book.window(self.model, self.pin.digest, window.id)
            if before is not None and before.status == "seen":
                return None
            if before is not None and finding.status == "seen":
                self._decided(book, before, finding)
            state, decision, finding, step = self._fold(book, window, finding)
            ticket = self.ticket(book, window, decision=decision, finding=finding)
            if step is not None:
                book.record_step(replace(step, ticket=None if ticket is None else ticket.id))
            seen = self._seen(window, finding, decision=decision, ticket=ticket)
            book.record_window(seen)
            book.save_state(self.model, self.pin.digest, state)
            owe_run(book, seen)
            owe_line(book, seen)
        return Remembered(seen=seen, drift=finding.drift)

    def _seen(self, window: Window, finding: Finding, *, decision: Decision, ticket: Ticket | None) -> JudgedWindow:
        return JudgedWindow(
            model=self.model,
            champion=self.pin.digest,
            version=self.pin.version,
            window=window,
            status=finding.status,
            rows=finding.rows,
            labelled=finding.labelled,
            quarantined=finding.quarantined,
            metric=self.project.params.evaluate.metric,
            value=finding.value,
            low=finding.low,
            high=finding.high,
            evidence=finding.evidence,
            decision=decision,
            ticket=None if ticket is None else ticket.id,
            verdict=finding.verdict,
            arrivals=finding.arrivals,
            estimate=finding.estimate,
            notes=finding.notes,
            disagreeing=len(finding.disagreeing),
            disagreeing_rows=finding.disagreeing[:EXAMPLES],
        )

    def _fold(self, book: LedgerTransaction, window: Window, finding: Finding) -> tuple[PolicyState, Decision, Finding, PolicyStep | None]:
        """One step of the rule over evidence, then of the policy, and its record.

        A window without evidence (excluded, too few rows) changes no state and takes no step.
        """
        from keepfit.update.policy import step

        before = self.before(book)
        if finding.undecided and (told := _of_silence(book.tickets(self.model), finding)) is not None:
            return before, replace(told, window=window.id), finding, None
        if finding.undecided or finding.verdict == "exclude":
            return before, Decision(window=window.id, action="continue", ground=None, cause=None, target=None, reasons=finding.notes), finding, None
        memory, loud, finding = weigh(before.memory, finding)
        policy = self._policy
        now = window.end or self.now
        state, decision = step(policy, before, evidence=finding.evidence, window=window, now=now, loud=loud)
        taken = PolicyStep(
            model=self.model,
            champion=self.pin.digest,
            window=window,
            now=now,
            policy=policy.settings,
            state=replace(before, memory=EvidenceMemory()),  # the policy does not look at what the rule over evidence remembers
            evidence=finding.evidence,
            loud=loud,
            decision=decision,
        )
        return replace(state, memory=memory), decision, finding, taken

    @property
    def _policy(self) -> UpdatePolicy:
        from keepfit.update.policy import UpdatePolicy

        return UpdatePolicy.of(self.project.params.update, self.project.params.monitor)

    def before(self, book: LedgerTransaction) -> PolicyState:
        """Return the state that the step starts from, with what people have acknowledged by now."""
        from keepfit.update.policy import promoted

        state, under = book.state(self.model)
        if under != self.pin.digest:
            until = self.pin.evaluated_until or self.pin.trained_until
            state = promoted(state, data_until=None if under is None else until)
        acknowledged = {ticket.cause: ticket.until for ticket in book.tickets(self.model) if ticket.status == "acknowledged" and ticket.until is not None}
        return replace(state, acknowledged=acknowledged)

    def ticket(self, book: LedgerTransaction, window: Window, *, decision: Decision, finding: Finding) -> Ticket | None:
        """Return the ticket of the decision's cause: the one that stands, else a new one that is owed an announcement."""
        from keepfit.flows.monitoring.window_cause import CauseFinder
        from keepfit.update.tickets import standing, ticket_for

        if decision.ground is None:
            return None
        tickets = book.tickets(self.model)
        cause = CauseFinder(self.project.params.monitor, self._policy.margin(self.before(book), finding.evidence))
        root = cause.root(decision, finding)
        stands = standing(tickets, decision, now=self.now, root=root)
        if stands is not None:
            return stands
        root = cause.located(root, finding, [seen for seen in book.windows(self.model, self.pin.digest) if seen.window.id < window.id])
        made = ticket_for(decision, finding.evidence, model=self.model, champion=self.pin.version, window=window, opened=self.now, root=root)
        opened = unused(made, {ticket.id for ticket in tickets})
        for older in tickets:
            if older.cause == opened.cause and older.status != "resolved":
                book.save_ticket(_resolved(older, f"its acknowledgement ran out; the cause goes on in {opened.id}"))
        book.save_ticket(opened)
        book.owe(owed_of(ANNOUNCE, opened))
        if opened.action == "improve" and self.project.params.hooks.retrain == "auto":
            book.owe(owed_of(IMPROVE, opened))
        return opened

    def _decided(self, book: LedgerTransaction, before: JudgedWindow, finding: Finding) -> None:
        """Close the ticket that asked what to do with the window, unless another blocked window still asks by it."""
        ticket = None if before.ticket is None else book.ticket(self.model, before.ticket)
        others = (seen for seen in book.windows(self.model, self.pin.digest) if seen.status == "blocked" and seen.window.id != before.window.id)
        if ticket is not None and ticket.status != "resolved" and not any(seen.ticket == ticket.id for seen in others):
            came = f"rows of window {before.window.id} came after all" if finding.verdict is None else f"window {before.window.id} was decided on"
            book.save_ticket(_resolved(ticket, finding.notes[0] if finding.notes and finding.verdict is not None else came))


def owed_of(verb: str, ticket: Ticket) -> Owed:
    """Return the effect that a verb owes to a ticket, once for each."""
    return Owed(model=ticket.model, key=f"{verb}:{ticket.model}:{ticket.id}", verb=verb, payload={"model": ticket.model, "ticket": ticket.id})


def owe_line(book: LedgerTransaction, seen: JudgedWindow) -> None:
    """Put the window's line into the outbox, in the transaction that remembers it: a window that was judged, or scored again, is shown once by itself."""
    key = f"{SHOW}:{seen.model}:{seen.champion}:{seen.window.id}:{seen.status}:{seen.arrivals}"
    payload = {"model": seen.model, "champion": seen.champion, "window": seen.window.id}
    book.owe(Owed(model=seen.model, key=key, verb=SHOW, payload=payload))


def unshown_windows(book: LedgerTransaction, model: str, pin: Pin, *, among: Collection[str]) -> tuple[Owed, ...]:
    """Return what is owed of the lines of these windows; a run that was killed before it showed them leaves them to the next."""
    owed = book.owed(model, SHOW)
    return tuple(one for one in owed if one.payload["champion"] == pin.digest and one.payload["window"] in among)


@dataclass(frozen=True, kw_only=True)
class Untold:
    """Tickets to tell of: `tickets` nobody was told of yet, `waiting` inspections told before that still wait."""

    tickets: tuple[Ticket, ...]
    waiting: tuple[Ticket, ...]


def untold_tickets(book: LedgerTransaction, model: str, pin: Pin) -> Untold:
    """Return the tickets that still have to be told, and the open inspections that were.

    A blocked window whose ticket somebody resolved without deciding on the window still waits, by that ticket.
    """
    tickets = book.tickets(model)
    new = {effect.payload["ticket"] for effect in book.owed(model, ANNOUNCE)}
    fresh = tuple(ticket for ticket in tickets if ticket.id in new)
    blocking = {seen.ticket for seen in book.windows(model, pin.digest) if seen.status == "blocked"}
    waits = {ticket.id for ticket in tickets if ticket.status == "open" or (ticket.status == "resolved" and ticket.id in blocking)}
    waiting = tuple(ticket for ticket in tickets if ticket.action == "inspect" and ticket.id in waits - new)
    return Untold(tickets=fresh, waiting=waiting)


def settle_told(ledger: Ledger, tickets: Iterable[Ticket], lines: Iterable[Owed] = ()) -> None:
    """Note that people were told of these tickets, and shown these lines."""
    with ledger.transaction() as book:
        for ticket in tickets:
            book.settle(ticket.model, owed_of(ANNOUNCE, ticket).key)
        for line in lines:
            book.settle(line.model, line.key)


def close_answered(book: LedgerTransaction, model: str, pin: Pin) -> None:
    """Resolve the tickets that asked to replace a champion which is no longer it: the promotion was their answer."""
    for ticket in book.tickets(model):
        of_champion = ticket.action in ("improve", "rollback") or ticket.ground in ("drift", "harm")
        if of_champion and ticket.status != "resolved" and ticket.champion != pin.version:
            book.save_ticket(_resolved(ticket, f"version {pin.version} is the champion now"))


def _of_silence(tickets: Iterable[Ticket], finding: Finding) -> Decision | None:
    """What is decided on a window that stayed empty while the source was silent: what the ticket of the silence asks for, while it is not resolved."""
    cause = next((f"{one.kind}:{one.subject}" for one in finding.evidence if is_of_source(one) and one.effect), None)
    if not any(ticket.cause == cause and ticket.status != "resolved" for ticket in tickets):
        return None
    return Decision(window="", action="inspect", ground="quality", cause=cause, target=None, reasons=finding.notes)


def _resolved(ticket: Ticket, note: str) -> Ticket:
    return replace(ticket, status="resolved", until=None, note=note)


def unused(ticket: Ticket, taken: set[str]) -> Ticket:
    """Return the ticket with an id of its own: after a rollback a window may be judged, and asked about, a second time."""
    number, name = 1, ticket.id
    while name in taken:
        number += 1
        name = f"{ticket.id}-{number}"
    return replace(ticket, id=name, next=tuple(command.replace(ticket.id, name) for command in ticket.next))
