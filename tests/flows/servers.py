"""Real servers for the tests that need another than the session's gated one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import _wait_for_health, free_port, stop_group


@contextmanager
def running(program: Sequence[str], home: Path, *, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run `python -m PROGRAM --port PORT` in `home` and yield its address once it is healthy."""
    port = free_port()
    log = home / "server.log"
    with log.open("wb") as said:
        command = [sys.executable, "-m", *program, "--port", str(port)]
        process = subprocess.Popen(
            command, cwd=home, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
    try:
        uri = f"http://127.0.0.1:{port}"
        _wait_for_health(process, uri, log)
        yield uri
    finally:
        stop_group(process)


def add_version(uri: str, name: str) -> None:
    """Register a version of a run without files: nobody loads it."""
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    experiment = client.get_experiment_by_name(f"{name}-runs")
    made = client.create_run(client.create_experiment(f"{name}-runs") if experiment is None else experiment.experiment_id)
    client.create_model_version(name, source=f"{made.info.artifact_uri}/model", run_id=made.info.run_id)
