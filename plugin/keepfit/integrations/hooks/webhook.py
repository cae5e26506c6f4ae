"""The hook `webhook`: the message as JSON in a POST, signed, to an address that is of the public internet or was allowed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Annotated, ClassVar
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field

from keepfit.hooks import HookError, Surroundings
from keepfit.integrations.hooks.reachable import check_allowed, reachable
from keepfit.integrations.hooks.signature import KEY, header_key, signed
from keepfit.records import Message, canonical

if TYPE_CHECKING:
    from keepfit.integrations.hooks.posting import Answered, Target

NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
VALUE = re.compile(r"[\x20-\x7e]{0,4000}")
ADDRESS = re.compile(r"[\x21-\x7e]{1,4000}")
OURS = re.compile(r"(?:host|connection|content-length|content-type|transfer-encoding|te|trailer|upgrade|expect|keepfit-.*|idempotency-key)", re.IGNORECASE)
LATER = (408, 425, 429)
LEAST_SECRET = 16
LONGEST_WAIT = 86_400.0
Seconds = Annotated[float, Field(gt=0)]


@dataclass(frozen=True, kw_only=True)
class WebhookHook:
    """POST to `url`, or to what the variable `url_env` holds; with `secret_env` signed (`signature.py`); always with an `Idempotency-Key`, the message's key.

    Taken: 2xx. Tried again: 408, 425, 429 and 5xx, when `Retry-After` says, and where no answer came. Not tried again: other 4xx, and 3xx, as nobody
    has looked at where a redirect leads. The receiver may get it twice. Blind to what a proxy of the environment would have let through: none is used.
    """

    url: str | None = None
    url_env: str | None = None
    secret_env: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    headers_env: Mapping[str, str] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    connect_seconds: Seconds = 5.0
    read_seconds: Seconds = 15.0
    seconds: Seconds = 30.0
    name: ClassVar[str] = "webhook"
    same_everywhere: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Refuse what could never be sent."""
        if (self.url is None) == (self.url_env is None):
            raise ValueError("either url or url_env (the name of an environment variable with the address) is needed")
        if self.url is not None:
            _split(self.url)
        check_allowed(self.allow)
        for name in (*self.headers, *self.headers_env):
            if not NAME.fullmatch(name) or OURS.fullmatch(name):
                raise ValueError(f"{name[:40]!r} is no name of a header that can be set")
        for name, value in self.headers.items():
            if not VALUE.fullmatch(value):
                raise ValueError(f"the header {name!r} holds what no header can: one line of ASCII")

    @property
    def deadline_seconds(self) -> float:
        """All that a call may take: the name, the connection, the answer, and a moment."""
        return 2 * self.connect_seconds + self.seconds + 5

    def deliver(self, message: Message, *, around: Surroundings) -> str:
        """Send it and return the status; raises `HookError`."""
        from keepfit.integrations.hooks.posting import Target, Waits, post

        where = f"hooks.subscribers.{message.subscriber}"
        parts, body = self._address(around, where), canonical(message)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        target = Target(tls=parts.scheme == "https", host=str(parts.hostname), port=_port(parts), path=path)
        patience = Waits(connect=self.connect_seconds, read=self.read_seconds, whole=self.seconds)
        headers = self._headers(message, parts, body, around)
        addresses = reachable(target.host, target.port, allow=self.allow, seconds=self.connect_seconds, where=where)
        authorities = around.environment.get("SSL_CERT_FILE")
        answer = post(target, addresses, body, headers, patience=patience, authorities=authorities)
        if 200 <= answer.status < 300:
            return f"taken by {target.shown} ({answer.status})"
        raise _refusal(answer, target, around.now)

    def _address(self, around: Surroundings, where: str) -> SplitResult:
        url = self.url if self.url_env is None else _secret(around, self.url_env, where)
        try:
            return _split(str(url).strip())
        except ValueError as bad:
            raise HookError(f"{self.url_env} holds no address to send to: {bad}", again=False, where=where) from bad

    def _headers(self, message: Message, parts: SplitResult, body: bytes, around: Surroundings) -> dict[str, str]:
        where = f"hooks.subscribers.{message.subscriber}"
        given = {**self.headers, **{name: _secret(around, variable, where) for name, variable in self.headers_env.items()}}
        for name, value in given.items():
            if not VALUE.fullmatch(value):
                raise HookError(f"what is to be the header {name} is not one line of ASCII", again=False, where=where, fix=f"look at {self.headers_env[name]}")
        sign = self._signed(body, around, where) if self.secret_env else {}
        known = {"Content-Type": "application/json", "User-Agent": "keepfit", KEY: header_key(message.key), "Connection": "close"}
        return {**_basic(parts), **known, **sign, **given}

    def _signed(self, body: bytes, around: Surroundings, where: str) -> dict[str, str]:
        secret = _secret(around, str(self.secret_env), where)
        if len(secret) < LEAST_SECRET:
            fix = "openssl rand -hex 32"
            raise HookError(f"the secret in {self.secret_env} has less than {LEAST_SECRET} characters: it can be guessed", again=False, where=where, fix=fix)
        return signed(body, secret=secret, now=around.now)


def _split(url: str) -> SplitResult:
    """The parts of an address that can be sent to; raises `ValueError` without repeating it."""
    if not ADDRESS.fullmatch(url) or "\\" in url:
        raise ValueError("an address is one word of ASCII (a name in other letters in its xn-- form)")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address begins with https:// or http:// and a host")
    _port(parts)
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _secret(around: Surroundings, variable: str, where: str) -> str:
    found = around.environment.get(variable)
    if not found:
        raise HookError(f"{variable} is not set in the environment", again=False, where=where, fix=f"export {variable}=…, where the worker runs")
    return found


def _basic(parts: SplitResult) -> dict[str, str]:
    """The user and password of an address, as a header."""
    if parts.username is None:
        return {}
    from base64 import b64encode

    return {"Authorization": "Basic " + b64encode(f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()).decode()}


def _refusal(answer: Answered, target: Target, now: datetime) -> HookError:
    again = answer.status in LATER or answer.status >= 500
    what = f"it answered {answer.status}" + (f": {answer.body}" if answer.body else "")
    if 300 <= answer.status < 400:
        return HookError(f"it answered {answer.status}, a redirect, which is not followed", again=False, where=target.shown, fix="name the address it leads to")
    return HookError(what, again=again, where=target.shown, after=_after(answer.headers.get("retry-after"), now) if again else None)


def _after(text: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After (RFC 9110, 10.2.3): a number, or a date; None if it is neither. At most a day."""
    if text is None:
        return None
    if text.strip().isascii() and text.strip().isdigit():
        return min(float(text.strip()[:9]), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    seconds = (until.replace(tzinfo=until.tzinfo or UTC) - now.replace(tzinfo=now.tzinfo or UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)
