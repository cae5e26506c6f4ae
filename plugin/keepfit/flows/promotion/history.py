"""`keepfit history MODEL`: who promoted what, when, on which evidence."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.errors import UnknownNameError
from keepfit.flows.promotion.registry_journal import open_journal
from keepfit.records import JournalRow


def history(model: str, *, store: str | None = None, workspace: str | None = None) -> Sequence[JournalRow]:
    """Return a model's rows, oldest first, with the changes of rules between them; raises `UnknownNameError` for a model without any."""
    rows = open_journal(store).rows()
    mine = [row for row in rows if row.model == model and workspace in {None, row.workspace}]
    if not mine:
        known = {row.model for row in rows if row.kind != "rules changed"}
        raise UnknownNameError("journal of the model", model, known=known)
    first = mine[0].id
    used = {row.rules for row in mine}
    changes = [row for row in rows if row.kind == "rules changed" and (row.id > first or row.rules in used)]
    return sorted([*mine, *changes], key=lambda row: row.id)
