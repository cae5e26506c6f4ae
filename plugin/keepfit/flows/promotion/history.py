"""`keepfit history MODEL`: who promoted what, when, on which evidence.

Read in the registry's database where that is at hand, else asked of the gated server.
"""

from __future__ import annotations

import os

from keepfit.errors import KeepfitError, ProjectError, UnknownNameError
from keepfit.flows.promotion.promote import the_registry
from keepfit.flows.promotion.registry_journal import is_at_hand, open_journal
from keepfit.flows.promotion.server_answers import told_by_server
from keepfit.gate.history import DEFAULT_WORKSPACE, with_changes
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import Told


def history(model: str, *, store: str | None = None, workspace: str | None = None) -> Told:
    """Return a model's rows, oldest first, with the changes of rules between them; raises `UnknownNameError` for a model without any."""
    if is_at_hand(store):
        return _read(model, store, workspace)
    registry = _registry()
    if not registry.is_server:
        return _read(model, registry.uri, workspace)
    here = os.environ.get("MLFLOW_WORKSPACE") or DEFAULT_WORKSPACE
    if workspace not in {None, here}:
        raise KeepfitError(f"the server is asked in the workspace {here}", where="--workspace", fix=f"MLFLOW_WORKSPACE={workspace}")
    told = told_by_server(registry, model)
    if not told.rows:
        raise UnknownNameError("journal of the model", model, known=registry.model_names(), where=registry.uri)
    return told


def _registry() -> Mlflow:
    try:
        return the_registry()[0]
    except ProjectError as nowhere:
        fix = "set MLFLOW_TRACKING_URI to the gated server, or name its database: --store URI"
        raise ProjectError("whose history? no server and no database is named", fix=fix) from nowhere


def _read(model: str, store: str | None, workspace: str | None) -> Told:
    rows = open_journal(store).rows()
    mine = [row for row in rows if row.model == model and workspace in {None, row.workspace}]
    if not mine:
        known = {row.model for row in rows if row.kind != "rules changed"}
        raise UnknownNameError("journal of the model", model, known=known)
    return Told(rows=tuple(with_changes(mine, rows)))
