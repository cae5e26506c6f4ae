"""Messages for the hooks' tests: a plain one, and one whose names try to be something else than text."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from keepfit.hooks import Surroundings
from keepfit.records import Event, Message

NOW = datetime(2026, 3, 1, 3)
EVIL = "x'\"\n\r\nBcc: all@example.org\n$(touch pwned) `touch pwned`; touch pwned # {{ 7 * 7 }} <b>@everyone</b> \u202e\0 é"


def event(**changed: Any) -> Event:
    plain = {"key": "ticket_opened:flights:2026-02-harm", "kind": "ticket_opened", "model": "flights", "subject": "2026-02-harm", "at": NOW}
    return Event(**(plain | {"ticket": "2026-02-harm", "severity": "warning", "changed": "AUC fell"} | changed))


def message(*events: Event, **changed: Any) -> Message:
    plain = {"key": "ticket_opened:flights:2026-02-harm>pager", "subscriber": "pager", "model": "flights", "title": "flights: AUC fell", "text": "AUC fell"}
    return Message(**(plain | {"events": events or (event(),)} | changed))


def evil() -> Message:
    about = event(key=EVIL, model=EVIL, subject=EVIL, changed=EVIL, columns=(EVIL,), slices=(EVIL,), branch=None)
    return message(about, key=EVIL, subscriber=EVIL, model=EVIL, title=EVIL, text=EVIL)


def around(root: Path, **environment: str) -> Surroundings:
    return Surroundings(root=str(root), environment=environment, now=NOW)
