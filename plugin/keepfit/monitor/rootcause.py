"""One cause for simultaneous alarms: what lies upstream explains what lies downstream.

Broken columns move distributions, moved distributions move errors: schema > quality > regret > harm > opportunity > age > drift.
Drift as a ground comes last: it pages only where it is asked to, and only if nothing that hurts or helps explains the window better.
The order is fixed knowledge, not inference: two independent faults in one window are told as one cause, the other listed under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepfit.records import Action, Ground

ORDER: tuple[Ground, ...] = ("schema", "quality", "regret", "harm", "opportunity", "age", "drift")
ACTIONS: dict[Ground, Action] = {
    "schema": "inspect",
    "quality": "inspect",
    "regret": "rollback",
    "harm": "improve",
    "opportunity": "improve",
    "age": "improve",
    "drift": "inspect",
}


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One ground to act, about one subject, with its sentence; `size` orders alarms of the same ground."""

    ground: Ground
    subject: str
    sentence: str
    size: float = 0.0

    @property
    def cause(self) -> str:
        """What identifies the root cause over time: `quality:flights_have_weather`, `harm:overall`, `opportunity`."""
        return f"{self.ground}:{self.subject}" if self.subject else self.ground


def root_first(alarms: Sequence[Alarm]) -> tuple[Alarm, ...]:
    """Return the alarms with the root cause first, then what it explains; deterministic for any order of the input.

    >>> late = Alarm(ground="harm", subject="overall", sentence="worse")
    >>> lost = Alarm(ground="quality", subject="weather", sentence="no weather")
    >>> [alarm.cause for alarm in root_first([late, lost])]
    ['quality:weather', 'harm:overall']
    """
    return tuple(sorted(alarms, key=lambda alarm: (ORDER.index(alarm.ground), -alarm.size, alarm.subject)))
