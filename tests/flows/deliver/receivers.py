"""A receiver in memory that keeps what arrived, and can be away, refuse, hang or lose its answer; and projects that name it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import yaml

from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.hooks import HookError, Surroundings
from keepfit.records import Delivery, Event, Message

NOW = datetime(2026, 3, 2, 3)
BASE = {"model": {"name": "m", "task": "regression", "target": "y"}, "data": {"live": "rows.csv", "time": "t"}}


@dataclass
class Box:
    """What one receiver got, each copy of it; `answers` with nothing, or does what it is set to before or after it kept the message."""

    got: list[Message] = field(default_factory=list)
    before: Callable[[Message], None] | None = None
    after: Callable[[Message], None] | None = None

    @property
    def keys(self) -> list[str]:
        """The keys in their order, each once: a receiver knows a second copy by its key."""
        return list(dict.fromkeys(message.key for message in self.got))

    @property
    def events(self) -> list[str]:
        """The events in the order in which they first arrived, each as often as messages of different keys brought it."""
        first = {message.key: message for message in reversed(self.got)}
        return [event.key for key in self.keys for event in first[key].events]


BOXES: dict[str, Box] = {}


@dataclass(frozen=True, kw_only=True)
class MemoryHook:
    """Puts the message into the box of this name."""

    box: str
    name: ClassVar[str] = "memory"

    def deliver(self, message: Message, *, around: Surroundings) -> str:
        """Keep it."""
        box = BOXES.setdefault(self.box, Box())
        if box.before is not None:
            box.before(message)
        box.got.append(message)
        if box.after is not None:
            box.after(message)
        return f"kept by {around.root.rpartition('/')[2] and self.box}"


class HastyHook(MemoryHook):
    """The same with a deadline that a test can wait for."""

    deadline_seconds: ClassVar[float] = 0.05
    name: ClassVar[str] = "hasty"


def away(_message: Message) -> None:
    """Nobody answers."""
    raise HookError("the receiver is away", again=True)


def refuses(_message: Message) -> None:
    """It will never take it."""
    raise HookError("the receiver answers 403", again=False)


def hangs(_message: Message) -> None:
    """Longer than a hasty hook's deadline, then it goes on."""
    time.sleep(0.15)


def settle_threads() -> None:
    """Wait for the calls that were left behind."""
    for thread in threading.enumerate():
        if thread.name == "keepfit-hook":
            thread.join(2)


def project_with(folder: Path, **subscribers: object) -> Project:
    """A project of the model `m` with these subscribers; its ledger lies beside it."""
    folder.mkdir(exist_ok=True)
    text = yaml.safe_dump(BASE | {"hooks": {"subscribers": subscribers}} if subscribers else BASE)
    (folder / "params.yaml").write_text(text)
    (folder / "baseline.json").write_text('{"champion": null, "previous": null, "schema": 1}\n')
    return Project(folder)


def event(name: str, *, subject: str = "2026-02-harm", model: str = "m", severity: str | None = None) -> Event:
    return Event(
        key=f"{name}:{model}", kind="ticket_opened", model=model, subject=subject, at=datetime(2026, 3, 1), severity=severity, changed=f"{name} changed"
    )


def owe(project: Project, *events: Event) -> None:
    with ledger_of(project) as ledger, ledger.transaction() as book:
        for one in events:
            book.owe_event(one)


def rows_of(project: Project, model: str = "m") -> tuple[Delivery, ...]:
    with ledger_of(project) as ledger, ledger.reading() as book:
        return book.deliveries(model)


def statuses(project: Project) -> list[tuple[str, str, str]]:
    return [(row.event.partition(":")[0], row.subscriber, row.status) for row in rows_of(project)]
