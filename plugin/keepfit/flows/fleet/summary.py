"""What a run over a fleet sums up to: the looks, the causes that tickets of several models share, and the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepfit.flows.fleet.look import FleetLook
from keepfit.flows.fleet.places import places_of
from keepfit.flows.fleet.projects import FleetProject
from keepfit.report.fleet_run import RunLine
from keepfit.update.shared_cause import SharedCause, shared_causes


@dataclass(frozen=True, kw_only=True)
class FleetSummary:
    """A run's looks, by model, and its new tickets by cause, those of most models first."""

    looks: tuple[FleetLook, ...]
    causes: tuple[SharedCause, ...]

    @property
    def exit_code(self) -> int:
        """1 if any project has an error, else 3 if anywhere somebody has to act, else 0."""
        codes = {look.exit_code for look in self.looks}
        return 1 if 1 in codes else 3 if 3 in codes else 0

    @property
    def lines(self) -> tuple[RunLine, ...]:
        """A line of each project."""
        return tuple(line_of(look) for look in self.looks)


def summed_up(projects: Sequence[FleetProject], looks: Sequence[FleetLook]) -> FleetSummary:
    """Return the sum of a run's looks."""
    places = {each.name: places_of(each.project) for each in projects if each.project is not None}
    tickets = [ticket for look in looks for ticket in look.tickets]
    return FleetSummary(looks=tuple(sorted(looks, key=lambda look: (look.model, look.root))), causes=shared_causes(tickets, places))


def line_of(look: FleetLook) -> RunLine:
    """Return what is said of one look in a line."""
    asked = [*look.tickets, *look.waiting]
    why = look.error or next((f"{one.id} asks to {one.action}: {(*one.reasons, '')[0]}" for one in asked), "") or (look.sentences or ("",))[0]
    return RunLine(model=look.model, folder=look.root, exit_code=look.exit_code, windows=len(look.windows), tickets=len(asked), why=why, fix=look.fix)
