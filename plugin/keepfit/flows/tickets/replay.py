"""`keepfit replay TICKET`: take the policy's step that opened a ticket again, from the ledger alone, and compare byte for byte."""

from __future__ import annotations

from dataclasses import dataclass

from keepfit.errors import TicketError
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import find_ticket, ledger_of
from keepfit.records import Decision, PolicyStep, canonical

SAME, DIFFERS = 0, 3
UNMATCHED = "quality:labels"


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """The recorded step, and what the policy of this keepfit decides on the same evidence, state, thresholds and time."""

    ticket: str
    taken: PolicyStep
    again: Decision

    @property
    def same(self) -> bool:
        """Whether the canonical JSON of both decisions has the same bytes."""
        return canonical(self.taken.decision) == canonical(self.again)

    @property
    def exit_code(self) -> int:
        """0 the same, 3 it differs."""
        return SAME if self.same else DIFFERS


def replay(project: Project, ticket: str) -> Replayed:
    """Take the ticket's step again; reads no data, no model and no params.yaml thresholds, only what the ledger recorded.

    Raises `TicketError` for a ticket that does not exist, that a person asked for, that was opened before ledgers kept steps, or whose thresholds
    this keepfit does not know.
    """
    from keepfit.update.policy import replayed

    found = find_ticket(project, ticket)
    with ledger_of(project) as ledger, ledger.reading() as book:
        taken = book.step_of(found.model, found.id)
    if taken is None and found.ground == "request":
        raise TicketError(f"{ticket!r} was asked for by a person: there is no step of the policy to take again", fix=f"keepfit ticket {ticket}")
    if taken is None and found.cause == UNMATCHED:
        raise TicketError(f"{ticket!r} is about labels that match no row: there is no step of the policy to take again", fix=f"keepfit ticket {ticket}")
    if taken is None:
        raise TicketError(
            f"the step that opened {ticket!r} is not in the ledger",
            fix="it was opened by an older keepfit, or removed since (keepfit ledger prune --before DAY); newer tickets can be replayed",
        )
    try:
        again = replayed(taken)
    except TypeError as bad:
        raise TicketError(f"the step of {ticket!r} has thresholds that this keepfit does not know", fix="replay it with the keepfit that took it") from bad
    return Replayed(ticket=found.id, taken=taken, again=again)
