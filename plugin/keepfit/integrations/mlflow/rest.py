"""MLflow's REST asked plainly, with the credentials that MLflow's own client would send, or with none.

How a server answers is what is asked for here: a status is a finding, not an error. MLflow itself is not loaded. The paths are known here and
nowhere else.
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
OK = 200
API = "/api/2.0/mlflow"
PROXIED = "/api/2.0/mlflow-artifacts/artifacts"


@dataclass(frozen=True, kw_only=True)
class Response:
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


class Stays(HTTPRedirectHandler):
    """A redirect is an answer too: it is how a login page is offered."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nowhere."""


@dataclass(frozen=True)
class Rest:
    """An MLflow server's address, `http://` or `https://`."""

    uri: str

    def get(self, path: str, query: Mapping[str, str] | None = None, *, anonymous: bool = False) -> Response:
        """GET a path; raises `ServerError` if nothing answers within three seconds."""
        asked = f"?{urlencode(query)}" if query else ""
        return self._ask(Request(self._url(path) + asked, headers={} if anonymous else credentials()))  # noqa: S310 - http(s) only, see _url

    def post(self, path: str, body: Mapping[str, Any]) -> Response:
        """POST a JSON object; raises `ServerError` if nothing answers within three seconds."""
        headers = {**credentials(), "Content-Type": "application/json"}
        return self._ask(Request(self._url(path), data=json.dumps(body).encode(), headers=headers, method="POST"))  # noqa: S310 - likewise

    # -- what is asked ------------------------------------------------------------------------------------------------------

    def is_healthy(self) -> bool:
        """Whether an MLflow server says there that it is well."""
        try:
            return self.get("/health", anonymous=True).status == OK
        except ServerError:
            return False

    def version(self) -> Response:
        """Ask which MLflow serves: its version is the answer's text."""
        return self.get("/version")

    def experiments(self, *, most: int, anonymous: bool = False) -> Response:
        """Ask for experiments, at most so many."""
        return self.get(f"{API}/experiments/search", {"max_results": str(most)}, anonymous=anonymous)

    def proxied_files(self, path: str) -> Response:
        """Ask, without credentials, for artifacts that the server keeps for its clients."""
        return self.get(PROXIED, {"path": path}, anonymous=True)

    def models(self, *, most: int) -> tuple[str, ...]:
        """Return the names of registered models, at most so many; empty if the server does not tell."""
        listed = self.get(f"{API}/registered-models/search", {"max_results": str(most)}).data.get("registered_models", [])
        return tuple(str(each["name"]) for each in listed if isinstance(each, dict) and "name" in each) if isinstance(listed, list) else ()

    def tags_at(self, model: str, alias: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the version that an alias stands on, and its tags; None without alias."""
        found = self.get(f"{API}/registered-models/alias", {"name": model, "alias": alias}).data.get("model_version")
        if not found:
            return None
        return str(found["version"]), {str(tag.get("key")): str(tag.get("value") or "") for tag in found.get("tags") or ()}

    def tag_version(self, model: str, version: str, key: str, value: str) -> Response:
        """Ask for a tag on a version."""
        return self.post(f"{API}/model-versions/set-tag", {"name": model, "version": version, "key": key, "value": value})

    def move(self, pointer: str, model: str, version: str) -> Response:
        """Ask for a pointer (`alias champion`, `stage Production`) to stand on a version."""
        return self.post(*moving(pointer, model, version))

    # -- how ----------------------------------------------------------------------------------------------------------------

    def _url(self, path: str) -> str:
        if not self.uri.startswith(("http://", "https://")):
            raise ServerError("not the address of a server", where=self.uri.partition("://")[0], fix="http://HOST:PORT")
        return f"{self.uri.rstrip('/')}{path}"

    def _ask(self, request: Request) -> Response:
        try:
            with build_opener(Stays).open(request, timeout=PATIENCE_SECONDS) as answer:
                return _answer(answer.status, answer.read(MAX_BYTES), answer.headers)
        except HTTPError as answer:
            return _answer(answer.code, answer.read(MAX_BYTES), answer.headers)
        except (URLError, HTTPException, OSError, ValueError) as away:
            said = str(getattr(away, "reason", away)) or type(away).__name__
            raise ServerError(f"no MLflow server answers: {said[:SHOWN]}", where="MLFLOW_TRACKING_URI", fix="keepfit server starts one") from away


def moving(pointer: str, model: str, version: str) -> tuple[str, Mapping[str, Any]]:
    """Return the path and the body that ask for a pointer to stand on a version.

    >>> moving("alias champion", "churn", "3")
    ('/api/2.0/mlflow/registered-models/alias', {'name': 'churn', 'version': '3', 'alias': 'champion'})
    >>> moving("stage Production", "churn", "3")[0]
    '/api/2.0/mlflow/model-versions/transition-stage'
    """
    kind, _, name = pointer.partition(" ")
    about: dict[str, Any] = {"name": model, "version": version}
    if kind == "alias":
        return f"{API}/registered-models/alias", about | {"alias": name}
    return f"{API}/model-versions/transition-stage", about | {"stage": name, "archive_existing_versions": False}


def _answer(status: int, body: bytes, headers: Message) -> Response:
    return Response(status=status, text=body.decode("utf-8", "replace"), date=_date(headers.get("Date")))


def _date(text: str | None) -> datetime | None:
    """The time of an HTTP Date header, in UTC; None if it is missing or no time."""
    try:
        found = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def credentials() -> dict[str, str]:
    """What MLflow's client sends: a token, a user's name and password, or those of `~/.mlflow/credentials`."""
    if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    stored = _stored()
    user = username()
    password = os.environ.get("MLFLOW_TRACKING_PASSWORD") or stored.get("mlflow_tracking_password")
    if not user or not password:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def username() -> str | None:
    """The name that MLflow's client would sign in with."""
    return os.environ.get("MLFLOW_TRACKING_USERNAME") or _stored().get("mlflow_tracking_username")


def _stored() -> Mapping[str, str]:
    file = configparser.ConfigParser(interpolation=None)
    try:
        file.read(Path.home() / ".mlflow" / "credentials", encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError, RuntimeError):
        return {}
    return dict(file["mlflow"]) if file.has_section("mlflow") else {}
