"""When a message may be delivered: not in quiet hours, and once a day where a digest is asked for. All times are UTC without a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from keepfit.flows.deliver.subscribed import as_grave
from keepfit.params.hooks import QuietParams, SubscriberParams, clock_time
from keepfit.records import Event


def due(subscriber: SubscriberParams, event: Event, *, now: datetime) -> datetime:
    """Return from when on a subscriber may hear of an event: now, at the end of the quiet hours, or at the time of the digest.

    >>> from keepfit.params.hooks import DigestParams
    >>> fell = Event(key="k", kind="ticket_opened", model="m", subject="t", at=datetime(2013, 3, 1), severity="warning", changed="AUC fell")
    >>> night = QuietParams(begins="22:00", ends="07:00", timezone="Europe/Berlin")
    >>> due(SubscriberParams(hook="file", quiet=night), fell, now=datetime(2013, 1, 5, 23)).isoformat()
    '2013-01-06T06:00:00'
    >>> due(SubscriberParams(hook="file", digest=DigestParams(at="09:00")), fell, now=datetime(2013, 1, 5, 9)).isoformat()
    '2013-01-06T09:00:00'
    """
    start = now if subscriber.digest is None else _next(subscriber.digest.at, subscriber.digest.timezone, after=now)
    return start if subscriber.quiet is None else _after_quiet(subscriber.quiet, event, start)


def _after_quiet(quiet: QuietParams, event: Event, now: datetime) -> datetime:
    if quiet.unless is not None and event.severity is not None and as_grave(event.severity, quiet.unless):
        return now
    begins, ends, local = clock_time(quiet.begins), clock_time(quiet.ends), _local(now, quiet.timezone).time()
    inside = begins <= local < ends if begins <= ends else local >= begins or local < ends
    return _next(quiet.ends, quiet.timezone, after=now) if inside else now


def _next(clock: str, timezone: str, *, after: datetime) -> datetime:
    """The next time a clock in that zone shows this; one that a change of the clocks leaves out is the moment of the change."""
    local, wanted = _local(after, timezone), clock_time(clock)
    found = (_utc(datetime.combine(local.date() + timedelta(days=days), wanted), timezone) for days in range(3))
    return next(moment for moment in found if moment > after)


def _local(now: datetime, timezone: str) -> datetime:
    return now.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone))


def _utc(local: datetime, timezone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC).replace(tzinfo=None)
