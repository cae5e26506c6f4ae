"""`keepfit server`: MLflow with the gate in front of its registry.

The process becomes MLflow's own server, so signals, logs and exit codes are MLflow's.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ProjectError, ServerError
from keepfit.flows.rules.place import OnDisk, rules_place, rules_text
from keepfit.gate.rules import parse_rules
from keepfit.integrations.mlflow.start import ENVIRONMENT, ServerFlags, require_users

SCHEME = "keepfit:"
PLAIN, BASIC_AUTH = "keepfit", "keepfit-basic-auth"  # its app plugins


@dataclass(frozen=True, kw_only=True)
class ServerOptions:
    """How to start; what is None gets its place under `.keepfit/server/` of the current folder."""

    host: str = "127.0.0.1"
    port: int = 5000
    backend_store_uri: str | None = None
    artifacts_destination: str | None = None
    artifact_root: str | None = None
    rules: str | None = None
    workers: int = 1
    basic_auth: bool = False


@dataclass(frozen=True, kw_only=True)
class Start:
    """What will be executed: the command line, the environment, and where people find the server."""

    command: tuple[str, ...]
    environment: dict[str, str]
    url: str
    rules: str


def plan(options: ServerOptions, *, here: Path) -> Start:
    """Turn options into MLflow's flags: the registry behind `keepfit:`, absolute roots, the rules by absolute place.

    Raises `ServerError` if the port is taken or basic-auth lacks something, `ProjectError` if the rules cannot be read,
    `ParamsError` if a key of theirs does not fit.
    """
    rules = _rules(options.rules, here)
    if options.basic_auth:
        require_users()
    _port_is_free(options.host, options.port)
    home = here / ".keepfit" / "server"
    home.mkdir(parents=True, exist_ok=True)
    store = (options.backend_store_uri or f"sqlite:///{home / 'mlflow.db'}").removeprefix(SCHEME)
    flags = ServerFlags(
        store=store,
        registry=SCHEME + store,
        artifacts=_absolute(options.artifacts_destination or str(home / "artifacts"), here),
        artifact_root=None if options.artifact_root is None else _absolute(options.artifact_root, here),
        host=options.host,
        port=options.port,
        workers=options.workers,
        app=BASIC_AUTH if options.basic_auth else PLAIN,
    )
    return Start(
        command=flags.command,
        environment={**os.environ, **ENVIRONMENT, "KEEPFIT_GATE": rules},
        url=f"http://{options.host}:{options.port}",
        rules=rules,
    )


def become(start: Start) -> None:
    """Become the server: this process ends only with it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(start.command[0], start.command, start.environment)  # noqa: S606 - our own python, an argument list


def _rules(named: str | None, here: Path) -> str:
    """Return the rules' place as the server gets it: absolute, and such that rules can be read there now."""
    place = rules_place(named or os.environ.get("KEEPFIT_GATE") or "gate.yaml", here=here)
    if isinstance(place, OnDisk) and not place.path.exists():
        raise ProjectError("no rules for the gate", where=str(place), fix="keepfit server --rules PATH/gate.yaml; 'models: {}' in it protects nothing")
    parse_rules(rules_text(place), where=place.name)
    return str(place)


def _absolute(place: str, here: Path) -> str:
    """A folder relative to here becomes absolute: MLflow would take it relative to whatever runs it."""
    return place if "://" in place else str((here / place).resolve())


def _port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as bad:
            if bad.errno == errno.EADDRINUSE:
                raise ServerError(f"the port {port} is in use", where=host, fix=f"keepfit server --port {port + 1}, or stop what listens there") from bad
            fix = "--host 127.0.0.1 for this machine alone, 0.0.0.0 for all; ports below 1024 need rights"
            raise ServerError(f"cannot listen on {host}:{port}: {bad.strerror}", where="keepfit server", fix=fix) from bad
