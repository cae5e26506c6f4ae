"""`keepfit fleet monitor`: every project of a fleet is looked at once, each in a process of its own, all from one interpreter that is warm.

A look is `keepfit monitor` of that project: the same lock, the same transactions of its ledger, the same records. One that raises, crashes, hangs
or exits is an error of that project alone. What a look has to tell is printed before it is noted as told, as `monitor` does; a run that is killed goes
on where it stopped, because each project's own run does.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from keepfit.errors import KeepfitError, unforeseen
from keepfit.flows.fleet.look import FleetLook, look_of
from keepfit.flows.fleet.projects import FleetProject
from keepfit.flows.project import Project
from keepfit.integrations.programs.task import HandOver
from keepfit.integrations.programs.tasks import TaskEnd, Tasks
from keepfit.records import canonical, from_json

DEADLINE_SECONDS = 1_800.0


@dataclass(frozen=True, kw_only=True)
class FleetRun:
    """Looks at projects: windows that end by `until` of each, at most `jobs` at a time, each for at most `deadline` seconds.

    `hear` gets what a project says meanwhile, a line each; `tell` what it found, before that is noted as told.
    """

    until: Callable[[Project], datetime]
    jobs: int
    hear: Callable[[str, str], None]
    tell: Callable[[FleetLook], None]
    deadline: float = DEADLINE_SECONDS
    _told: dict[str, FleetLook] = field(default_factory=dict)

    def looks(self, projects: Sequence[FleetProject]) -> Iterator[FleetLook]:
        """Yield one look a project, in the order they end; first those whose params cannot be read."""
        for each in projects:
            if each.project is None:
                yield self._lost(each, each.error or "it has no params", each.fix or "")
        whole = {str(each.root): each for each in projects if each.project is not None}
        if not whole:
            return
        from keepfit.flows.fleet.warm import warm

        warm(each.project for each in whole.values() if each.project is not None)
        tasks = Tasks(
            work=lambda root, hand_over: self._look(whole[root], hand_over),
            hear=lambda root, line: self.hear(whole[root].name, line),
            take=self._take,
            jobs=self.jobs,
            deadline=self.deadline,
        )
        for end in tasks.run(list(whole)):
            yield self._ended(whole[end.name], end)

    def _look(self, each: FleetProject, hand_over: HandOver) -> None:
        """Run `monitor` of one project, in its process."""
        from keepfit.flows.monitoring.monitor import monitor

        assert each.project is not None
        os.chdir(each.root)

        def tell(look: FleetLook) -> None:
            hand_over(canonical(look))

        try:
            monitor(
                each.project,
                until=self.until(each.project),
                say=lambda line: print(line, flush=True),  # noqa: T201 - heard by the process that waits for this one
                tell=lambda told: tell(look_of(told, model=each.name, root=str(each.root))),
                deliver=False,  # once at the end, for all (`messages.py`)
            )
        except KeepfitError as bad:
            tell(_failed(each, bad))
        except Exception as bad:  # noqa: BLE001 - it is an error of this project alone, in a sentence
            tell(_failed(each, unforeseen(bad)))

    def _take(self, root: str, answer: bytes) -> None:
        look = from_json(FleetLook, answer)
        self._told[root] = look
        self.tell(look)

    def _ended(self, each: FleetProject, end: TaskEnd) -> FleetLook:
        """What it told, unless its process ended otherwise than by itself."""
        look = self._told.get(str(each.root))
        if look is not None and end.code == 0:
            return look
        if end.late:
            what, fix = f"it was not done after {self.deadline:g} seconds, and was ended", "run keepfit monitor there, or set a longer --deadline"
        elif end.code < 0:
            what, fix = f"its process was ended by {_signal(-end.code)}", "run keepfit monitor there"
        else:
            what, fix = "its process ended before it told what it found", "run keepfit monitor there"
        return self._lost(each, what, fix)

    def _lost(self, each: FleetProject, what: str, fix: str) -> FleetLook:
        look = FleetLook(model=each.name, root=str(each.root), exit_code=1, error=what, fix=fix)
        self.tell(look)
        return look


def _failed(each: FleetProject, bad: KeepfitError) -> FleetLook:
    said = f"{bad.what} ({bad.where})" if bad.where else bad.what
    return FleetLook(model=each.name, root=str(each.root), exit_code=1, error=" ".join(said.split())[:400], fix=bad.fix or "")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
