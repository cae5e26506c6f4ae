"""What one look at a project of a fleet found: as it is handed from the process that looked to the one that sums up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit.records import Ticket, record

if TYPE_CHECKING:
    from keepfit.flows.monitoring.monitored import Monitored

SHOWN = 5


@record
class FleetLook:
    """One project's look: `windows` are those that no run has shown before, `tickets` the new ones, `waiting` those that still wait for somebody.

    `exit_code` is that of its `keepfit monitor`; `error` says in a sentence why there was no look, or none at some window, and `fix` what to do.
    `sentences` are about files that were left out.
    """

    schema: int = 1
    model: str
    root: str
    exit_code: int
    windows: tuple[str, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    waiting: tuple[Ticket, ...] = ()
    sentences: tuple[str, ...] = ()
    error: str = ""
    fix: str = ""

    @property
    def hints(self) -> tuple[str, ...]:
        """A sentence for each ticket that is new or waits, each file that was left out, and what failed."""
        asked = [f"{one.id}{still} asks to {one.action}: {(*one.reasons, '')[0]}" for one, still in self._asked[:SHOWN]]
        more = [f"and {len(self._asked) - SHOWN} more, see keepfit ticket"] if len(self._asked) > SHOWN else []
        return (*self.sentences, *asked, *more, *([self.error] if self.error else []))

    @property
    def _asked(self) -> list[tuple[Ticket, str]]:
        return [*((one, "") for one in self.tickets), *((one, " still") for one in self.waiting)]


def look_of(told: Monitored, *, model: str, root: str) -> FleetLook:
    """Return what a run of `monitor` has to tell, without the windows' records: those are in the ledger."""
    failed = [one.what if one.where is None else f"{one.what} ({one.where})" for one in told.failed]
    more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    return FleetLook(
        model=model,
        root=root,
        exit_code=told.exit_code,
        windows=tuple(one.window.id for one in told.new_windows),
        tickets=told.tickets,
        waiting=told.waiting,
        sentences=told.odd[:SHOWN],
        error=f"{failed[0]}{more}" if failed else "",
        fix=(told.failed[0].fix or "") if told.failed else "",
    )
