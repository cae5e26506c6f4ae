"""A window scored again because labels came for it after it was judged: what they say is folded into the policy, once.

The labels are one more step of the rule over evidence and of the policy, at the time of this run: what needs no label (drift of the
inputs and of the predictions) was folded in when the window was judged and is not told a second time. A ticket that the window
opened stays with people; labels that ask for more open one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keepfit.flows.monitoring.window_cause import CauseFinder
from keepfit.flows.monitoring.window_memory import EXAMPLES, Memory, Remembered, owe_line
from keepfit.flows.monitoring.window_runs import owe_run
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.records import Decision, Estimate, Evidence, EvidenceKind, EvidenceMemory, JudgedWindow, PolicyState, PolicyStep, Ticket

if TYPE_CHECKING:
    from keepfit.flows.monitoring.window_judge import Finding, News

FROM_LABELS: tuple[EvidenceKind, ...] = ("target", "performance", "scout", "regret")


@dataclass(frozen=True, kw_only=True)
class Rescored:
    """A window judged with all labels known by now; `news` is what is known through the labels that came."""

    finding: Finding
    news: News | None
    arrivals: int
    late_rows: int

    @property
    def unused(self) -> str:
        """Why the window cannot be scored with them; empty where it can."""
        if self.finding.undecided:
            return "too few rows"
        if self.finding.status != "blocked":
            return ""
        failed = [one for one in self.finding.evidence if one.effect]
        broken = "; ".join(f"{one.subject}: {one.detail}" for one in failed if one.kind == "schema")
        return broken or f"its expectations fail with them ({', '.join(one.subject for one in failed)})"


def rescore(memory: Memory, before: JudgedWindow, found: Rescored) -> Remembered | None:
    """Fold the labels in and write the window down; None if another run already did, or the window's expectations fail with them."""
    with memory.ledger.transaction() as book:
        stored = book.window(memory.model, before.champion, before.window.id)
        if stored is None or stored.arrivals >= found.arrivals:
            return None
        if found.unused:
            seen = _unused(stored, found)
            book.rescore_window(seen)
            owe_line(book, seen)
            return None
        step = _Step.take(memory, book, stored, found)
        seen = step.seen()
        book.record_step(replace(step.taken, ticket=None if step.ticket is None else step.ticket.id))
        book.rescore_window(seen)
        book.save_state(memory.model, before.champion, step.state)
        owe_run(book, seen)
        owe_line(book, seen)
    return Remembered(seen=seen, drift=step.finding.drift)


def _unused(stored: JudgedWindow, found: Rescored) -> JudgedWindow:
    """The window as it was judged, with why its late labels say nothing."""
    notes = (*stored.notes, f"labels that came late are not used: {found.unused}")
    return _counted(replace(stored, arrivals=found.arrivals, notes=notes), late_rows=found.late_rows, disagreeing=found.finding.disagreeing)


def count_again(memory: Memory, before: JudgedWindow, *, late_rows: int, disagreeing: Sequence[str]) -> JudgedWindow | None:
    """Write down how many rows came after the window was closed and how many have labels that disagree; the window if that is news, else None."""
    if (late_rows, len(disagreeing), tuple(disagreeing[:EXAMPLES])) == (before.late_rows, before.disagreeing, before.disagreeing_rows):
        return None
    with memory.ledger.transaction() as book:
        stored = book.window(memory.model, before.champion, before.window.id)
        if stored is None:
            return None
        seen = _counted(stored, late_rows=late_rows, disagreeing=disagreeing)
        book.rescore_window(seen)
    return seen


def _counted(seen: JudgedWindow, *, late_rows: int, disagreeing: Sequence[str]) -> JudgedWindow:
    return replace(seen, late_rows=late_rows, disagreeing=len(disagreeing), disagreeing_rows=tuple(disagreeing[:EXAMPLES]))


