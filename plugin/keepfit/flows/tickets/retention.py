"""`keepfit ledger`: what the ledger holds of this model, and the removal of what nobody reads any more."""

from __future__ import annotations

from datetime import datetime

from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.file import shrink
from keepfit.integrations.ledger.retention import Superseded, TableSize


def sizes(project: Project) -> tuple[TableSize, ...]:
    """Return what each table of the ledger holds of the project's model."""
    with ledger_of(project) as ledger, ledger.reading() as book:
        return book.sizes(project.params.model.name)


def superseded(project: Project, *, before: datetime) -> Superseded:
    """Return what could be removed of what lies before a time; nothing is."""
    with ledger_of(project) as ledger, ledger.reading() as book:
        return book.superseded(project.params.model.name, before=before, champions=_needed(project))


def prune(project: Project, *, before: datetime) -> tuple[Superseded, int]:
    """Remove it, in one transaction, and return what was removed and by how many bytes the ledger's file is smaller."""
    model = project.params.model.name
    with ledger_of(project) as ledger, ledger.transaction() as book:
        gone = book.superseded(model, before=before, champions=_needed(project))
        book.remove(model, gone)
    return gone, shrink(project.ledger_uri) if gone.windows or gone.steps or gone.messages else 0


def _needed(project: Project) -> set[str]:
    """The digests of the champions whose windows are read: the pinned one's, and the one's before it, to which a rollback leads back."""
    pins = (project.baseline.champion, project.baseline.previous)
    return {pin.digest for pin in pins if pin is not None}
