"""An error that nobody foresaw ends a command, or a stage, with a sentence; the traceback is there for who asks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

COMMAND = """
import keepfit.flows.project as project
def broken():
    raise ZeroDivisionError("division by zero")
project.find_project = broken
from keepfit.cli import main
main()
"""
STAGE = """
from keepfit.flows.stages.stage import run_stage
def broken():
    raise ZeroDivisionError("division by zero")
run_stage(broken)
"""


def ended(script, **env):
    command = [sys.executable, "-c", script, "ticket"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **env})


@pytest.mark.parametrize("script", [COMMAND, STAGE], ids=["command", "stage"])
def test_an_error_that_nobody_foresaw_is_a_sentence_and_how_to_see_the_traceback(script):
    done = ended(script)
    assert (done.returncode, done.stdout) == (1, "")
    sentence, fix = done.stderr.splitlines()
    assert sentence.startswith("keepfit: ZeroDivisionError: division by zero")
    assert fix == "  fix: KEEPFIT_TRACEBACK=1 before the command shows where it comes from"
    asked = ended(script, KEEPFIT_TRACEBACK="1")
    assert (asked.returncode, "Traceback (most recent call last)" in asked.stderr) == (1, True)
    assert asked.stderr.splitlines()[-2:] == done.stderr.splitlines()
