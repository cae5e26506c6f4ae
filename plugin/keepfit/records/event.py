"""Records of what subscribers may hear of: an event, and the message that one of them becomes."""

from __future__ import annotations

from datetime import datetime

from keepfit.records.form import record
from keepfit.records.words import EventKind, Severity


@record
class Event:
    """Something that happened to a model, once: `key` names it, so that writing it twice is writing it once.

    `subject` is what it belongs to (a ticket, a window or a version): events of one subject are delivered in their order. `at` is the time of what
    happened, in the table's clock. The text is made where it happened, so that what is delivered later says what was true then: `changed`, who is
    `affected`, how `bad` it is with its interval, what is `proposed`, what happens `otherwise` (if nobody acts); `commands` are two at most. `beside` is the
    kind of an event of the same moment that says this as well: who hears of that one is not sent this one, too.
    """

    schema: int = 1
    key: str
    kind: EventKind
    model: str
    subject: str
    at: datetime
    ticket: str | None = None
    window: str | None = None
    version: str | None = None
    branch: str | None = None
    severity: Severity | None = None
    columns: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    changed: str
    affected: str = ""
    bad: str = ""
    proposed: str = ""
    otherwise: str = ""
    commands: tuple[str, ...] = ()
    link: str | None = None
    beside: EventKind | None = None


@record
class Message:
    """What one subscriber is sent: of one event, or of several in a digest.

    `key` is the same at each attempt: who receives it twice can tell. `title` is one line, `text` at most ten.
    """

    schema: int = 1
    key: str
    subscriber: str
    model: str
    title: str
    text: str
    events: tuple[Event, ...]
    attempt: int = 1
