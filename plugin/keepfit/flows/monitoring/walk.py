"""The walk over the closed windows of one champion: what is due is gathered, judged and remembered, one window after the other.

Windows that were judged are looked at again first: labels that came for them since are folded in once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.monitoring.gather import Gatherer, rows_trained_on
from keepfit.flows.monitoring.memory import Memory
from keepfit.flows.monitoring.monitored import SHOWN
from keepfit.flows.monitoring.silences import is_silent, tells_silence
from keepfit.flows.monitoring.window_failures import Failures
from keepfit.flows.monitoring.window_runs import write_page
from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import WindowStore
from keepfit.monitor.measures import is_over_time
from keepfit.records import Evidence, JudgedWindow, Pin, Window
from keepfit.report.monitoring import disagreement
from keepfit.tables.window_decisions import is_excluded
from keepfit.update.found import counted_again

if TYPE_CHECKING:
    from keepfit.tables.odd_files import OddFile
    from keepfit.tables.window_decisions import WindowDecision
    from keepfit.update.found import Found
    from keepfit.update.gathered import Gathered
    from keepfit.update.judge import Before, Judge, Judged
    from keepfit.update.late import News, Rescored

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One run over the closed windows of one champion."""

    project: Project
    pin: Pin
    memory: Memory
    until: datetime
    say: Say
    failures: Failures = field(default_factory=Failures)

    def run(self) -> tuple[int, int]:
        """Judge what is due; return how many windows were, and how many of them could not be judged."""
        known = {seen.window.id: seen for seen in self.memory.windows}
        for seen in known.values():
            self._look_again(seen)
        due = [window for window in self._closed() if self._is_due(known.get(window.id), window)]
        fresh = undecidable = 0
        for number, window in enumerate(due, start=1):
            self.say(f"window {window.id} ({number} of {len(due)})")
            judged = self._close(window)
            if judged is not None:
                fresh, undecidable = fresh + 1, undecidable + (judged.step.found.undecided or calibrates(judged.record.evidence))
        self._say_untimed(self.untimed if fresh else ())
        return fresh, undecidable

    # -- a window that closed -------------------------------------------------------------------------------------------

    def _closed(self) -> tuple[Window, ...]:
        """The closed windows, and the first after them if its rows are overdue."""
        awaited = self.gatherer.silences.awaited()
        if awaited is None and self.store.awaited is not None:
            self.say(f"window {self.store.awaited.id} is over and has no rows yet; it is judged when they come")
        return (*self.store.windows, *(() if awaited is None else (awaited,)))

    def _is_due(self, seen: JudgedWindow | None, window: Window) -> bool:
        """Whether a window is new, or blocked and decided on by now, or silent and has more rows by now."""
        more = seen is not None and is_silent(seen) and self.store.came(window) > seen.rows
        return more or is_due(seen, self.verdicts.get(window.id))

    def _close(self, window: Window) -> Judged | None:
        """Gather, judge, remember; None for a window that could not be judged, or that another run was faster with."""
        found = self._find(window)
        if found is None:
            return None
        judged = self.memory.remember(lambda past: self._decide(*found, past))
        if disagreeing := found[0].disagreeing:
            self.say(f"window {window.id}: {disagreement(len(disagreeing), disagreeing)}")
        if judged is not None:
            self._show(judged)
        return judged

    def _find(self, window: Window) -> tuple[Gathered, Found] | None:
        """Look at a window; one that cannot be judged (None), or ends in silence, is not closed yet: its rows can still be mended, or come."""
        kept, found = self.store.file(window), None
        try:
            with self.failures.border(window.id, loaded=self._has_champion):
                found = self._look(window)
        finally:
            if kept is None and (found is None or tells_silence(found[1].evidence)):
                self.store.forget(window)
        return found

    def _look(self, window: Window) -> tuple[Gathered, Found]:
        from keepfit.update.find import Finder

        gathered = self.gatherer.gather(window, self.verdicts.get(window.id), self.memory.view)
        champion = self.gatherer.served.champion if gathered.sound is not None else None
        finder = Finder(params=self.project.params, pin=self.pin)
        return gathered, finder.find(champion, gathered, self.memory.past.earlier(window))

    def _decide(self, gathered: Gathered, found: Found, past: Before) -> Judged | None:
        return self._with_ticket(self.judge.decide(found, past), gathered, past)

    def _with_ticket(self, judged: Judged | None, gathered: Gathered, past: Before) -> Judged | None:
        if judged is None or not judged.calls:
            return judged
        champion = self.gatherer.served.champion if gathered.asked is not None else None
        before = rows_trained_on(self.project, self.pin) if gathered.asked is not None else None
        return self.judge.with_ticket(judged, past, champion=champion, asked=gathered.asked, before=before)

    def _show(self, judged: Judged) -> None:
        record = judged.record
        write_page(self.project, record, judged.step.found.drift, scored=self.memory.record_of_estimates(record))

    # -- a window that was judged ---------------------------------------------------------------------------------------

    def _look_again(self, seen: JudgedWindow) -> None:
        """Score a judged window again if labels have come for it since, and count the rows that have."""
        came = self.store.collect(seen.window) if seen.labelled < seen.rows else 0
        if not seen.sound or is_excluded(seen.window.id, self.verdicts):
            return
        late, arrivals = self.store.late_rows(seen.window, judged=seen.rows), self.store.late.arrivals(seen.window.id)
        odd = self.store.disagreeing(seen.window)
        if arrivals > seen.arrivals:
            unused = self._score_again(seen, arrivals=arrivals, late_rows=late)
            if seen.window.id not in self.failures.found:
                self.say(f"window {seen.window.id}: {came:,} labels came late, {f'they are not used: {unused}' if unused else 'it was scored again'}")
        else:
            self._count_again(seen, late_rows=late, disagreeing=odd)
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
        from keepfit.update.late import Rescored, not_used

        gathered, found = self._look(seen.window)
        rescored = Rescored(found=found, news=self._news(gathered, after=seen.arrivals), arrivals=arrivals, late_rows=late_rows)
        if rescored.unused:
            self.memory.replace_window(not_used(seen, rescored), told=True)
        elif (judged := self.memory.remember(lambda past: self._decide_again(gathered, rescored, past))) is not None:
            self._show(judged)
        return rescored.unused

    def _news(self, gathered: Gathered, *, after: int) -> News | None:
        """What the labels tell that came after an arrival."""
        from keepfit.tables.columns import id_column
        from keepfit.update.late import News

        if gathered.asked is None:
            return None
        came = self.store.late.since(gathered.window.id, after)
        return News.of(self.gatherer.served.champion, gathered.asked, came, key=id_column(self.project.params), window=gathered.window)

    def _decide_again(self, gathered: Gathered, rescored: Rescored, past: Before) -> Judged | None:
        from keepfit.update.late import judge_again

        stored = past.of(rescored.found.window)
        if stored is None or stored.arrivals >= rescored.arrivals:
            return None
        return self._with_ticket(judge_again(self.judge, stored, rescored, past), gathered, past)

    def _count_again(self, seen: JudgedWindow, *, late_rows: int, disagreeing: Sequence[str]) -> None:
        """Note how many rows came after the window was closed, and how many have labels that disagree by now."""
        counted = counted_again(seen, late_rows=late_rows, disagreeing=disagreeing)
        if counted == seen:
            return
        self.memory.replace_window(counted, told=False)
        if counted.disagreeing != seen.disagreeing:
            write_page(self.project, counted, None, scored=self.memory.record_of_estimates(counted))

    # -- what there is to say -------------------------------------------------------------------------------------------

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

    # -- what is made once ----------------------------------------------------------------------------------------------

    def _has_champion(self) -> bool:
        return self.gatherer.is_loaded

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
        return max((one.window.end for one in self.memory.view.windows(newer.digest) if one.window.end is not None), default=None)

    @cached_property
    def verdicts(self) -> Mapping[str, WindowDecision]:
        """What people decided on windows (expectations/windows.yaml)."""
        from keepfit.flows.rows.windows import window_decisions

        return window_decisions(self.project)

    @cached_property
    def gatherer(self) -> Gatherer:
        """What reads windows; the champion and its tools are loaded only if there is a window to judge."""
        return Gatherer(project=self.project, pin=self.pin, store=self.store)

    @cached_property
    def judge(self) -> Judge:
        """What judges them."""
        from keepfit.update.judge import Judge

        return Judge(params=self.project.params, pin=self.pin, now=self.until)


def is_due(seen: JudgedWindow | None, verdict: WindowDecision | None) -> bool:
    """Whether a window is new, or blocked and decided on by now."""
    return seen is None or (seen.status == "blocked" and verdict is not None)


def calibrates(evidence: Sequence[Evidence]) -> bool:
    """Whether the rule over evidence only learned from this window: it watches columns, and none has an e-value yet."""
    told = [one.e_value for one in evidence if is_over_time(one) and one.kind != "performance"]
    return bool(told) and all(e_value is None for e_value in told)
