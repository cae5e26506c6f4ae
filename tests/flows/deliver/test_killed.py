"""Workers that are killed (SIGKILL) after any of their steps, as processes: the next one brings the ledger and the receiver to the same end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text
from tests.flows.deliver.receivers import event, owe, project_with, statuses

from keepfit.flows.effects import EFFECTS


def run(project, **environment):
    command = [sys.executable, "-m", "keepfit", "hooks", "run"]
    return subprocess.run(command, cwd=project.root, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120)


def leases_end(project):
    """As if two minutes had passed."""
    engine = create_engine(project.ledger_uri)
    with engine.begin() as connection:
        connection.execute(text("UPDATE keepfit_deliveries SET lease = '2026-01-01 00:00:00.000000' WHERE status = 'leased'"))
    engine.dispose()


@pytest.mark.parametrize("step", EFFECTS["hooks"])
def test_killed_after_any_step_the_next_worker_delivers_the_rest_in_order(tmp_path, step):
    project = project_with(tmp_path / "p", log={"hook": "file", "path": "log.jsonl"})
    owe(project, event("a"), event("b"))
    assert run(project, KEEPFIT_KILL_AFTER=f"hooks.{step}").returncode == -signal.SIGKILL
    leases_end(project)
    assert run(project).returncode == 0
    assert statuses(project) == [("a", "log", "delivered"), ("b", "log", "delivered")]
    messages = [json.loads(line) for line in (project.root / "log.jsonl").read_text().splitlines()]
    assert list(dict.fromkeys(message["key"] for message in messages)) == ["a:m:log", "b:m:log"]
    copies = [message["attempt"] for message in messages if message["key"] == "a:m:log"]
    assert copies == ([1, 2] if step == "called" else [2] if step == "leased" else [1])
