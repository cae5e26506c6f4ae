"""Every effect outside this process that `init`, `register`, `improve` and `accept` have, and the steps of `monitor` and of hooks, in their order.

Each is followed by one `effect()`; `schedule` is `init --schedule` into a project that is there.

A rerun after a crash at any of them must give the same end state; after one of `init`, `--undo` must give the state before it. What `monitor` has
told but not yet noted is told once more; so is a message that `hooks run` has handed over and not yet noted, under the same key.
To try that, `KEEPFIT_KILL_AFTER=improve.commit` kills the process with SIGKILL right after the effect; a test does it for each
name here, another reads that each has its one call.
"""

from __future__ import annotations

import os
import signal
from typing import Literal

Verb = Literal["init", "register", "improve", "accept", "monitor", "hooks", "schedule"]

EFFECTS: dict[Verb, tuple[str, ...]] = {
    "init": ("intent", "kept", "git", "file", "files", "dvc_init", "dvc", "windows", "tracked", "commit", "before", "finished"),
    "schedule": ("files",),
    "register": ("experiment", "run", "reports", "model", "registered_model", "version", "finished"),
    "improve": ("worktree", "windows", "pin", "decision", "repro", "review", "commit", "version_tags", "ledger", "push", "cleanup"),
    "hooks": ("fanned", "leased", "called", "settled"),
    "accept": ("merge_commit", "branch", "merge", "data", "certify", "approve", "promote", "sync", "pin", "resolve"),
    "monitor": ("probation", "judged", "retrained", "told", "noted"),
}


def effect(verb: Verb, name: str) -> None:
    """Say that an effect has just happened; the only thing that listens is a crash test."""
    reached(f"{verb}.{name}")


def reached(place: str) -> None:
    """Kill the process with SIGKILL if this is the place that `KEEPFIT_KILL_AFTER` names."""
    if os.environ.get("KEEPFIT_KILL_AFTER") == place:
        os.kill(os.getpid(), signal.SIGKILL)
