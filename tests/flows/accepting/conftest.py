"""A reviewed candidate that may be accepted, made once a session of the small project's failed one: its one failing expectation holds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.flows.projects import TICKET, Small

from keepfit.flows.accepting.accept import Acceptance, accept
from keepfit.records import Scorecard, from_json, to_json

BRANCH = f"retrain/{TICKET}"
CARD = "reports/scorecard.json"


def rewrite_card(small: Small, change: Callable[[Scorecard], Scorecard]) -> None:
    """Let the branch's commit hold another scorecard, as if evaluate had found that; dvc.lock names it."""
    folder = small.root.parent / "rewriting"
    small.git("worktree", "add", "--quiet", str(folder), BRANCH)
    before = (folder / CARD).read_bytes()
    after = to_json(change(from_json(Scorecard, before))).encode()
    (folder / CARD).write_bytes(after)
    lock = (folder / "dvc.lock").read_text()
    names = [hashlib.md5(text, usedforsecurity=False).hexdigest() for text in (before, after)]
    (folder / "dvc.lock").write_text(lock.replace(*names))
    within(folder, small, "commit", "--quiet", "--all", "--amend", "--no-edit")
    small.git("worktree", "remove", "--force", str(folder))


def within(folder: Path, small: Small, *arguments: str) -> str:
    return Small(folder, small.registry).git(*arguments)


def passing(card: Scorecard) -> Scorecard:
    return replace(card, expectations=tuple(replace(one, status="pass", unexpected=0, sample=()) for one in card.expectations))


@pytest.fixture(scope="session")
def reviewed(improved, tmp_path_factory) -> Small:
    """The ticket's candidate passed and somebody has read its review; the registry is one file, without the gate."""
    small = improved.copy(tmp_path_factory.mktemp("reviewed"))
    rewrite_card(small, passing)
    return small


def undecided(card: Scorecard) -> Scorecard:
    """Too few rows to tell on all rows; the preset lets a person approve that."""
    found = [replace(row, status="undecided", low=-0.3, high=0.3, detail="too few rows") if row.slice == "overall" else row for row in card.rows]
    return replace(card, rows=tuple(found))


# -- accept, in a process of its own --------------------------------------------------------------------------------------


def accepted(small: Small, **how: object) -> Acceptance:
    """Call accept here, as a person who says yes; without the gate nobody writes the verdict that a promotion waits for."""
    told = accept(small.project, TICKET, **{"ask": lambda _: True, **how})
    assert told is not None
    return told


def killed_after(small: Small, place: str, **how: object) -> int:
    """Call accept in a process of its own, which kills itself after an effect; return how it ended. Forked: what is imported here is imported there."""
    process = os.fork()
    if process == 0:
        os.chdir(small.root)
        os.environ["KEEPFIT_KILL_AFTER"] = place
        try:
            accepted(small, **how)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch):
    """A registry without the gate writes no verdict: nothing is waited for."""
    from keepfit.flows.promotion import promote

    monkeypatch.setattr(promote, "PATIENCE_SECONDS", 0.0)


@pytest.fixture
def small(reviewed, tmp_path, monkeypatch) -> Small:
    """A copy, whose registry this process talks to."""
    found = reviewed.copy(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", found.uri)
    return found


@pytest.fixture
def gated(small, monkeypatch) -> Small:
    """The same with the gate before the registry, in this process: its rules are the project's."""
    from mlflow import MlflowClient

    from keepfit.integrations.mlflow.client.connection import Connection

    monkeypatch.setenv("KEEPFIT_GATE", str(small.root / "gate.yaml"))
    monkeypatch.setattr(Connection, "_own", lambda self: MlflowClient(tracking_uri=self.uri, registry_uri=f"keepfit:{self.uri}"))
    return small
