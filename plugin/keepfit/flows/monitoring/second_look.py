"""Windows that were judged, looked at again: labels that came for them since are folded in once, and rows that came late are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.flows.monitoring.closing import Closing
from keepfit.flows.monitoring.failures import Failures
from keepfit.flows.monitoring.runs import write_page
from keepfit.records import JudgedWindow
from keepfit.report.monitoring import disagreement
from keepfit.update.found import counted_again

if TYPE_CHECKING:
    from keepfit.tables.window_decisions import WindowDecision
    from keepfit.update.gathered import Gathered
    from keepfit.update.judge import Before, WindowJudgement
    from keepfit.update.late import News, Rescored


@dataclass(frozen=True, kw_only=True)
class SecondLook:
    """Looks again at windows of one champion."""

    closing: Closing
    failures: Failures
    say: Callable[[str], None]

    def look(self, seen: JudgedWindow, decided: WindowDecision | None) -> None:
        """Score a judged window again if labels have come for it since, and count the rows that have."""
        came = self.closing.store.collect(seen.window) if seen.labelled < seen.rows else 0
        came += self.closing.store.note_people(seen.window)
        if not seen.sound or (decided is not None and decided.excludes):
            return
        late, arrivals = self.closing.store.late_rows(seen.window, judged=seen.rows), self.closing.store.late.arrivals(seen.window.id)
        odd = self.closing.store.disagreeing(seen.window)
        if arrivals > seen.arrivals:
            unused = self._score_again(seen, decided, arrivals=arrivals, late_rows=late)
            if seen.window.id not in self.failures.found:
                self.say(f"window {seen.window.id}: {came:,} labels came late, {f'they are not used: {unused}' if unused else 'it was scored again'}")
        else:
            self._count_again(seen, late_rows=late, disagreeing=odd)
        if late > seen.late_rows:
            self.say(f"window {seen.window.id}: {late:,} rows came after it was closed; they are judged nowhere")
        if len(odd) > seen.disagreeing:
            self.say(f"window {seen.window.id}: {disagreement(len(odd), odd)}")

    def _score_again(self, seen: JudgedWindow, decided: WindowDecision | None, *, arrivals: int, late_rows: int) -> str:
        with self.failures.border(seen.window.id, loaded=self.closing.gatherer.has_champion):
            return self._fold_labels(seen, decided, arrivals=arrivals, late_rows=late_rows)
        return ""

    def _fold_labels(self, seen: JudgedWindow, decided: WindowDecision | None, *, arrivals: int, late_rows: int) -> str:
        """Score a window with the labels that came; return why they cannot be used, empty where they can."""
        from keepfit.update.late import Rescored, not_used

        gathered, found = self.closing.look(seen.window, decided)
        rescored = Rescored(found=found, news=self._news(gathered, after=seen.arrivals), arrivals=arrivals, late_rows=late_rows)
        if rescored.unused:
            self.closing.memory.replace_window(not_used(seen, rescored), told=True)
        else:
            self.closing.kept(self.closing.memory.remember(lambda past: self._decide(gathered, rescored, past)))
        return rescored.unused

    def _news(self, gathered: Gathered, *, after: int) -> News | None:
        """What the labels tell that came after an arrival."""
        from keepfit.tables.columns import id_column
        from keepfit.update.late import News

        if gathered.asked is None:
            return None
        came = self.closing.store.late.since(gathered.window.id, after)
        return News.of(self.closing.gatherer.served.champion, gathered.asked, came, key=id_column(self.closing.project.params), window=gathered.window)

    def _decide(self, gathered: Gathered, rescored: Rescored, past: Before) -> WindowJudgement | None:
        from keepfit.update.late import judge_again

        stored = past.of(rescored.found.window)
        if stored is None or stored.arrivals >= rescored.arrivals:
            return None
        return self.closing.with_ticket(judge_again(self.closing.judge, stored, rescored, past), gathered, past)

    def _count_again(self, seen: JudgedWindow, *, late_rows: int, disagreeing: Sequence[str]) -> None:
        """Note how many rows came after the window was closed, and how many have labels that disagree by now."""
        awaited = self.closing.store.labels_to_come(seen.window) if seen.to_come else None
        counted = counted_again(seen, late_rows=late_rows, disagreeing=disagreeing, awaited=awaited)
        if counted == seen:
            return
        self.closing.memory.replace_window(counted, told=False)
        if (counted.disagreeing, counted.to_come) != (seen.disagreeing, seen.to_come):
            write_page(self.closing.project, counted, None, memory=self.closing.memory)
