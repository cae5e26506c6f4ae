"""Who asks: the user that the MLflow server has authenticated, or the account that runs a client in process."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Collection
from typing import Any

from keepfit.integrations.mlflow.artifacts import in_server

ANONYMOUS = "anonymous"


def who_asks() -> tuple[str, str]:
    """Return who asks, and by which way: `server` or `client`."""
    if not in_server():
        try:
            return getpass.getuser(), "client"
        except (KeyError, OSError):
            return ANONYMOUS, "client"
    from flask import g, has_request_context

    user = getattr(g, "mlflow_authenticated_user", None) if has_request_context() else None
    return str(getattr(user, "username", user) or ANONYMOUS), "server"


def gone(accounts: Collection[str]) -> frozenset[str]:
    """Return which of these accounts MLflow's basic-auth has no more; none, if it is not what knows the one who asks."""
    store: Any = getattr(sys.modules.get("mlflow.server.auth"), "store", None)
    if not in_server() or getattr(store, "engine", None) is None or not store.has_user(who_asks()[0]):
        return frozenset()
    return frozenset(who for who in accounts if not store.has_user(who))
