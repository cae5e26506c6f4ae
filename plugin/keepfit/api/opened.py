"""`keepfit.Project`: a project's flows from Python, without printing; records come back as they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from keepfit.api.one_sentence import in_one_sentence
from keepfit.flows.project import Project, find_project

if TYPE_CHECKING:
    from keepfit.flows.backtesting.backtest import Backtest
    from keepfit.flows.backtesting.race import RecipeRace
    from keepfit.flows.monitoring.monitored import Monitored
    from keepfit.records import JudgedWindow, Ticket

Moment: TypeAlias = datetime | date | str
Say: TypeAlias = Callable[[str], None]
POLICIES = ("never", "calendar", "params", "reviews:2", "reviews:4", "reviews:8")


def _silent(_line: str) -> None:
    """Nothing is printed unless `say` is given."""


class OpenProject:
    """The project at or around a folder (as the command line finds it); `say=print` shows a verb's progress.

    `keepfit.to_dict` makes of what a method returns what the command line prints with `--json`. Times are those of the rows' clock
    (`data.timezone`): a datetime (one with a zone is read there), a date, or a text such as "2026-03-01". Params and baseline are read
    anew by each method, so that an edit counts. Raises `KeepfitError`.
    """

    @in_one_sentence
    def __init__(self, path: str | os.PathLike[str] = ".") -> None:
        self._root = find_project(Path(path)).root

    def __repr__(self) -> str:
        return f"keepfit.Project({str(self._root)!r})"

    @property
    def root(self) -> Path:
        """The folder with params.yaml."""
        return self._root

    @property
    @in_one_sentence
    def model(self) -> str:
        """The model's name in the registry."""
        return self._now().params.model.name

    @in_one_sentence
    def monitor(self, *, until: Moment | None = None, say: Say | None = None) -> Monitored:
        """Judge the windows that closed by `until` (default: now), as `keepfit monitor` does, and return what there is to tell.

        `windows` are all that were judged under the champion, `new_windows` those that no run has shown yet, `tickets` those that nobody
        was told of: who calls this is told. `exit_code` is the command's: 0 nothing to do, 1 a window could not be judged, 3 a person has
        to act, 4 too few rows.
        """
        from keepfit.flows.clock import moment
        from keepfit.flows.monitoring.monitor import monitor

        project = self._now()
        return monitor(project, until=moment(until, project.params.data.timezone, where="until"), say=say or _silent)

    @in_one_sentence
    def windows(self) -> tuple[JudgedWindow, ...]:
        """Return what the ledger holds of the windows judged under the pinned champion, in the order of time; nothing is judged."""
        from keepfit.flows.tickets.tickets import ledger_of

        project = self._now()
        pin = project.baseline.champion
        if pin is None:
            return ()
        with ledger_of(project) as ledger:
            return ledger.view(project.params.model.name).windows(pin.digest)

    @in_one_sentence
    def tickets(self, *, every: bool = False) -> tuple[Ticket, ...]:
        """Return the tickets that are not resolved, oldest first; `every`: the resolved ones too."""
        from keepfit.flows.tickets.tickets import list_tickets

        return list_tickets(self._now(), every=every)

    @in_one_sentence
    def ticket(self, ticket_id: str) -> Ticket:
        """Return one ticket; raises `TicketError` with the nearest id that exists."""
        from keepfit.flows.tickets.tickets import find_ticket

        return find_ticket(self._now(), ticket_id)

    @in_one_sentence
    def backtest(self, policies: Sequence[str] = POLICIES, *, until: Moment | None = None, afresh: bool = False, say: Say | None = None) -> Backtest:
        """Score update policies over history, as `keepfit backtest` does; what was trained before is used again unless `afresh`."""
        from keepfit.flows.backtesting.backtest import backtest

        project = self._now()
        return backtest(project, policies=_names(policies), until=_end(project, until), afresh=afresh, say=say or _silent)

    @in_one_sentence
    def race(self, recipes: Sequence[str], *, until: Moment | None = None, afresh: bool = False, say: Say | None = None) -> RecipeRace:
        """Race recipes against all history, as `keepfit backtest --recipes` does."""
        from keepfit.flows.backtesting.race import race_recipes

        project = self._now()
        return race_recipes(project, recipes=_names(recipes), until=_end(project, until), afresh=afresh, say=say or _silent)

    def _now(self) -> Project:
        return Project(self._root)


def _names(given: Sequence[str]) -> list[str]:
    """The names once each; one text is one name."""
    return list(dict.fromkeys([given] if isinstance(given, str) else given))


def _end(project: Project, until: Moment | None) -> datetime | None:
    from keepfit.flows.clock import moment

    return None if until is None else moment(until, project.params.data.timezone, where="until")
