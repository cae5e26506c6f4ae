"""The hook `notify`: mail, Slack, Teams, Telegram and a hundred more, by the library Apprise (the extra `keepfit[notify]`)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from keepfit.hooks import HookError, Surroundings
from keepfit.records import Message, Severity

if TYPE_CHECKING:
    from apprise import Apprise

SAID = 200
LONGEST_TITLE = 200
SHORTEST_SECRET = 5
SEEN_AS: dict[Severity, str] = {"critical": "failure", "warning": "warning", "info": "info"}
"""Apprise's kinds of a notification: services show a colour or a sign for each."""


@dataclass(frozen=True, kw_only=True)
class NotifyHook:
    """Send title and text to the one service whose Apprise address (`mailto://…`, `slack://…`) the environment variable `url_env` holds.

    One address a subscriber: of two, one that fails would make the other hear everything again. The same holds for an address with several receivers.
    Whatever fails is tried again: Apprise does not say if trying again may help. A service knows no key of a message: what was sent twice arrives twice.
    """

    url_env: str | None = None
    seconds: Annotated[float, Field(gt=0)] = 30.0
    name: ClassVar[str] = "notify"
    same_everywhere: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Refuse what could never be sent."""
        if self.url_env is None:
            raise ValueError("url_env is needed: the name of an environment variable with an Apprise address (mailto://user:password@example.org)")

    def deliver(self, message: Message, *, around: Surroundings) -> str:
        """Send it and return by which service; raises `HookError`."""
        where = f"hooks.subscribers.{message.subscriber}"
        address = around.environment.get(str(self.url_env))
        if not address:
            raise HookError(f"{self.url_env} is not set in the environment", again=False, where=where, fix=f"export {self.url_env}=…, where the worker runs")
        service = _service(address, str(self.url_env), where)
        title = _one_line(message.title)[:LONGEST_TITLE]
        body = message.text if message.text.strip() else title or message.key  # Apprise refuses an empty one
        with service.notify(body=body, title=title, notify_type=_kind(message), body_format="text", timeout=self.seconds) as result:
            if bool(result):  # an object: `is True` and `== True` never hold
                return f"sent by {', '.join(one.name for one in result)}"
            said = [entry.message for entry in result.logs()]
            timed_out = bool(result.timeout_count)
        what = f"it did not take the message within {self.seconds:g} seconds" if timed_out else "it did not take the message"
        raise HookError(f"{what}{_last(said, address)}", again=True, where=where, fix=f"look at the address in {self.url_env}, and if the service works")


def _service(address: str, variable: str, where: str) -> Apprise:
    """Apprise with the one service of the address, and nothing else: no templates, no plugins and no state of this machine's."""
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError as missing:
        raise HookError("Apprise is not installed", again=False, where=where, fix="pip install 'keepfit[notify]'") from missing
    logging.getLogger("apprise").addHandler(logging.NullHandler())  # what it logs is in its result
    service = Apprise(asset=AppriseAsset(app_id="keepfit", app_desc="keepfit", allow_templates=False, storage_mode="memory", secure_logging=True))
    if not service.add(address) or len(service) != 1:
        fix = "one address, as https://appriseit.com lists them; a subscriber for each"
        raise HookError(f"{variable} does not hold one Apprise address", again=False, where=where, fix=fix)
    return service


def _kind(message: Message) -> str:
    """As the gravest of its events."""
    found = {event.severity for event in message.events}
    return next((kind for severity, kind in SEEN_AS.items() if severity in found), "info")


def _one_line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _last(said: Iterable[str], address: str) -> str:
    """The last line that Apprise logged, without any part of the address that may be a secret."""
    line = next((one for one in reversed([_one_line(each) for each in said]) if one), "")
    for part in sorted(re.split(r"[/:@?&=,\s]", address), key=len, reverse=True):
        line = line.replace(part, "…") if len(part) >= SHORTEST_SECRET else line
    return f": {line[:SAID]}" if line else ""
