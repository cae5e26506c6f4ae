"""The way of one window: gathered, judged, remembered. What it needs is loaded once a run, and only if there is a window to judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.monitoring.gather import Gatherer, rows_trained_on
from keepfit.flows.monitoring.memory import Memory
from keepfit.flows.monitoring.runs import write_page
from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import WindowStore
from keepfit.records import Pin, Window

if TYPE_CHECKING:
    from keepfit.tables.window_decisions import WindowDecision
    from keepfit.update.found import Found
    from keepfit.update.gathered import Gathered
    from keepfit.update.judge import Before, Judge, WindowJudgement


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Closes windows of one champion; tickets are opened `now`."""

    project: Project
    pin: Pin
    memory: Memory
    store: WindowStore
    now: datetime
    say: Callable[[str], None] = field(default=lambda _: None)

    def look(self, window: Window, decided: WindowDecision | None) -> tuple[Gathered, Found]:
        """Gather a window, given what a person decided on it, and find what there is to find."""
        from keepfit.update.find import Finder

        gathered = self.gatherer.gather(window, decided, self.memory.view)
        champion = self.gatherer.served.champion if gathered.sound is not None else None
        finder = Finder(params=self.project.params, pin=self.pin)
        return gathered, finder.find(champion, gathered, self.memory.past.earlier(window))

    def close(self, gathered: Gathered, found: Found) -> WindowJudgement | None:
        """Judge what was found and write it down; None if another run was faster."""
        return self.kept(self.memory.remember(lambda past: self.with_ticket(self.judge.decide(found, past), gathered, past)))

    def with_ticket(self, judged: WindowJudgement | None, gathered: Gathered, past: Before) -> WindowJudgement | None:
        """Open the ticket that a judgement calls for, with where the change lies: for that the rows of the training are read."""
        if judged is None or not judged.calls:
            return judged
        champion = self.gatherer.served.champion if gathered.asked is not None else None
        before = rows_trained_on(self.project, self.pin) if gathered.asked is not None else None
        return self.judge.with_ticket(judged, past, champion=champion, asked=gathered.asked, before=before)

    def kept(self, judged: WindowJudgement | None) -> WindowJudgement | None:
        """Write the page of a window that was written down."""
        if judged is not None:
            record = judged.record
            write_page(self.project, record, judged.step.found.drift, memory=self.memory)
        return judged

    @cached_property
    def gatherer(self) -> Gatherer:
        """What reads windows."""
        return Gatherer(project=self.project, pin=self.pin, store=self.store, say=self.say)

    @cached_property
    def judge(self) -> Judge:
        """What judges them."""
        from keepfit.update.judge import Judge

        return Judge(params=self.project.params, pin=self.pin, now=self.now)