@dataclass(frozen=True, kw_only=True)
class _Step:
    """One step of the fold on what labels say, and what follows from it."""

    stored: JudgedWindow
    found: Rescored
    finding: Finding
    state: PolicyState
    taken: PolicyStep
    ticket: Ticket | None

    @classmethod
    def take(cls, memory: Memory, book: LedgerTransaction, stored: JudgedWindow, found: Rescored) -> _Step:
        from keepfit.monitor.compare import as_called
        from keepfit.update.policy import UpdatePolicy, step

        params, before = memory.project.params, memory.before(book)
        said = tuple(one for one in found.finding.evidence if one.kind in FROM_LABELS)
        remembered, loud, over_time = _weigh(before.memory, found, said)
        policy = UpdatePolicy.of(params.update, params.monitor)
        after, decision = step(policy, before, evidence=said, window=stored.window, now=memory.now, loud=loud)
        # a window is counted once, and what needs no label still drifts or not as it did
        state = replace(after, windows=before.windows, drifting=before.drifting, memory=remembered)
        evidence = (*(one for one in stored.evidence if one.kind not in FROM_LABELS), *said, *over_time)
        drifts = CauseFinder(params.monitor).loud(evidence)
        drift = found.finding.drift
        finding = replace(
            found.finding,
            evidence=evidence,
            drift=None if drift is None or found.finding.rule is None else as_called(drift, {one.subject for one in drifts}, rule=found.finding.rule.name),
        )
        taken = PolicyStep(
            model=memory.model,
            champion=stored.champion,
            window=stored.window,
            now=memory.now,
            policy=policy.settings,
            state=replace(before, memory=EvidenceMemory()),
            evidence=said,
            loud=loud,
            decision=decision,
        )
        ticket = memory.ticket(book, stored.window, decision=decision, finding=finding)
        return cls(stored=stored, found=found, finding=finding, state=state, taken=taken, ticket=ticket)

    def seen(self) -> JudgedWindow:
        """The window's new record: its first decision stands unless the labels ask for something."""
        decision: Decision = self.taken.decision
        asks = decision.ground is not None or self.stored.decision.ground is None
        return replace(
            _counted(self.stored, late_rows=self.found.late_rows, disagreeing=self.finding.disagreeing),
            labelled=self.finding.labelled,
            quarantined=self.finding.quarantined,
            value=self.finding.value,
            low=self.finding.low,
            high=self.finding.high,
            evidence=self.finding.evidence,
            decision=_with_reasons(self.stored.decision, decision) if asks else self.stored.decision,
            ticket=self.stored.ticket if self.ticket is None else self.ticket.id,
            arrivals=self.found.arrivals,
            estimate=_held(self.stored.estimate, self.finding.estimate),
            notes=self.finding.notes,
        )


def _held(said: Estimate | None, again: Estimate | None) -> Estimate | None:
    """The estimate as it was made before the labels, with the truth and whether it holds; one that was not made then is not made now."""
    if said is None or again is None or said.status == "not estimated":
        return said
    return replace(said, truth=again.truth, labelled=again.labelled, held=again.held)


def _with_reasons(first: Decision, again: Decision) -> Decision:
    """The decision on the labels, with what was said of the window before where neither asks for anything."""
    return again if again.ground is not None else replace(again, reasons=tuple(dict.fromkeys((*first.reasons, *again.reasons))))


def _weigh(memory: EvidenceMemory, found: Rescored, said: tuple[Evidence, ...]) -> tuple[EvidenceMemory, tuple[Evidence, ...], tuple[Evidence, ...]]:
    """The rule's step on what the labels say: its memory, the drift it calls, its evidence. A stream that still calibrates learns only of errors."""
    rule, news = found.finding.rule, found.news
    if rule is None or news is None or not news.profile.columns:
        return memory, (), ()
    weighed = rule.step(memory, news.profile, said, steps=news.steps)
    learned = weighed.memory
    kept = replace(
        memory,
        rule=learned.rule,
        reference=learned.reference,
        worth=learned.worth,
        recent=learned.recent,
        labelled=learned.labelled,
        incidents=learned.incidents,
    )
    if learned.calibrating != memory.calibrating:
        return kept, (), tuple(one for one in weighed.evidence if one.kind == "performance")
    return kept, weighed.loud, weighed.evidence
