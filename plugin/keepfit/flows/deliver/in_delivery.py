"""One message on its way: the deliveries that are leased for it, and their events."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from keepfit.records import Delivery, Event, Message
from keepfit.report.message import message_of


@dataclass(frozen=True, kw_only=True)
class InDelivery:
    """What one message is made of."""

    rows: tuple[Delivery, ...]
    events: tuple[Event, ...]

    @property
    def subscriber(self) -> str:
        """Who gets it."""
        return self.rows[0].subscriber

    @property
    def attempt(self) -> int:
        """Which attempt it is, from 1."""
        return max(row.attempts for row in self.rows)

    @property
    def key(self) -> str:
        """What names it at each attempt."""
        return key_of(self.rows)

    @property
    def is_last(self) -> bool:
        """Whether it is given up if this attempt fails."""
        return any(row.attempts >= row.last_attempt for row in self.rows)

    def message(self) -> Message:
        """Return it as it is sent."""
        return message_of(self.events, subscriber=self.subscriber, key=self.key, attempt=self.attempt)


def key_of(rows: Sequence[Delivery]) -> str:
    """Return the key of the message of these deliveries: the one that they went out in before, else made of their events."""
    first = rows[0]
    if first.message is not None:
        return first.message
    if len(rows) == 1:
        return f"{first.event}:{first.subscriber}"
    return f"digest:{first.subscriber}:{sha256(chr(0).join(row.event for row in rows).encode()).hexdigest()[:24]}"


def this_worker() -> str:
    """Return what this process is called in a lease: its machine, its number, and the space of process numbers (a container's) that this is in."""
    return f"{platform.node()[:200]}:{os.getpid()}:{_number_space()}"


def ended_workers(rows: Iterable[Delivery]) -> frozenset[str]:
    """Return the workers in leases that are known to have ended: they ran here, and no process has their number. Of others only the lease's end is known."""
    return frozenset(owner for owner in {row.owner for row in rows if row.lease is not None} if owner is not None and _has_ended(owner))


def _has_ended(owner: str) -> bool:
    number, space = owner.split(":")[-2:] if owner.count(":") > 1 else ("", "")
    if not number.isdigit() or not space or owner != f"{platform.node()[:200]}:{number}:{_number_space()}":
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _number_space() -> str:
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return ""
