"""What `mlflow server` serves, and what it was told when it was started: for the app plugins that put the gate's seat belt before it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from keepfit.errors import KeepfitError

SEAT = "--app-name keepfit-basic-auth"


@dataclass(frozen=True)
class ServerCommand:
    """What the command line of `mlflow server` was given."""

    app: str | None
    registry: str | None


def told() -> ServerCommand | None:
    """Return what `mlflow server` was given, None where this process is none that starts one."""
    import click

    asked = click.get_current_context(silent=True)
    return None if asked is None else ServerCommand(app=asked.params.get("app_name"), registry=asked.params.get("registry_store_uri"))


def registry_of_worker() -> str | None:
    """Return the registry's address in a worker of the server."""
    return os.environ.get("_MLFLOW_SERVER_REGISTRY_STORE")


def plain_app() -> Any:
    """Return the app that MLflow serves without a plugin."""
    if os.environ.get("_MLFLOW_SGI_NAME") == "uvicorn":
        from mlflow.server.fastapi_app import app as served

        return served
    from mlflow.server import app

    return app


def app_with_users() -> Any:
    """Return MLflow's app with users and permissions."""
    from mlflow.server.auth import create_app as stock

    return stock()


def make_first_admin() -> None:
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
        raise KeepfitError(said[:400], where=SEAT, fix="docs/operate.md shows how to start with users") from bad
