r"""The message that one event, or several in a digest, become: plain text that somebody understands at three in the morning.

At most ten lines of at most 160 columns: which model and what happened; what changed; who is affected; how bad, with its interval; what is proposed; what
happens if nobody acts until the morning; two commands; a link. Names of columns, files and models come from data that nobody vouches for: whatever they
hold comes out as text on one line, that no shell, mail program or page takes for anything else.

>>> from datetime import datetime
>>> fell = Event(key="k", kind="ticket_opened", model="m", subject="t", at=datetime(2013, 3, 1), ticket="2013-02-harm", version="3", changed="AUC\nfell")
>>> message_of([fell], subscriber="ops").text
'm v3: ticket 2013-02-harm opened\nwhat changed: AUC fell'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import get_args

from keepfit.records import Event, EventKind, Message, Severity
from keepfit.report.tables import plain, shorten

LINES, COLUMNS, TITLE = 10, 160, 120
GRAVEST_FIRST: tuple[Severity | None, ...] = (*get_args(Severity), None)
HAPPENED: dict[EventKind, str] = {
    "ticket_opened": "ticket {ticket} opened",
    "ticket_grown": "ticket {ticket} has grown",
    "ticket_closed": "ticket {ticket} closed",
    "window_blocked": "window {window} is blocked",
    "no_rows": "no rows came in window {window}",
    "candidate_ready": "candidate {version} is ready for review",
    "candidate_refused": "candidate {version} failed",
    "candidate_undecided": "candidate {version} needs a person",
    "promotion_refused": "the promotion of {version} was refused",
    "promoted": "{version} was promoted",
    "rolled_back": "{version} serves again",
    "probation_ended": "the probation of {version} is over",
}
OF_THE_CHAMPION: tuple[EventKind, ...] = ("ticket_opened", "ticket_grown", "ticket_closed", "window_blocked", "no_rows")
"""Events whose version is the one that serves, not the one that they are about."""
HOW: dict[EventKind, str] = {
    "candidate_ready": "how good",
    "candidate_refused": "how good",
    "candidate_undecided": "how good",
    "promoted": "on what grounds",
    "rolled_back": "on what grounds",
}
"""What `bad` is called where nothing is bad."""
_WWW = re.compile(r"(?<=www)(?=\.)", re.IGNORECASE)
_TAG = re.compile(r"<(?=[!@#/A-Za-z])")
_CALL = re.compile(r"@(?=here|channel|everyone|all)", re.IGNORECASE)


def message_of(events: Sequence[Event], *, subscriber: str, key: str | None = None, attempt: int = 1) -> Message:
    """Return the message of one event, or the digest of several in their order; `ValueError` for none.

    The same events give the same message; `key` names it where it was named before.
    """
    if not events:
        raise ValueError("a message is of one event or more")
    single = len(events) == 1
    return Message(
        key=key or (f"{events[0].key}:{subscriber}" if single else _digest_key(events, subscriber)),
        subscriber=subscriber,
        model=events[0].model,
        title=shorten(heading(events[0]) if single else _digest_title(events), TITLE),
        text="\n".join(_lines(events[0]) if single else _digest_lines(events)),
        events=tuple(events),
        attempt=attempt,
    )


def heading(event: Event) -> str:
    """Return in one line which model it is and what happened, with how bad it is."""
    version = f"v{event.version}" if event.version else "a version"
    named = HAPPENED[event.kind].format(ticket=event.ticket or event.subject, window=event.window or event.subject, version=version)
    serving = f" {version}" if event.version and event.kind in OF_THE_CHAMPION else ""
    was = "was " if event.kind == "ticket_closed" else ""
    return harmless(f"{event.model}{serving}: {named}{f' ({was}{event.severity})' if event.severity else ''}")


def harmless(text: str) -> str:
    r"""Return a text on one line that is no link, tag, mention or code for whatever shows it.

    >>> harmless("a\nBcc: b@c.org"), harmless("[x](http://e.vil)"), harmless("<!channel> <b>x <= 3"), harmless("`id`")
    ('a Bcc: b@c.org', '[x] (http: //e.vil)', '< !channel> < b>x <= 3', "'id'")
    """
    one_line = " ".join(plain(text).split()).replace("`", "'").replace("](", "] (").replace("://", ": //")
    return _CALL.sub("@ ", _TAG.sub("< ", _WWW.sub(" ", one_line)))


def _lines(event: Event) -> list[str]:
    labelled = (
        ("what changed", event.changed),
        ("affected", event.affected),
        (HOW.get(event.kind, "how bad"), event.bad),
        ("proposed", event.proposed),
        ("if it waits until 09:00", event.otherwise),
    )
    said = [shorten(f"{label}: {harmless(text)}", COLUMNS) for label, text in labelled if text]
    typed = [f"  {command}" for command in map(_whole, event.commands[:2]) if 0 < len(command) <= COLUMNS - 2]
    link = [address for address in (_whole(event.link or ""),) if 0 < len(address) <= COLUMNS]
    return [shorten(heading(event), COLUMNS), *said, *typed, *link]


def _whole(text: str) -> str:
    """A command or a link is shown whole or not at all: what is cut off does something else."""
    return " ".join(plain(text).split())


def _digest_lines(events: Sequence[Event]) -> list[str]:
    """A line an event in their order; of too many the gravest, and how many more there are."""
    fits = len(events) if len(events) <= LINES else LINES - 1
    shown = sorted(sorted(range(len(events)), key=lambda at: GRAVEST_FIRST.index(events[at].severity))[:fits])
    lines = [shorten(f"{events[at].at:%m-%d %H:%M} {heading(events[at])}: {harmless(events[at].changed)}", COLUMNS) for at in shown]
    more = len(events) - fits
    return [*lines, f"and {more:,} more"] if more else lines


def _digest_title(events: Sequence[Event]) -> str:
    models = list(dict.fromkeys(event.model for event in events))
    named = harmless(models[0]) + (f" and {len(models) - 1} more models" if len(models) > 1 else "")
    critical = sum(event.severity == "critical" for event in events)
    return f"{shorten(named, TITLE // 2)}: {len(events):,} events{f', {critical:,} of them critical' if critical else ''}"


def _digest_key(events: Sequence[Event], subscriber: str) -> str:
    keys = "\n".join(event.key for event in events)
    return f"digest:{subscriber}:{sha256(keys.encode()).hexdigest()[:32]}"
