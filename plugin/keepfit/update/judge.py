"""A window is judged: from what was found in it, and what the ledger knew before it, to all that is to be remembered.

The policy takes its step, and the ticket that it asks for is found or opened. Everything here is values: the same values give the same judgement,
so whoever finds that the ledger has moved on meanwhile judges again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pyarrow as pa

from keepfit.monitor.champion import Champion
from keepfit.monitor.measures import is_over_time
from keepfit.params import Params
from keepfit.records import EvidenceMemory, GrownConfusion, JudgedWindow, Pin, PolicyState, PolicyStep, RootCause, Ticket, Window
from keepfit.update.cause import CauseFinder, where_moved
from keepfit.update.confusions import confusions_of, sentence
from keepfit.update.fold import Step, no_step, take
from keepfit.update.found import Found
from keepfit.update.found_slices import found_slices
from keepfit.update.gathered import ModelAnswers
from keepfit.update.growth import SeenAgain, grown
from keepfit.update.policy import UpdatePolicy, promoted
from keepfit.update.tickets import EVIDENCE_KEPT, resolved, severity_of, standing, ticket_for, with_own_id


@dataclass(frozen=True, kw_only=True)
class Before:
    """What the ledger knew when a window was judged.

    `windows` are those judged under the champion in the order of time, `state` is the policy's, `under` the champion (digest) that it was written
    under; `tickets` are all of the model's.
    """

    windows: tuple[JudgedWindow, ...] = ()
    state: PolicyState = field(default_factory=PolicyState)
    under: str | None = None
    tickets: tuple[Ticket, ...] = ()

    def earlier(self, window: Window) -> tuple[JudgedWindow, ...]:
        """Return the windows that lie before this one."""
        return tuple(one for one in self.windows if one.window.order < window.order)

    def with_tickets(self, changed: Sequence[Ticket]) -> Before:
        """Return it with these tickets as they are now."""
        return replace(self, tickets=tuple({one.id: one for one in (*self.tickets, *changed)}.values()))

    def of(self, window: Window) -> JudgedWindow | None:
        """Return what was found in the window before, None if it was not judged yet."""
        return next((one for one in self.windows if one.window.id == window.id), None)


@dataclass(frozen=True, kw_only=True)
class WindowJudgement:
    """All that is to be remembered of a window: the record that is `kept`, its step, and who is called.

    `root` is the root cause of what was decided, `ticket` the one that stands or was `opened` for it (`grown`: it explains more than was reported of it);
    `closed` are tickets that end with it.
    """

    kept: JudgedWindow
    step: Step
    root: RootCause | None = None
    ticket: Ticket | None = None
    opened: bool = False
    grown: bool = False
    closed: tuple[Ticket, ...] = ()

    @property
    def record(self) -> JudgedWindow:
        """The window as it is kept."""
        return self.kept if self.ticket is None else replace(self.kept, ticket=self.ticket.id)

    @property
    def taken(self) -> PolicyStep | None:
        """The step as it is kept; None where none was taken."""
        return None if self.step.taken is None else replace(self.step.taken, ticket=None if self.ticket is None else self.ticket.id)

    @property
    def calls(self) -> bool:
        """Whether a ticket has to be opened: for a cause that nothing stands for yet."""
        return self.root is not None and self.ticket is None


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Judges windows of one champion; `now` is the run's time, when tickets are opened."""

    params: Params
    pin: Pin
    now: datetime

    @property
    def policy(self) -> UpdatePolicy:
        """The update policy with the thresholds of params."""
        return UpdatePolicy.of(self.params.update, self.params.monitor, window=self.params.data.window)

    @property
    def causes(self) -> CauseFinder:
        """What finds root causes with the thresholds of params."""
        return CauseFinder(self.params.monitor)

    def state(self, past: Before) -> PolicyState:
        """Return the state that a step starts from, with what people have acknowledged by now."""
        state = past.state
        if past.under != self.pin.digest:
            until = self.pin.evaluated_until or self.pin.trained_until
            # a champion that was judged before has come back
            state = promoted(state, data_until=None if past.under is None else until, rolled_back=past.under is not None and bool(past.windows))
        acknowledged = {ticket.cause: ticket.until for ticket in past.tickets if ticket.status == "acknowledged" and ticket.until is not None}
        return replace(state, acknowledged=acknowledged)

    def decide(self, found: Found, past: Before) -> WindowJudgement | None:
        """Take the step on what was found: one of the rule over evidence, then of the policy; None for a window that was judged before."""
        earlier, before = past.of(found.window), self.state(past)
        if earlier is not None and earlier.status == "seen":
            return None
        now = found.window.end or self.now
        answered = _answered(found, past)
        past = past.with_tickets(answered)
        step = no_step(before, found, past.tickets) or take(self.policy, before, found, now=now)
        step = replace(step, found=self.with_confusions(step.found, before.memory))
        return replace(self.called(step, past), closed=answered)

    def with_confusions(self, found: Found, memory: EvidenceMemory) -> Found:
        """Return the window with a note on each class that is taken for another more than before, while its errors stand as changed."""
        if not any(one.since and one.kind == "performance" and is_over_time(one) for one in found.evidence):
            return found
        return found.having(notes=(*found.judged.notes, *map(sentence, self._confused(found, memory))))

    def _confused(self, found: Found, memory: EvidenceMemory) -> tuple[GrownConfusion, ...]:
        return confusions_of(memory.labelled, found.profile, self.params.model.class_names) if self.params.model.many else ()

    def called(self, step: Step, past: Before) -> WindowJudgement:
        """Return the judgement with the root cause of what was decided, and the ticket that stands for it."""
        if step.decision.ground is None:
            return WindowJudgement(kept=step.found.judged, step=step)
        root = self.causes.root(step.decision, step.found.evidence)
        stands = standing(past.tickets, step.decision, now=self.now, root=root)
        ticket = None if stands is None else self._grown(stands, step, root)
        return WindowJudgement(kept=step.found.judged, step=step, root=root, ticket=ticket, grown=ticket != stands)

    def _grown(self, ticket: Ticket, step: Step, root: RootCause) -> Ticket:
        """The ticket that stands, with what is new of its cause."""
        evidence, window = step.found.evidence, step.found.window.id
        seen = SeenAgain(window=window, evidence=evidence, loud=self.causes.loud(evidence), root=root, severity=severity_of(step.decision, root))
        return grown(ticket, seen, loud=self.causes.loud(ticket.evidence), full=len(ticket.evidence) >= EVIDENCE_KEPT)

    # -- who is called --------------------------------------------------------------------------------------------------

    def with_ticket(
        self, judged: WindowJudgement, past: Before, *, champion: Champion | None, asked: ModelAnswers | None, before: pa.Table | None
    ) -> WindowJudgement:
        """Open the ticket of a judgement that calls for one: with where the change lies, and since when.

        `before` are rows that the champion was trained on: without them no slice is compared with its own past.
        """
        if judged.root is None or judged.ticket is not None:
            return judged
        found, step, tickets = judged.step.found, judged.step, past.with_tickets(judged.closed).tickets
        slices = () if champion is None or asked is None else found_slices(champion, asked.rows, asked.answer.values, before)
        before_it = self.state(past)
        margin = self.policy.margin(before_it, found.evidence)
        confused = self._confused(found, before_it.memory)
        rows = champion.read(asked.rows).table if champion is not None and asked is not None else None
        where = where_moved(judged.root, found.drift, champion, rows)
        root = self.causes.located(judged.root, where, slices, earlier=past.earlier(found.window), margin=margin, confusions=confused)
        version = self.pin.version
        made = ticket_for(step.decision, found.evidence, model=self.params.model.name, champion=version, window=found.window, opened=self.now, root=root)
        told = found.judged.provisional if found.judged.value is not None else ""
        made = replace(made, reasons=(*made.reasons, told)) if told else made
        opened = with_own_id(made, {ticket.id for ticket in tickets})
        older = [one for one in tickets if one.cause == opened.cause and one.status != "resolved"]
        closed = tuple(resolved(one, f"its acknowledgement ran out; the cause goes on in {opened.id}") for one in older)
        return replace(judged, root=root, ticket=opened, opened=True, closed=(*judged.closed, *closed))


def _answered(found: Found, past: Before) -> tuple[Ticket, ...]:
    """The ticket that asked what to do with the window, closed as it is judged now, unless another blocked window still asks by it."""
    before, judged = past.of(found.window), found.judged
    if before is None or before.ticket is None or judged.status != "seen":
        return ()
    ticket = next((one for one in past.tickets if one.id == before.ticket), None)
    asks = any(one.ticket == before.ticket for one in past.windows if one.status == "blocked" and one.window.id != before.window.id)
    if ticket is None or ticket.status == "resolved" or asks:
        return ()
    came = f"rows of window {found.window.id} came after all" if judged.verdict is None else f"window {found.window.id} was decided on"
    return (resolved(ticket, judged.notes[0] if judged.notes and judged.verdict is not None else came),)
