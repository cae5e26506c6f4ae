"""Workers that are killed (SIGKILL) after any of their steps, as processes: the next one, at once, brings the ledger and the receiver to the same end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text
from tests.flows.deliver.receivers import event, owe, project_with, rows_of, statuses

from keepfit.flows.deliver.keep_running import utc_now
from keepfit.flows.deliver.worker import run_hooks
from keepfit.flows.effects import EFFECTS


def run(project, **environment):
    command = [sys.executable, "-m", "keepfit", "hooks", "run"]
    return subprocess.run(command, cwd=project.root, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120)


def move(project, owner):
    """As if the worker had run elsewhere."""
    engine = create_engine(project.ledger_uri)
    with engine.begin() as connection:
        connection.execute(text("UPDATE keepfit_deliveries SET owner = :owner"), {"owner": owner})
    engine.dispose()


@pytest.mark.parametrize("step", EFFECTS["hooks"])
def test_killed_after_any_step_the_next_worker_delivers_the_rest_in_order(tmp_path, step):
    project = project_with(tmp_path / "p", log={"hook": "file", "path": "log.jsonl"})
    owe(project, event("a"), event("b"))
    assert run(project, KEEPFIT_KILL_AFTER=f"hooks.{step}").returncode == -signal.SIGKILL
    assert run(project).returncode == 0
    assert statuses(project) == [("a", "log", "delivered"), ("b", "log", "delivered")]
    messages = [json.loads(line) for line in (project.root / "log.jsonl").read_text().splitlines()]
    assert list(dict.fromkeys(message["key"] for message in messages)) == ["a:m:log", "b:m:log"]
    copies = [message["attempt"] for message in messages if message["key"] == "a:m:log"]
    assert copies == ([1, 2] if step == "called" else [2] if step == "leased" else [1])


def test_of_a_worker_on_another_machine_or_in_another_container_only_the_leases_end_is_known(tmp_path):
    project = project_with(tmp_path / "p", log={"hook": "file", "path": "log.jsonl"})
    owe(project, event("a"))
    assert run(project, KEEPFIT_KILL_AFTER="hooks.leased").returncode == -signal.SIGKILL
    ((here, number, space),) = [str(row.owner).split(":") for row in rows_of(project)]
    for owner in (f"elsewhere:{number}:{space}", f"{here}:{number}:1", f"{here}:{os.getpid()}:{space}", f"{here}:{number}"):
        move(project, owner)
        run_hooks(project, now=utc_now(), say=print)
        assert statuses(project) == [("a", "log", "leased")], owner
    move(project, f"{here}:{number}:{space}")
    run_hooks(project, now=utc_now(), say=print)
    assert statuses(project) == [("a", "log", "delivered")]
