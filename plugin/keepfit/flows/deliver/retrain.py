"""The hook `retrain`: the branch of a ticket that asks for a retraining, opened by `improve`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from keepfit.errors import DataError, KeepfitError, ParamsError, TicketError, TrainError
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import find_ticket
from keepfit.hooks import HookError, Surroundings
from keepfit.records import Message

USELESS = (DataError, ParamsError, TicketError, TrainError)
"""What the same retraining would meet again."""

ASKING = ("ticket_opened", "ticket_grown")
"""What asks for a retraining; a ticket's other events come after one."""


@dataclass(frozen=True, kw_only=True)
class RetrainHook:
    """Call `improve` for a ticket that opens or grows, if it is open and asks for it; with `push` the branch and its data are pushed.

    Called twice it is one branch and one version. It promotes nothing. (`hooks.retrain: auto` does the same at the end of monitor; both are one branch.)
    """

    push: bool = False
    name: ClassVar[str] = "retrain"
    deadline_seconds: ClassVar[float] = 24 * 3600.0

    def deliver(self, message: Message, *, around: Surroundings) -> str:
        """Return what became of each ticket; raises `HookError`."""
        tickets = dict.fromkeys(event.ticket for event in message.events if event.ticket and event.kind in ASKING)
        if not tickets:
            return "nothing to retrain: it opens no ticket"
        try:
            return "; ".join(self._improve(Project(Path(around.root)), str(ticket)) for ticket in tickets)
        except KeepfitError as bad:
            raise HookError(bad.what, again=not isinstance(bad, USELESS), where=bad.where or around.root, fix=bad.fix) from bad

    def _improve(self, project: Project, ticket_id: str) -> str:
        ticket = find_ticket(project, ticket_id)
        if ticket.action != "improve":
            return f"{ticket.id} asks to {ticket.action}: nothing to retrain"
        if ticket.status == "resolved":
            return f"{ticket.id} is resolved: nothing to retrain"
        from keepfit.flows.retraining.improve import improve

        made = improve(project, ticket.id, push=self.push)
        return f"{made.branch}: {made.verdict}" + (f", version {made.version}" if made.version else "")
