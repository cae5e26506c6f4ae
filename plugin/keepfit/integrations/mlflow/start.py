"""How `mlflow server` is started: its flags, and what its basic-auth must find."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ServerError

SECRET = "MLFLOW_FLASK_SERVER_SECRET_KEY"  # noqa: S105 - a variable's name
CONFIG = "MLFLOW_AUTH_CONFIG_PATH"
ENVIRONMENT: Mapping[str, str] = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}


@dataclass(frozen=True, kw_only=True)
class ServerFlags:
    """What `mlflow server` is given; `artifact_root` is where clients write themselves, without it the server keeps the artifacts."""

    store: str
    registry: str
    artifacts: str
    artifact_root: str | None
    host: str
    port: int
    workers: int
    app: str

    @property
    def command(self) -> tuple[str, ...]:
        """The command line, in this installation's Python."""
        stores = ("--backend-store-uri", self.store, "--registry-store-uri", self.registry)
        artifacts = ("--artifacts-destination", self.artifacts, "--serve-artifacts")
        if self.artifact_root is not None:
            artifacts = ("--default-artifact-root", self.artifact_root, "--no-serve-artifacts")
        address = ("--host", self.host, "--port", str(self.port), "--workers", str(self.workers))
        return (sys.executable, "-m", "mlflow", "server", *stores, *artifacts, *address, "--app-name", self.app)


def require_users() -> None:
    """Raise `ServerError` unless basic-auth can start: MLflow's own complaints come late, and by default the users lie wherever it is started."""
    if importlib.util.find_spec("flask_wtf") is None:
        raise ServerError("basic-auth needs the package Flask-WTF", where="--auth basic-auth", fix="pip install 'keepfit[auth]'")
    if not os.environ.get(SECRET):
        fix = "set it to a long random text that stays the same over restarts, as python -c 'import secrets; print(secrets.token_hex(32))' prints one"
        raise ServerError("basic-auth needs a secret key", where=SECRET, fix=fix)
    config = os.environ.get(CONFIG)
    if not config or not Path(config).is_file():
        problem = f"there is no file {config}" if config else "it is not set"
        fix = "name the file that says where the users are kept and who is the first admin; docs/operate.md shows one"
        raise ServerError(f"basic-auth needs its configuration: {problem}", where=CONFIG, fix=fix)
