"""Who subscribed to an event: by kind, severity, model and slice; of two events that say the same, whoever subscribed to both hears one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import get_args

from keepfit.params.hooks import SubscriberParams
from keepfit.records import Event, Severity

GRAVEST_FIRST: tuple[Severity, ...] = get_args(Severity)


def subscribed(subscribers: Mapping[str, SubscriberParams], event: Event) -> tuple[str, ...]:
    """Return the names of those that hear of an event, in the order of params.yaml.

    >>> from datetime import datetime
    >>> fell = Event(key="k", kind="ticket_opened", model="flights", subject="t", at=datetime(2013, 3, 1), severity="warning", changed="AUC fell")
    >>> who = {"all": {}, "gravest": {"severity": "critical"}, "others": {"models": "bikes-*"}, "ends": {"events": ["ticket_closed"]}}
    >>> subscribed({name: SubscriberParams(hook="file", **its) for name, its in who.items()}, fell)
    ('all',)
    """
    return tuple(name for name, its in subscribers.items() if _hears(its, event) and not _hears_it_beside(its, event))


def _hears_it_beside(subscriber: SubscriberParams, event: Event) -> bool:
    """Whether the event that says the same is heard."""
    return event.beside is not None and _hears(subscriber, replace(event, kind=event.beside))


def _hears(subscriber: SubscriberParams, event: Event) -> bool:
    return (
        (not subscriber.events or event.kind in subscriber.events)
        and (event.severity is None or as_grave(event.severity, subscriber.severity))
        and fnmatchcase(event.model, subscriber.models)
        and (not subscriber.slices or _any_slice(event.slices, subscriber.slices))
    )


def as_grave(severity: Severity, least: Severity) -> bool:
    """Whether a severity is at least another."""
    return GRAVEST_FIRST.index(severity) <= GRAVEST_FIRST.index(least)


def _any_slice(slices: Iterable[str], wanted: Iterable[str]) -> bool:
    return any(fnmatchcase(one, pattern) for one in slices for pattern in wanted)
