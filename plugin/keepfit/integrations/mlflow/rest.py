"""MLflow's REST asked plainly, with the credentials that MLflow's own client would send, or with none.

How a server answers is what is asked for here: a status is a finding, not an error. MLflow itself is not loaded.
"""

from __future__ import annotations

import base64
import configparser
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from keepfit.errors import ServerError

PATIENCE_SECONDS = 3.0
MAX_BYTES = 2_000_000
SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server said: status, text (of an error: its message), and when by its own clock."""

    status: int
    text: str
    date: datetime | None = None

    @property
    def data(self) -> Mapping[str, Any]:
        """The JSON object of the answer; empty if it is none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def message(self) -> str:
        """An error's message, else the text."""
        return str(self.data.get("message", self.text))


class _Stays(HTTPRedirectHandler):
    """A redirect is an answer too: it is how a login page is offered."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nowhere."""


@dataclass(frozen=True)
class Rest:
    """An MLflow server's address, `http://` or `https://`."""

    uri: str

    def get(self, path: str, query: Mapping[str, str] | None = None, *, anonymous: bool = False) -> Answer:
        """GET a path; raises `ServerError` if nothing answers within three seconds."""
        asked = f"?{urlencode(query)}" if query else ""
        return self._ask(Request(self._url(path) + asked, headers=_headers(anonymous=anonymous)))  # noqa: S310 - http(s) only, see _url

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST a JSON object; raises `ServerError` if nothing answers within three seconds."""
        headers = {**_headers(anonymous=False), "Content-Type": "application/json"}
        return self._ask(Request(self._url(path), data=json.dumps(body).encode(), headers=headers, method="POST"))  # noqa: S310 - likewise

    def _url(self, path: str) -> str:
        if not self.uri.startswith(("http://", "https://")):
            raise ServerError("not the address of a server", where=self.uri.partition("://")[0], fix="http://HOST:PORT")
        return f"{self.uri.rstrip('/')}{path}"

    def _ask(self, request: Request) -> Answer:
        try:
            with build_opener(_Stays).open(request, timeout=PATIENCE_SECONDS) as answer:
                return _answer(answer.status, answer.read(MAX_BYTES), answer.headers)
        except HTTPError as answer:
            return _answer(answer.code, answer.read(MAX_BYTES), answer.headers)
        except (URLError, HTTPException, OSError, ValueError) as away:
            said = str(getattr(away, "reason", away)) or type(away).__name__
            raise ServerError(f"no MLflow server answers: {said[:SHOWN]}", where="MLFLOW_TRACKING_URI", fix="keepfit server starts one") from away


def _answer(status: int, body: bytes, headers: Message) -> Answer:
    return Answer(status=status, text=body.decode("utf-8", "replace"), date=_date(headers.get("Date")))


def _date(text: str | None) -> datetime | None:
    """The time of an HTTP Date header, in UTC; None if it is missing or no time."""
    try:
        found = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _headers(*, anonymous: bool) -> dict[str, str]:
    """What MLflow's client sends: a token, a user's name and password, or those of `~/.mlflow/credentials`."""
    if anonymous:
        return {}
    if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    stored = _stored()
    user = os.environ.get("MLFLOW_TRACKING_USERNAME") or stored.get("mlflow_tracking_username")
    password = os.environ.get("MLFLOW_TRACKING_PASSWORD") or stored.get("mlflow_tracking_password")
    if not user or not password:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def _stored() -> Mapping[str, str]:
    file = configparser.ConfigParser(interpolation=None)
    try:
        file.read(Path.home() / ".mlflow" / "credentials", encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError, RuntimeError):
        return {}
    return dict(file["mlflow"]) if file.has_section("mlflow") else {}
