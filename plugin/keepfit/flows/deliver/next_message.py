"""Which deliveries go in the next message: the oldest that is due, after all that came before it of the same subject, and in a digest all that are due.

What is dead, dropped or delivered stands in nobody's way; what waits for another attempt, or is with another worker, does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from keepfit.records import Delivery

WRONG_CLOCK = timedelta(days=3)
"""No delay is as long: a time that lies further ahead was written by a clock that was wrong, and does not count."""
IN_A_DIGEST = 500


def next_message(
    rows: Sequence[Delivery], *, now: datetime, digests: Collection[str] = (), without: Collection[str] = (), ended: Collection[str] = ()
) -> tuple[Delivery, ...]:
    """Return the open deliveries that go in the next message, none if nothing may go now; `rows`: all that are open, in their order.

    `digests` are the subscribers that get all that is due in one message, `without` those that are not served now, `ended` workers whose leases are over.
    What was tried before in one message stays in one.

    >>> at = datetime(2013, 3, 1)
    >>> def row(number, subject, due): return Delivery(number=number, model="m", event="e", subscriber="s", subject=subject, last_attempt=20, due=due, made=at)
    >>> later = [row(1, "ticket", at + timedelta(minutes=2)), row(2, "ticket", at), row(3, "window", at)]
    >>> [one.number for one in next_message(later, now=at)]
    [3]
    >>> [one.number for one in next_message(later, now=at + timedelta(minutes=2), digests=["s"])]
    [1, 2, 3]
    """
    passed: set[tuple[str, str]] = set()
    for row in rows:
        if row.subscriber not in without and (row.subscriber, row.subject) not in passed and is_ready(row, now, ended=ended):
            return _with(row, rows, now=now, digest=row.subscriber in digests)
        passed.add((row.subscriber, row.subject))
    return ()


def next_due(rows: Sequence[Delivery]) -> datetime | None:
    """Return when the next of the open deliveries is due, or its lease over; what waits for another of its subject does not count."""
    first: dict[tuple[str, str], Delivery] = {}
    for row in rows:
        first.setdefault((row.subscriber, row.subject), row)
    return min((row.lease or row.due for row in first.values()), default=None)


def is_ready(row: Delivery, now: datetime, *, ended: Collection[str] = ()) -> bool:
    """Whether an open delivery is due, or its lease is over: by its time, or as its worker is among those that `ended`."""
    if row.lease is not None and row.owner in ended:
        return True
    moment = row.due if row.lease is None else row.lease
    return moment <= now or moment > now + WRONG_CLOCK


def _with(first: Delivery, rows: Sequence[Delivery], *, now: datetime, digest: bool) -> tuple[Delivery, ...]:
    of_one = [row for row in rows if row.subscriber == first.subscriber]
    if first.message is not None:
        return tuple(row for row in of_one if row.message == first.message)
    if not digest:
        return (first,)
    found: list[Delivery] = []
    passed: set[str] = set()
    for row in of_one:
        if row.subject not in passed and row.message is None and is_ready(row, now) and len(found) < IN_A_DIGEST:
            found.append(row)
        else:
            passed.add(row.subject)
    return tuple(found)
