"""A worker that goes on: a look every half minute, until it is interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from keepfit.errors import KeepfitError
from keepfit.flows.deliver.journal_events import hear_journal
from keepfit.flows.deliver.worker import run_hooks
from keepfit.flows.project import Project

POLL_SECONDS = 30.0
Say = Callable[[str], None]


def keep_delivering(
    root: Path, *, clock: Callable[[], datetime], say: Say, models: Sequence[str] = (), sleep: Callable[[float], None] = time.sleep
) -> NoReturn:
    """Deliver what is due, again and again; params.yaml is read anew each time. `clock` says UTC, without a zone.

    What goes wrong (params.yaml is being edited, the ledger's database restarts) is said once, until it changes.
    """
    trouble = ""
    while True:
        try:
            project, away = Project(root), list[str]()
            if not models:
                hear_journal(project, say=away.append)
            run_hooks(project, now=clock(), say=say, models=models)
            now_wrong = " ".join(away)
        except KeepfitError as bad:
            now_wrong = " ".join(str(bad).split())
        if now_wrong and now_wrong != trouble:
            say(f"{now_wrong}; trying again every {POLL_SECONDS:g} s")
        trouble = now_wrong
        sleep(POLL_SECONDS)
