"""The hook after monitor: with `hooks.retrain: auto` the branch of each improve ticket is opened without being asked for.

Owed through the ledger's outbox: what fails is told and tried again by the next `keepfit monitor`; `improve` itself makes the
same ticket twice one branch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from keepfit.errors import KeepfitError
from keepfit.flows.monitoring.memory import IMPROVE
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of

if TYPE_CHECKING:
    from keepfit.flows.retraining.improve import Improved


def retrain_owed(project: Project, *, say: Callable[[str], None]) -> tuple[Improved, ...]:
    """Call `improve` for each ticket that is owed it and still open; return what it answered."""
    from keepfit.flows.retraining.improve import improve

    model, made = project.params.model.name, []
    with ledger_of(project) as ledger:
        with ledger.reading() as book:
            owed = [(effect.key, book.ticket(model, effect.payload["ticket"])) for effect in book.owed(model, IMPROVE)]
        for key, ticket in owed:
            if ticket is not None and ticket.status != "resolved":
                try:
                    answer = improve(project, ticket.id, say=say)
                except KeepfitError as bad:
                    say(f"improve {ticket.id}: {bad.what}; the next keepfit monitor tries again")
                    continue
                say(f"{ticket.id}: {answer.branch}, {answer.verdict}; next: {answer.next[0]}")
                made.append(answer)
            with ledger.transaction() as book:
                book.settle(model, key)
    return tuple(made)
