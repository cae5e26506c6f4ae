"""The app plugins `keepfit` and `keepfit-basic-auth` of `mlflow server --app-name`: they refuse to start an ungated server.

Enforcement lies in the registry's store, not here: what is served is what MLflow would serve. `mlflow server` imports this
module before it starts any worker, and ends with 0 whatever becomes of its workers; so `before_workers` says at that import
what a worker could only say too late. A worker asks again, for servers that are started in another way.
"""

from __future__ import annotations

import sys
from typing import Any

from keepfit.errors import KeepfitError
from keepfit.integrations.mlflow.app import app_with_users, make_first_admin, plain_app, registry_of_worker, told

SCHEME = "keepfit:"
PLAIN, BASIC_AUTH = "keepfit", "keepfit-basic-auth"
BOOT_FAILED = 3  # by which a worker tells uvicorn, as gunicorn, that starting it again would not help


def create_app() -> Any:
    """Return the app that MLflow serves without a plugin; ends the worker if the registry is not gated."""
    _gated_worker()
    return plain_app()


def create_app_with_basic_auth() -> Any:
    """Return MLflow's app with users and permissions; ends the worker if the registry is not gated."""
    _gated_worker()
    return app_with_users()


def refuse_ungated(registry_store_uri: str | None) -> None:
    """Raise `KeepfitError` unless the registry's URI leads through the gate; the URI is not shown, it may hold a password."""
    if not (registry_store_uri or "").startswith(SCHEME):
        raise KeepfitError(
            "this server would not be gated: its registry store is not behind keepfit",
            where="--registry-store-uri",
            fix="add --registry-store-uri keepfit:DATABASE, or start it with keepfit server; leave --app-name away to go without the gate",
        )


def before_workers() -> None:
    """End `mlflow server` with one sentence if what it was told gives no gated server, or none with users."""
    asked = told()
    if asked is None or asked.app not in {PLAIN, BASIC_AUTH}:
        return
    try:
        refuse_ungated(asked.registry)
        if asked.app == BASIC_AUTH:
            make_first_admin()
    except KeepfitError as refused:
        sys.exit(f"keepfit: {refused}")


def _gated_worker() -> None:
    try:
        refuse_ungated(registry_of_worker())
    except KeepfitError as refused:
        sys.stderr.write(f"keepfit: {refused}\n")
        sys.exit(BOOT_FAILED)


before_workers()
