"""`params.yaml: hooks`: who hears of what happens to a model, how, and when not."""

from __future__ import annotations

import re
from datetime import time
from typing import Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from keepfit.errors import did_you_mean
from keepfit.params.secrets import refuse_secrets
from keepfit.params.section import Chosen, Section
from keepfit.records import EventKind, Severity

KINDS: tuple[EventKind, ...] = get_args(EventKind)
CLOCK = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")


def known_timezone(name: str) -> str:
    """Return the name of a zone as it is; raises `ValueError` for one that the IANA database does not have."""
    try:
        if name != "UTC":  # known without a database
            ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as bad:
        raise ValueError("a timezone is a name of the IANA database: UTC, America/New_York") from bad
    return name


def clock_time(text: str) -> time:
    """Return a time of day written as HH:MM; raises `ValueError`."""
    if not CLOCK.match(text):
        raise ValueError("a time of day is written in quotes as 'HH:MM': '22:00'")
    return time.fromisoformat(text)


class QuietParams(Section):
    """Hours in which nothing is delivered but what is as severe as `unless`; what came in them is delivered at their end."""

    begins: str
    ends: str
    timezone: str = "UTC"
    unless: Severity | None = "critical"

    @field_validator("begins", "ends")
    @classmethod
    def _a_time_of_day(cls, text: str) -> str:
        clock_time(text)
        return text

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        return known_timezone(name)


class DigestParams(Section):
    """One message a day at a time of day, instead of one for each event."""

    at: str
    timezone: str = "UTC"

    @field_validator("at")
    @classmethod
    def _a_time_of_day(cls, text: str) -> str:
        clock_time(text)
        return text

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        return known_timezone(name)


class SubscriberParams(Chosen):
    """Who hears of which events, by which hook; the other keys are the hook's own."""

    hook: str
    events: tuple[EventKind, ...] = ()
    severity: Severity = "info"
    models: str = "*"
    slices: tuple[str, ...] = ()
    quiet: QuietParams | None = None
    digest: DigestParams | None = None

    @field_validator("events", mode="before")
    @classmethod
    def _known_events(cls, given: object) -> object:
        listed = [given] if isinstance(given, str) else given
        for name in listed if isinstance(listed, list | tuple) else ():
            if name not in KINDS:
                raise ValueError(f"no event {str(name)[:40]!r} ({did_you_mean(str(name), KINDS)})")
        return listed

    @model_validator(mode="after")
    def _no_secret(self) -> Self:
        refuse_secrets(self.fields)
        return self


class HookParams(Section):
    """What follows a ticket, and who hears of what."""

    retrain: Literal["ask", "auto"] = "ask"
    subscribers: dict[str, SubscriberParams] = Field(default_factory=dict)
