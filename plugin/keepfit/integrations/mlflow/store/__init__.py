"""The gate in front of MLflow's registry store: a mixin before the inner store's class, so that every internal call is gated too.

A verb (`verbs`) that touches nothing protected (`protection`, `tags`) goes straight to the inner store. One that moves a protected pointer is judged
first, without a lock (hashing takes time); then, in one transaction: the model's row is locked, the pointer must stand where it
stood when it was judged, it moves, and the journal gets its row (`promotion`: what the server does at the click). A refusal has a transaction of its
own. What the gate cannot evaluate it refuses (`fails_closed`).
"""

from __future__ import annotations

import sys
from typing import Any

from keepfit.errors import KeepfitError
from keepfit.integrations.mlflow.store.asked import Gate
from keepfit.integrations.mlflow.store.sessions import joining
from keepfit.integrations.mlflow.store.stored import READERS
from keepfit.integrations.mlflow.store.verbs import GatedStore

NEEDED = ("ManagedSessionMaker", "engine", "_get_active_workspace", *READERS)

__all__ = ["Gate", "GatedStore", "gate_store", "inner_store"]


def inner_store(uri: str, *, tracking_uri: str | None) -> Any:
    """Build the store that MLflow would build for the inner URI, in the server as in a client.

    `get_store` would deadlock here: MLflow holds its lock while it builds us.
    """
    handlers = sys.modules.get("mlflow.server.handlers")
    registry = getattr(handlers, "_model_registry_store_registry", None)
    if registry is None:
        from mlflow.tracking._model_registry.utils import _get_store_registry

        registry = _get_store_registry()
    builder = registry.get_store_builder(uri)
    try:
        return builder(store_uri=uri, tracking_uri=tracking_uri)
    except TypeError:
        return builder(store_uri=uri)


def gate_store(store: Any, gate: Gate) -> Any:
    """Put the gate in front of a built store: its class becomes a subclass of its own, so `isinstance` and workspaces hold.

    Raises `KeepfitError` if the store is none that keepfit can gate (it must be one of a database).
    """
    missing = [name for name in NEEDED if not hasattr(store, name)]
    if missing:
        raise KeepfitError(
            f"keepfit cannot gate a {type(store).__name__}: it has no {missing[0]}",
            where="--registry-store-uri",
            fix="use a database: keepfit:sqlite:///… or keepfit:postgresql+psycopg://…",
        )
    store.ManagedSessionMaker = joining(store, store.ManagedSessionMaker)
    store.__class__ = type(f"Gated{type(store).__name__}", (GatedStore, type(store)), {})
    store._keepfit_gate = gate  # noqa: SLF001 - the mixin's own
    return store
