"""What a hook is: one way to let somebody, or some program, hear of an event. `docs/extend.md` says how to write one.

A member of the family `hooks` is a frozen dataclass whose fields are its keys in `params.yaml` and whose `deliver` either returns, and the message
was taken, or raises `HookError`. It may be called again with the same message (`Message.key` is the same): after a crash nobody knows if the
first call arrived. A secret is never a field: a field that ends in `_env` holds the name of the environment variable with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable

from keepfit.errors import KeepfitError
from keepfit.records import Message

DEADLINE_SECONDS = 30.0
"""How long a call of a hook may take, unless it says something else in `deadline_seconds`, or limits itself by a field `seconds`."""


class HookError(KeepfitError):
    """A message that was not taken; `again` says if trying later may help (the receiver is away) or not (it refuses, or is named wrongly).

    `after` is how many seconds the receiver asked to wait, where it did.
    """

    def __init__(self, what: str, *, again: bool, where: str | None = None, fix: str | None = None, after: float | None = None) -> None:
        self.again = again
        self.after = after
        super().__init__(what, where=where, fix=fix)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a hook may use besides its fields: the project's folder (absolute, as text), the environment, and the time of this attempt (UTC)."""

    root: str
    environment: Mapping[str, str] = field(default_factory=dict)
    now: datetime


@runtime_checkable
class Hook(Protocol):
    """A member of the family `hooks`; one that needs longer than `DEADLINE_SECONDS` says so in an attribute `deadline_seconds`.

    One whose messages reach the same place from whichever project they come (an address) may say so by `same_everywhere = True`: then one message
    may speak for several models of a fleet.
    """

    name: ClassVar[str]

    def deliver(self, message: Message, *, around: Surroundings) -> str:
        """Hand the message over and return in some words what became of it ("posted", a pull request's address); raises `HookError`."""
        ...
