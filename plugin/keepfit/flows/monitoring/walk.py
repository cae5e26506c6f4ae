"""The walk over the closed windows of one champion: what is due is gathered, judged and remembered, one window after the other.

Windows that were judged are looked at again first (`second_look.py`); the way of a window is in `closing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.monitoring.closing import Closing
from keepfit.flows.monitoring.failures import Failures
from keepfit.flows.monitoring.memory import Memory
from keepfit.flows.monitoring.monitored import SHOWN
from keepfit.flows.monitoring.second_look import SecondLook
from keepfit.flows.monitoring.silences import is_silent, tells_silence
from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import WindowStore
from keepfit.monitor.measures import is_over_time
from keepfit.records import Evidence, JudgedWindow, Pin, Window
from keepfit.report.monitoring import disagreement

if TYPE_CHECKING:
    from keepfit.tables.odd_files import OddFile
    from keepfit.tables.window_decisions import WindowDecision
    from keepfit.update.found import Found
    from keepfit.update.gathered import Gathered
    from keepfit.update.judge import WindowJudgement

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
        again = SecondLook(closing=self.closing, failures=self.failures, say=self.say)
        for seen in known.values():
            again.look(seen, self.verdicts.get(seen.window.id))
        due = [window for window in self._closed() if self._is_due(known.get(window.id), window)]
        fresh = undecidable = 0
        for number, window in enumerate(due, start=1):
            self.say(f"window {window.id} ({number} of {len(due)})")
            judged = self._close(window)
            if judged is not None:
                fresh, undecidable = fresh + 1, undecidable + (judged.step.found.undecided or calibrates(judged.record.evidence))
        self._say_some(self.untimed if fresh else (), "files with rows that have no time")
        self._say_some(self.remarks if fresh else (), "remarks on the source")
        return fresh, undecidable

    # -- a window that closed -------------------------------------------------------------------------------------------

    def _closed(self) -> tuple[Window, ...]:
        """The closed windows, and the first after them if its rows are overdue."""
        awaited = self.closing.gatherer.silences.awaited()
        if awaited is None and self.store.awaited is not None:
            self.say(f"window {self.store.awaited.id} is over and has no rows yet; it is judged when they come")
        return (*self.store.windows, *(() if awaited is None else (awaited,)))

    def _is_due(self, seen: JudgedWindow | None, window: Window) -> bool:
        """Whether a window is new, or blocked and decided on by now, or silent and has more rows by now."""
        more = seen is not None and is_silent(seen) and self.store.came(window) > seen.rows
        return more or is_due(seen, self.verdicts.get(window.id))

    def _close(self, window: Window) -> WindowJudgement | None:
        """Gather, judge, remember; None for a window that could not be judged, or that another run was faster with."""
        found = self._find(window)
        if found is None:
            return None
        if disagreeing := found[0].disagreeing:
            self.say(f"window {window.id}: {disagreement(len(disagreeing), disagreeing)}")
        return self.closing.close(*found)

    def _find(self, window: Window) -> tuple[Gathered, Found] | None:
        """Look at a window; one that cannot be judged (None), or ends in silence, is not closed yet: its rows can still be mended, or come."""
        kept, found = self.store.file(window), None
        try:
            with self.failures.border(window.id, loaded=self.closing.gatherer.has_champion):
                found = self.closing.look(window, self.verdicts.get(window.id))
        finally:
            if kept is None and (found is None or tells_silence(found[1].evidence)):
                self.store.forget(window)
        return found

    # -- what there is to say -------------------------------------------------------------------------------------------

    @property
    def odd(self) -> tuple[str, ...]:
        """A sentence on each file that could not be taken in, and on the windows that stay open for it."""
        return tuple(dict.fromkeys(f"{one.sentence}; it was left out{self._open_for(one)}" for one in self.store.odd))

    @property
    def untimed(self) -> tuple[str, ...]:
        """A sentence on each file that has rows without a time."""
        return tuple(dict.fromkeys(self.store.untimed))

    @property
    def remarks(self) -> tuple[str, ...]:
        """A sentence on each feature that only some files have, and on each feature table."""
        return tuple(dict.fromkeys(self.store.remarks))

    def _say_some(self, sentences: Sequence[str], what: str) -> None:
        for sentence in sentences[:SHOWN]:
            self.say(sentence)
        if len(sentences) > SHOWN:
            self.say(f"and {len(sentences) - SHOWN} more {what}: keepfit monitor --json")

    def _open_for(self, odd: OddFile) -> str:
        waiting = [window.id for window in self.store.waiting_for(odd)]
        if not waiting:
            return ""
        more = f" and {len(waiting) - SHOWN} more" if len(waiting) > SHOWN else ""
        return f", and {', '.join(waiting[:SHOWN])}{more} stay{'s' if len(waiting) == 1 else ''} open until it can be read"

    # -- what is made once ----------------------------------------------------------------------------------------------

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
    def closing(self) -> Closing:
        """What closes a window."""
        return Closing(project=self.project, pin=self.pin, memory=self.memory, store=self.store, now=self.until, say=self.say)


def is_due(seen: JudgedWindow | None, verdict: WindowDecision | None) -> bool:
    """Whether a window is new, or blocked and decided on by now."""
    return seen is None or (seen.status == "blocked" and verdict is not None)


def calibrates(evidence: Sequence[Evidence]) -> bool:
    """Whether the rule over evidence only learned from this window: it watches columns, and none has an e-value yet."""
    told = [one.e_value for one in evidence if is_over_time(one) and one.kind != "performance"]
    return bool(told) and all(e_value is None for e_value in told)
