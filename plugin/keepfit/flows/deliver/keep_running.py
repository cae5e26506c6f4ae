"""`keepfit hooks run`: hear what the gate did, then deliver what is due; once, or every half minute until it is interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from keepfit.errors import KeepfitError
from keepfit.flows.deliver.delivered import Delivered
from keepfit.flows.deliver.journal_events import hear_journal
from keepfit.flows.deliver.worker import run_hooks
from keepfit.flows.project import Project

POLL_SECONDS = 30.0
Say = Callable[[str], None]


def utc_now() -> datetime:
    """Return the time that it is, in UTC without a zone, as the ledger's deliveries have it."""
    return datetime.now(UTC).replace(tzinfo=None)


def hear_and_deliver(project: Project, *, say: Say, models: Sequence[str] = ()) -> Delivered:
    """Owe the events of the gate's journal of the project's own model, then deliver what is due; a server that is away keeps nothing from being delivered."""
    if not models:
        hear_journal(project, say=say)
    return run_hooks(project, now=utc_now(), say=say, models=models)


def keep_delivering(root: Path, *, say: Say, models: Sequence[str] = (), sleep: Callable[[float], None] = time.sleep) -> NoReturn:
    """Do so again and again; params.yaml is read anew each time.

    What is wrong for longer (params.yaml is being edited, the database restarts, the server is away) is said once, until something else is.
    """
    before: set[str] = set()
    while True:
        said: list[str] = []
        try:
            hear_and_deliver(Project(root), say=said.append, models=models)
        except KeepfitError as bad:
            said.append(f"{' '.join(str(bad).split())}; trying again every {POLL_SECONDS:g} s")
        for line in said:
            if line not in before:
                say(line)
        before = set(said)
        sleep(POLL_SECONDS)
