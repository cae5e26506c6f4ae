"""The demo's gated MLflow server: started in a group of its own, waited for, ended or left running."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ServerError
from keepfit.flows.demo.shell import Say, end, start
from keepfit.integrations.mlflow.rest import Rest

PORT = 5000
PATIENCE_SECONDS = 180
PAUSE_SECONDS = 0.3
HOST = "127.0.0.1"


@dataclass(frozen=True)
class DemoServer:
    """A server process and where it answers; its output lies in `log`."""

    process: subprocess.Popen[bytes]
    uri: str
    log: Path

    def wait(self) -> None:
        """Wait until it answers; raises `ServerError` with its last words if it ends or stays silent."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self.process.poll() is None and time.monotonic() < until:
            if Rest(self.uri).is_healthy():
                return
            time.sleep(PAUSE_SECONDS)
        words = self.log.read_text(errors="replace").strip().splitlines()[-5:]
        raise ServerError("the MLflow server did not come up: " + " / ".join(words), where=self.uri, fix="keepfit demo --port PORT")

    def end(self) -> None:
        """End it and its workers."""
        end(self.process)


def start_server(home: Path, *, port: int, rules: Path, env: Mapping[str, str], say: Say) -> DemoServer:
    """Start `keepfit server` with the project's gate rules; it keeps its database and artifacts below `home`."""
    home.mkdir(parents=True, exist_ok=True)
    command = ["keepfit", "server", "--port", str(port), "--rules", os.path.relpath(rules, home)]
    say(f"$ {' '.join(command)} &")
    log = home / "server.log"
    with log.open("wb") as said:
        process = start(command, folder=home, env=env, stdout=said, stderr=subprocess.STDOUT)
    return DemoServer(process=process, uri=f"http://{HOST}:{port}", log=log)


def choose_port(wanted: int | None) -> int:
    """Return the wanted port, or 5000 or the next free one; raises `ServerError` if the wanted one is taken."""
    if wanted is not None:
        if not _is_free(wanted):
            raise ServerError(f"the port {wanted} is in use", where=HOST, fix="keepfit demo --port ANOTHER, or leave --port away")
        return wanted
    return next(port for port in range(PORT, PORT + 1000) if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
