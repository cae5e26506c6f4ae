"""The app plugins `keepfit` and `keepfit-basic-auth` of `mlflow server --app-name`: they refuse to start an ungated server.

Enforcement lies in the registry's store, not here: what is served is what MLflow would serve. `mlflow server` imports this
module before it starts any worker, and ends with 0 whatever becomes of its workers; so `before_workers` says at that import
what a worker could only say too late. A worker asks again, for servers that are started in another way.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from keepfit.errors import KeepfitError

SCHEME = "keepfit:"
PLAIN, BASIC_AUTH = "keepfit", "keepfit-basic-auth"
BOOT_FAILED = 3  # by which a worker tells uvicorn, as gunicorn, that starting it again would not help


def create_app() -> Any:
    """Return the app that MLflow serves without a plugin; ends the worker if the registry is not gated."""
    _gated_worker()
    if os.environ.get("_MLFLOW_SGI_NAME") == "uvicorn":
        from mlflow.server.fastapi_app import app as served

        return served
    from mlflow.server import app

    return app


def create_app_with_basic_auth() -> Any:
    """Return MLflow's app with users and permissions; ends the worker if the registry is not gated."""
    _gated_worker()
    from mlflow.server.auth import create_app as stock

    return stock()


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
    import click

    asked = click.get_current_context(silent=True)
    app = asked.params.get("app_name") if asked else None
    if asked is None or app not in {PLAIN, BASIC_AUTH}:
        return
    try:
        refuse_ungated(asked.params.get("registry_store_uri"))
        if app == BASIC_AUTH:
            _first_admin()
    except KeepfitError as refused:
        sys.exit(f"keepfit: {refused}")


def _first_admin() -> None:
    """Make the users' tables and the first admin once, as MLflow does for its own `basic-auth`: workers would race for it."""
    try:
        from mlflow.server import auth
    except ImportError as missing:
        raise KeepfitError(f"basic-auth needs a package that is not installed: {missing.name}", fix="pip install 'keepfit[auth]'") from missing
    from mlflow.exceptions import MlflowException

    try:
        for step in ("get_flask_server_secret_key", "bootstrap_admin_user"):  # MLflow 3.16 has neither: its workers do it
            getattr(auth, step, lambda: None)()
    except MlflowException as bad:
        said = " ".join(str(bad.message).split())
        raise KeepfitError(said[:400], where="--app-name keepfit-basic-auth", fix="docs/operate.md shows how to start with users") from bad


def _gated_worker() -> None:
    try:
        refuse_ungated(os.environ.get("_MLFLOW_SERVER_REGISTRY_STORE"))
    except KeepfitError as refused:
        sys.stderr.write(f"keepfit: {refused}\n")
        sys.exit(BOOT_FAILED)


before_workers()
