"""One step of the fold: the rule over evidence, then the policy. Live monitoring takes the last step of the very fold that a backtest takes over history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from keepfit.monitor.compare import as_called
from keepfit.monitor.measures import is_of_source
from keepfit.records import Decision, Evidence, EvidenceMemory, PolicyState, PolicyStep, Ticket
from keepfit.update.found import Found, carry_on
from keepfit.update.policy import UpdatePolicy, step


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a step leaves: the state after it, and the window with its decision and the verdict of the rule over evidence.

    `taken` is the step's own record; None where there was nothing to take a step on.
    """

    state: PolicyState
    found: Found
    taken: PolicyStep | None = None

    @property
    def decision(self) -> Decision:
        """What was decided on the window."""
        return self.found.judged.decision


def take(policy: UpdatePolicy, before: PolicyState, found: Found, *, now: datetime) -> Step:
    """Take the step on a window at the time `now`."""
    memory, loud, found = weigh(before.memory, found)
    state, decision = step(policy, before, evidence=found.evidence, window=found.window, now=now, loud=loud)
    taken = recorded(policy, before, found, decision, loud=loud, now=now)
    return Step(state=replace(state, memory=memory), found=found.having(decision=decision), taken=taken)


def weigh(memory: EvidenceMemory, found: Found) -> tuple[EvidenceMemory, tuple[Evidence, ...] | None, Found]:
    """Let the rule over evidence take its next step: its memory, the drift it calls, and the window with its evidence and verdict.

    A window that was not compared (blocked) is no step: the memory stays. Without a rule the policy goes by the evidence alone (None).
    """
    if found.rule is None:
        return memory, None, found
    if found.profile is None:
        return memory, (), found
    weighed = found.rule.step(memory, found.profile, found.evidence, steps=found.steps)
    called = None if found.drift is None else as_called(found.drift, {one.subject for one in weighed.loud}, rule=found.rule.name)
    return weighed.memory, weighed.loud, replace(found.having(evidence=(*found.evidence, *weighed.evidence)), drift=called)


def recorded(policy: UpdatePolicy, before: PolicyState, found: Found, decision: Decision, *, loud: tuple[Evidence, ...] | None, now: datetime) -> PolicyStep:
    """Return the record of a step: all that went in. The policy does not look at what the rule over evidence remembers."""
    judged = found.judged
    return PolicyStep(
        model=judged.model,
        champion=judged.champion,
        window=judged.window,
        now=now,
        policy=policy.settings,
        state=replace(before, memory=EvidenceMemory()),
        evidence=found.evidence,
        loud=loud,
        decision=decision,
    )


def no_step(before: PolicyState, found: Found, tickets: Iterable[Ticket]) -> Step | None:
    """Return what a window without evidence (excluded, too few rows) leaves: no state changes and no step is taken; None for any other window.

    One that stayed empty while the source was silent still asks for what the ticket of the silence asks for, while that is not resolved.
    """
    if not found.undecided and not found.judged.excluded:
        return None
    decision = _of_silence(found, tickets) if found.undecided else None
    return Step(state=before, found=found.having(decision=decision or carry_on(found.window, found.judged.notes)))


def _of_silence(found: Found, tickets: Iterable[Ticket]) -> Decision | None:
    cause = next((f"{one.kind}:{one.subject}" for one in found.evidence if is_of_source(one) and one.effect), None)
    if not any(ticket.cause == cause and ticket.status != "resolved" for ticket in tickets):
        return None
    return Decision(window=found.window.id, action="inspect", ground="quality", cause=cause, target=None, reasons=found.judged.notes)
