"""One call of a hook: it returns words, raises `HookError`, or its time is over; nothing else comes out of it."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from datetime import datetime

from keepfit.errors import KeepfitError, ParamsError, UnknownNameError, unforeseen
from keepfit.flows.project import Project
from keepfit.hooks import DEADLINE_SECONDS, Hook, HookError, Surroundings
from keepfit.records import Message

SAID = 300
DAY_SECONDS, TO_CLEAN_UP_SECONDS = 24 * 3600.0, 15.0


def seconds_of(hook: object) -> float:
    """Return how long a call of the hook may take, a day at most: its `deadline_seconds`, or what its field `seconds` limits it to and time to clean up."""
    own = getattr(hook, "seconds", None)
    said = getattr(hook, "deadline_seconds", own + TO_CLEAN_UP_SECONDS if isinstance(own, int | float) else None)
    return min(float(said), DAY_SECONDS) if isinstance(said, int | float) and said > 0 else DEADLINE_SECONDS


def attempt(hook: Hook, message: Message, *, around: Surroundings) -> str:
    """Hand the message over and return what the hook said; raises `HookError`, also for what else the hook raises and where it does not end.

    The call runs in a thread of its own. One that hangs is left behind: it may still deliver, and the next attempt has the same key.
    """
    seconds, call = seconds_of(hook), _Call(hook=hook, message=message, around=around)
    thread = threading.Thread(target=call.run, name="keepfit-hook", daemon=True)
    thread.start()
    thread.join(seconds)
    if call.error is not None:
        raise call.error
    if call.said is None:
        raise HookError(f"no answer within {seconds:g} s", again=True, fix="see if the receiver works")
    return call.said


def surroundings(project: Project, *, now: datetime) -> Surroundings:
    """Return what a hook may use besides its fields."""
    return Surroundings(root=str(project.root), environment=dict(os.environ), now=now)


@dataclass
class _Call:
    hook: Hook
    message: Message
    around: Surroundings
    said: str | None = None
    error: HookError | None = field(default=None)

    def run(self) -> None:
        try:
            self.said = " ".join(str(self.hook.deliver(self.message, around=self.around) or "taken").split())[:SAID]
        except HookError as bad:
            self.error = bad
        except BaseException as bad:  # noqa: BLE001 - whatever a hook raises, also SystemExit, is about this message
            self.error = as_hook_error(bad)


def as_hook_error(bad: BaseException) -> HookError:
    """Return what a hook raised in the place of a `HookError`: what params.yaml has wrong is no better later, anything else may be."""
    known = bad if isinstance(bad, KeepfitError) else unforeseen(bad)
    error = HookError(known.what, again=not isinstance(known, ParamsError | UnknownNameError), where=known.where, fix=known.fix)
    error.__cause__ = bad
    return error
