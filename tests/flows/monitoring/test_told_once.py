"""A run of `keepfit monitor` that is killed at any of its steps loses no line and no announcement, and what was noted is told by no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from tests.flows.monitoring.test_monitor import rows_of, write_rows
from tests.flows.owed import owed

from keepfit.flows.effects import EFFECTS

TICKET = "2013-04-harm"
WINDOWS = ["2013-02", "2013-03", "2013-04", "2013-05"]


@pytest.fixture
def project(watched):
    """From April on the champion is wrong where it was right."""
    write_rows(watched.root, rows_of(1), rows_of(2), rows_of(3), rows_of(4, flipped=True), rows_of(5, flipped=True))
    return watched


def monitor(project, *, killed_after=""):
    """The command's exit code, the windows that it showed, and the tickets that it announced."""
    command = [sys.executable, "-m", "keepfit", "monitor", "--until", "2013-06-01"]
    environment = {**os.environ, "KEEPFIT_KILL_AFTER": killed_after}
    done = subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True, check=False, timeout=120)
    announced = [line.split()[1] for line in done.stderr.splitlines() if " asks to " in line]
    return done.returncode, [line.split()[0] for line in done.stdout.splitlines()[1:]], announced


@pytest.mark.parametrize("step", ["judged", "retrained"])
def test_killed_before_it_told_a_run_leaves_the_telling_to_the_next(project, step):
    assert monitor(project, killed_after=f"monitor.{step}") == (-signal.SIGKILL, [], [])
    assert monitor(project) == (3, WINDOWS, [TICKET])
    assert monitor(project) == (0, [], [])
    assert [(event.kind, event.subject) for event in owed(project)] == [("ticket_opened", TICKET)]


def test_killed_after_it_noted_what_it_told_a_run_leaves_nothing_to_tell(project):
    assert monitor(project, killed_after="monitor.noted") == (-signal.SIGKILL, WINDOWS, [TICKET])
    assert monitor(project) == (0, [], [])


def test_killed_between_telling_and_noting_a_run_is_told_once_more_rather_than_lost(project):
    assert monitor(project, killed_after="monitor.told") == (-signal.SIGKILL, WINDOWS, [TICKET])
    assert monitor(project) == (3, WINDOWS, [TICKET])
    assert monitor(project) == (0, [], [])


def test_the_claims_above_are_on_every_step():
    assert EFFECTS["monitor"][1:] == ("judged", "retrained", "told", "noted")
