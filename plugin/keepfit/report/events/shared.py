"""Events of one cause in several models, as the one event that is delivered for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from keepfit.records import Event, Severity

GRAVEST_FIRST: tuple[Severity | None, ...] = (*get_args(Severity), None)
NAMES = 3


def told_as_one(events: Sequence[Event]) -> Event:
    """Return the first event with the others in it: which models they are about, the gravest severity, all columns and slices; `ValueError` for none.

    It keeps its key, model, ticket and commands: who follows them finds the first ticket of the cause; the others stand in their models' ledgers.

    >>> from datetime import datetime
    >>> moved = [Event(key=m, kind="ticket_opened", model=m, subject="t", at=datetime(2013, 3, 1), changed="x moved") for m in "abc"]
    >>> told_as_one(moved).changed
    'one cause in 3 models (also b, c): x moved'
    """
    if not events:
        raise ValueError("one event or more")
    first, others = events[0], events[1:]
    if not others:
        return first
    named = [event.model for event in others if event.model != first.model]
    more = f" and {len(named) - NAMES} more" if len(named) > NAMES else ""
    return replace(
        first,
        changed=f"one cause in {len(named) + 1} models (also {', '.join(named[:NAMES])}{more}): {first.changed}",
        severity=min((event.severity for event in events), key=GRAVEST_FIRST.index),
        columns=tuple(dict.fromkeys(column for event in events for column in event.columns)),
        slices=tuple(dict.fromkeys(slice_ for event in events for slice_ in event.slices)),
    )
