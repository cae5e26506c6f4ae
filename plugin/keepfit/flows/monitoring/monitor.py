"""`keepfit monitor`: walk the closed windows after the champion's data, judge each once, fold the policy, open tickets.

What a window changes (its record, the policy's state, tickets, owed effects) is one ledger transaction: a run that is killed
goes on where it stopped, and a second run at the same time waits and then finds the work done. The policy's `now` is the end
of the window, so that a run that catches up decides as one that came every month; `until` closes windows and dates tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.errors import ProjectError
from keepfit.flows.monitoring.late_scoring import Rescored, count_again, rescore
from keepfit.flows.monitoring.monitored import SHOWN, Monitored
from keepfit.flows.monitoring.unmatched_ticket import tell_unmatched, unmatched_sentence
from keepfit.flows.monitoring.window_failures import Failures
from keepfit.flows.monitoring.window_memory import Memory, Untold, close_answered, settle_told, unshown_windows, untold_tickets
from keepfit.flows.monitoring.window_requests import hear_requests
from keepfit.flows.monitoring.window_runs import log_owed_runs, record_of_estimates, write_page
from keepfit.flows.monitoring.window_silence import is_silent
from keepfit.flows.project import Project
from keepfit.flows.rows.unmatched_labels import Unmatched, find_unmatched
from keepfit.flows.rows.window_store import WindowStore
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.run_lock import one_at_a_time
from keepfit.monitor.measures import is_of_source, is_over_time
from keepfit.records import Evidence, JudgedWindow, Pin, Window
from keepfit.report.monitoring import disagreement

if TYPE_CHECKING:
    from keepfit.flows.monitoring.window_judge import Finding, WindowJudge
    from keepfit.flows.retraining.improve import Improved
    from keepfit.flows.rows.windows import Verdict
    from keepfit.tables.odd_files import OddFile

PATIENCE_SECONDS = 900
Say = Callable[[str], None]


def monitor(project: Project, *, until: datetime, say: Say) -> Monitored:
    """Judge what closed by `until` (in the table's clock) and return what there is to tell; `say` gets progress, a line each.

    Raises `ProjectError` without a champion, `DataError` for a live source that cannot be read, `LedgerError` if another run
    does not end. A server that is away is told and changes nothing else.
    """
    pin = project.baseline.champion
    if pin is None:
        raise ProjectError("there is no champion to watch yet", where="baseline.json", fix="dvc repro, promote the version, then keepfit sync")

    model = project.params.model.name

    def waiting() -> None:
        say("another keepfit monitor runs here; waiting for it to end")

    with ledger_of(project) as ledger, one_at_a_time(project.ledger_uri, "monitor", model, patience=PATIENCE_SECONDS, waiting=waiting):
        walk = Walk(project=project, pin=pin, ledger=ledger, until=until, say=say)
        fresh, undecidable = walk.run()
        unmatched = walk.look_for_unmatched()
        hear_requests(project, pin, ledger, now=until, say=say)
        log_owed_runs(project, ledger, say=say)
        told = replace(_gather(walk, fresh=fresh, undecidable=undecidable), unmatched=unmatched, failed=walk.failures.errors)
        told = replace(told, odd=walk.odd, untimed=walk.untimed)
        told = replace(told, news=_show(walk, told))
    return _answered(told, _retrain(project, say=say))


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One run over the closed windows of one champion."""

    project: Project
    pin: Pin
    ledger: Ledger
    until: datetime
    say: Say
    failures: Failures = field(default_factory=Failures)

    def run(self) -> tuple[int, int]:
        """Judge what is due; return how many windows were, and how many of them could not be judged."""
        model = self.project.params.model.name
        with self.ledger.transaction() as book:
            close_answered(book, model, self.pin)
            known = {seen.window.id: seen for seen in book.windows(model, self.pin.digest)}
        for seen in known.values():
            self._look_again(seen)
        due = [window for window in self._closed() if self._is_due(known.get(window.id), window)]
        fresh = undecidable = 0
        for number, window in enumerate(due, start=1):
            self.say(f"window {window.id} ({number} of {len(due)})")
            finding = self._find(window)
            if finding is None:
                continue
            kept = self.memory.remember(window, finding)
            if finding.disagreeing:
                self.say(f"window {window.id}: {disagreement(len(finding.disagreeing), finding.disagreeing)}")
            if kept is not None:
                write_page(self.project, kept.seen, kept.drift, scored=record_of_estimates(self.ledger, kept.seen))
                fresh, undecidable = fresh + 1, undecidable + (finding.undecided or calibrates(kept.seen.evidence))
        self._say_untimed(self.untimed if fresh else ())
        return fresh, undecidable

    def _closed(self) -> tuple[Window, ...]:
        """The closed windows, and the first after them if its rows are overdue."""
        awaited = self.judge.silences.awaited()
        if awaited is None and self.store.awaited is not None:
            self.say(f"window {self.store.awaited.id} is over and has no rows yet; it is judged when they come")
        return (*self.store.windows, *(() if awaited is None else (awaited,)))

    def _is_due(self, seen: JudgedWindow | None, window: Window) -> bool:
        """Whether a window is new, or blocked and decided on by now, or silent and has more rows by now."""
        more = seen is not None and is_silent(seen) and self.store.came(window) > seen.rows
        return more or is_due(seen, self.verdicts.get(window.id))

    @property
    def odd(self) -> tuple[str, ...]:
        """A sentence on each file that could not be taken in, and on the windows that stay open for it."""
        return tuple(dict.fromkeys(f"{one.sentence}; it was left out{self._open_for(one)}" for one in self.store.odd))

    @property
    def untimed(self) -> tuple[str, ...]:
        """A sentence on each file that has rows without a time."""
        return tuple(dict.fromkeys(self.store.untimed))

    def _say_untimed(self, sentences: Sequence[str]) -> None:
        for sentence in sentences[:SHOWN]:
            self.say(sentence)
        if len(sentences) > SHOWN:
            self.say(f"and {len(sentences) - SHOWN} more files with rows that have no time: keepfit monitor --json")

    def _open_for(self, odd: OddFile) -> str:
        waiting = [window.id for window in self.store.waiting_for(odd)]
        if not waiting:
            return ""
        more = f" and {len(waiting) - SHOWN} more" if len(waiting) > SHOWN else ""
        return f", and {', '.join(waiting[:SHOWN])}{more} stay{'s' if len(waiting) == 1 else ''} open until it can be read"

    def _look_again(self, seen: JudgedWindow) -> None:
        """Score a judged window again if labels have come for it since, and count the rows that have."""
        verdict = self.verdicts.get(seen.window.id)
        came = self.store.collect(seen.window) if seen.labelled < seen.rows else 0
        if seen.status != "seen" or seen.verdict == "exclude" or (verdict is not None and verdict.verdict == "exclude"):
            return
        late, arrivals = self.store.late_rows(seen.window, judged=seen.rows), self.store.late.arrivals(seen.window.id)
        odd = self.store.disagreeing(seen.window)
        if arrivals > seen.arrivals:
            unused = self._score_again(seen, arrivals=arrivals, late_rows=late)
            if seen.window.id not in self.failures.found:
                self.say(f"window {seen.window.id}: {came:,} labels came late, {f'they are not used: {unused}' if unused else 'it was scored again'}")
        elif (counted := count_again(self.memory, seen, late_rows=late, disagreeing=odd)) is not None and counted.disagreeing != seen.disagreeing:
            write_page(self.project, counted, None, scored=record_of_estimates(self.ledger, counted))
        if late > seen.late_rows:
            self.say(f"window {seen.window.id}: {late:,} rows came after it was closed; they are judged nowhere")
        if len(odd) > seen.disagreeing:
            self.say(f"window {seen.window.id}: {disagreement(len(odd), odd)}")

    def _score_again(self, seen: JudgedWindow, *, arrivals: int, late_rows: int) -> str:
        with self.failures.border(seen.window.id, loaded=self._has_champion):
            return self._fold_labels(seen, arrivals=arrivals, late_rows=late_rows)
        return ""

    def _fold_labels(self, seen: JudgedWindow, *, arrivals: int, late_rows: int) -> str:
        """Score a window with the labels that came; return why they cannot be used, empty where they can."""
        finding = self.judge.find(seen.window, self.verdicts.get(seen.window.id))
        news = None if finding.undecided else self.judge.news(seen.window, after=seen.arrivals, aside=finding.quarantined)
        found = Rescored(finding=finding, news=news, arrivals=arrivals, late_rows=late_rows)
        kept = rescore(self.memory, seen, found)
        if kept is not None:
            write_page(self.project, kept.seen, kept.drift, scored=record_of_estimates(self.ledger, kept.seen))
        return found.unused

    def look_for_unmatched(self) -> Unmatched:
        """Say which labels match no row, and have a ticket for them; nothing is looked for before a window was judged."""
        with self.ledger.reading() as book:
            seen = book.windows(self.project.params.model.name, self.pin.digest)
        if not seen:
            return Unmatched()
        found = find_unmatched(self.store, [one.window for one in seen if one.labelled < one.rows])
        with self.ledger.transaction() as book:
            tell_unmatched(book, self.project, self.pin, found, window=seen[-1].window, now=self.until)
        if found.count:
            self.say(unmatched_sentence(found))
        return found

    def _find(self, window: Window) -> Finding | None:
        """Judge a window; one that cannot be judged (None), or ends in silence, is not closed yet: its rows can still be mended, or come."""
        kept, finding = self.store.file(window), None
        try:
            with self.failures.border(window.id, loaded=self._has_champion):
                finding = self.judge.find(window, self.verdicts.get(window.id))
        finally:
            if kept is None and (finding is None or any(is_of_source(one) and one.effect for one in finding.evidence)):
                self.store.forget(window)
        return finding

    def _has_champion(self) -> bool:
        return "champion" in vars(self.judge)

    @cached_property
    def store(self) -> WindowStore:
        """The windows after all rows that trained or judged the champion; after a rollback also after all that was decided before it."""
        known = [self.pin.trained_until, self.pin.evaluated_until, self._decided_until()]
        return WindowStore(self.project, since=max((time for time in known if time is not None), default=None), until=self.until)

    def _decided_until(self) -> datetime | None:
        """The end of the last window judged under a newer model that was rolled back: what it decided is history."""
        newer = self.project.baseline.previous
        if newer is None or newer.trained_until is None or self.pin.trained_until is None or newer.trained_until <= self.pin.trained_until:
            return None
        with self.ledger.reading() as book:
            seen = book.windows(self.project.params.model.name, newer.digest)
        return max((one.window.end for one in seen if one.window.end is not None), default=None)

    @cached_property
    def memory(self) -> Memory:
        """What writes a judged window down."""
        return Memory(project=self.project, pin=self.pin, ledger=self.ledger, now=self.until)

    @cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        """What people decided on windows (expectations/windows.yaml)."""
        from keepfit.flows.rows.windows import window_decisions

        return window_decisions(self.project)

    @cached_property
    def judge(self) -> WindowJudge:
        """The judge of windows: made, and its tools imported, only if there is a window to judge."""
        from keepfit.flows.monitoring.window_judge import WindowJudge

        return WindowJudge(project=self.project, pin=self.pin, store=self.store, ledger=self.ledger)


def is_due(seen: JudgedWindow | None, verdict: Verdict | None) -> bool:
    """Whether a window is new, or blocked and decided on by now."""
    return seen is None or (seen.status == "blocked" and verdict is not None)


def calibrates(evidence: Sequence[Evidence]) -> bool:
    """Whether the rule over evidence only learned from this window: it watches columns, and none has an e-value yet."""
    told = [one.e_value for one in evidence if is_over_time(one) and one.kind != "performance"]
    return bool(told) and all(e_value is None for e_value in told)


def _gather(walk: Walk, *, fresh: int, undecidable: int) -> Monitored:
    """What the ledger knows now; tickets that a killed run opened and told nobody of are among the untold."""
    model = walk.project.params.model.name
    with walk.ledger.reading() as book:
        windows = tuple(seen for seen in book.windows(model, walk.pin.digest) if seen.window.end is None or seen.window.end <= walk.until)
        untold: Untold = untold_tickets(book, model, walk.pin)
    return Monitored(windows=windows, tickets=untold.tickets, waiting=untold.waiting, fresh=fresh, undecidable=undecidable)


def _show(walk: Walk, told: Monitored) -> frozenset[str]:
    """Return the windows that are shown for the first time, and note that they and the tickets were."""
    with walk.ledger.reading() as book:
        lines = unshown_windows(book, walk.project.params.model.name, walk.pin, among={seen.window.id for seen in told.windows})
    settle_told(walk.ledger, told.tickets, lines)
    return frozenset(line.payload["window"] for line in lines)


def _retrain(project: Project, *, say: Say) -> tuple[Improved, ...]:
    """With hooks.retrain auto: open the branch of each improve ticket that is owed one."""
    if project.params.hooks.retrain != "auto":
        return ()
    from keepfit.flows.monitoring.window_hooks import retrain_owed

    return retrain_owed(project, say=say)


def _answered(told: Monitored, made: Sequence[Improved]) -> Monitored:
    """The tickets as they stand once branches were opened for some: what comes next for these is the review."""
    by_ticket = {one.ticket: one for one in made}
    pairs = [(ticket, by_ticket.get(ticket.id)) for ticket in told.tickets]
    return replace(told, tickets=tuple(ticket if one is None else replace(ticket, branch=one.branch, next=one.next) for ticket, one in pairs))
