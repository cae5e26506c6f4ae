"""What keepfit asks MLflow for most often, over plain HTTP: MLflow's own client takes a second to import.

A call here either succeeds, or is refused by the server with an error code of MLflow's. Everything else (no answer, a login page, a fault of the
server) and every other method goes to MLflow's own client, which retries and says it in its own words; so does everything where that client would
send or check more than a user's name and password (`is_plain`).
"""

from __future__ import annotations

import json
import math
import os
import posixpath
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, wraps
from http.client import HTTPException
from importlib.metadata import entry_points
from mimetypes import guess_type
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, build_opener

from keepfit.integrations.mlflow.rest import Stays, credentials

TIMEOUT_SECONDS = 120.0
PROXIED = "mlflow-artifacts:/"
KNOWN = {"MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN"}
OTHERWISE = ("MLFLOW_TRACKING_", "MLFLOW_WORKSPACE", "DATABRICKS_", "_MLFLOW_", "NETRC")
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
PLUGINS = {"mlflow.request_header_provider", "mlflow.request_auth_provider", "mlflow.tracking_store", "mlflow.artifact_repository"}
Call = TypeVar("Call", bound=Callable[..., Any])


class Point(NamedTuple):
    """A metric's value at a step, with its time in milliseconds since 1970."""

    key: str
    value: float
    timestamp: int
    step: int


class SaidError(Exception):
    """The server's refusal, with MLflow's code for it."""

    def __init__(self, error_code: str, message: str) -> None:
        """Keep both, as MLflow's own exception does."""
        super().__init__(message)
        self.error_code, self.message = error_code, message


class _NotPlainError(Exception):
    """Neither an answer nor a refusal."""


def is_plain(uri: str) -> bool:
    """Whether MLflow's client would send nothing to this server that is not sent here, and ask for nothing to be checked."""
    otherwise = (*OTHERWISE, *CERTIFICATES) if uri.startswith("https://") else OTHERWISE
    if not uri.startswith(("http://", "https://")) or any(name.startswith(otherwise) and name not in KNOWN for name in os.environ):
        return False
    if (Path.home() / ".netrc").exists():
        return False
    return not entry_points().groups & PLUGINS


def plainly(call: Call) -> Call:
    """Ask MLflow's own client the same where the plain way led nowhere."""

    @wraps(call)
    def asked(self: PlainClient, *arguments: Any, **named: Any) -> Any:
        try:
            return call(self, *arguments, **named)
        except _NotPlainError:
            return getattr(self.full, call.__name__)(*arguments, **named)

    return asked  # type: ignore[return-value]


class PlainClient:
    """The part of MLflow's client that keepfit uses most, with the same names and answers; what is not here is asked of `full`."""

    def __init__(self, uri: str, make: Callable[[], Any]) -> None:
        """Remember the address, and how MLflow's own client is made."""
        self._base, self._make = uri.rstrip("/"), make

    @cached_property
    def full(self) -> Any:
        """MLflow's own client."""
        return self._make()

    def __getattr__(self, name: str) -> Any:
        """Every other method."""
        return getattr(self.full, name)

    # -- runs -----------------------------------------------------------------------------------------------------------

    @plainly
    def get_experiment_by_name(self, name: str) -> Any | None:
        """The experiment, None if there is none."""
        try:
            return SimpleNamespace(**self._get("experiments/get-by-name", experiment_name=name)["experiment"])
        except SaidError as said:
            if said.error_code == "RESOURCE_DOES_NOT_EXIST":
                return None
            raise

    @plainly
    def search_runs(self, experiment_ids: Sequence[str], filter_string: str = "", *, order_by: Sequence[str] = (), max_results: int = 1000) -> list[Any]:
        """The first page of the active runs."""
        asked = {"experiment_ids": list(experiment_ids), "filter": filter_string, "order_by": list(order_by), "max_results": max_results}
        return [_run(one) for one in self._post("runs/search", **asked, run_view_type="ACTIVE_ONLY").get("runs", ())]

    @plainly
    def create_run(self, experiment_id: str, *, tags: Mapping[str, str], run_name: str) -> Any:
        """Start a run."""
        about = {"experiment_id": experiment_id, "user_id": tags.get("mlflow.user", "unknown"), "start_time": _now(), "run_name": run_name}
        return _run(self._post("runs/create", **about, tags=_pairs(tags))["run"])

    def log_points(self, run_id: str, metrics: Sequence[Point], tags: Mapping[str, str]) -> bool:
        """Write metrics and tags of a run; False if MLflow's client has to."""
        if not all(math.isfinite(one.value) for one in metrics):
            return False
        try:
            self._post("runs/log-batch", run_id=run_id, metrics=[one._asdict() for one in metrics], tags=_pairs(tags))
        except _NotPlainError:
            return False
        return True

    @plainly
    def set_terminated(self, run_id: str, status: str) -> None:
        """End a run."""
        self._post("runs/update", run_id=run_id, status=status, end_time=_now())

    @plainly
    def log_text(self, run_id: str, text: str, artifact_file: str) -> None:
        """Write a text artifact, through the server if that is where the run keeps its artifacts."""
        root = str(self._get("runs/get", run_id=run_id)["run"]["info"]["artifact_uri"])
        if (
            not root.startswith(PROXIED)
            or root.startswith(f"{PROXIED}/")
            or posixpath.normpath(artifact_file) != artifact_file
            or artifact_file.startswith(("/", ".."))
        ):
            raise _NotPlainError
        path = quote(posixpath.join(root.removeprefix(PROXIED), artifact_file))
        kind = guess_type(artifact_file)[0] or "application/octet-stream"
        self._send(Request(f"{self._base}/api/2.0/mlflow-artifacts/artifacts/{path}", data=text.encode(), headers={"Content-Type": kind}, method="PUT"))  # noqa: S310

    # -- the registry ---------------------------------------------------------------------------------------------------

    @plainly
    def search_model_versions(self, filter_string: str, *, page_token: str | None = None) -> Any:
        """A page of versions, with the `token` of the next."""
        found = self._get("model-versions/search", filter=filter_string, max_results="10000", **({"page_token": page_token} if page_token else {}))
        page = _Page(map(_version, found.get("model_versions", ())))
        page.token = found.get("next_page_token") or None
        return page

    @plainly
    def get_model_version_by_alias(self, name: str, alias: str) -> Any:
        """The version that an alias stands on."""
        return _version(self._get("registered-models/alias", name=name, alias=alias)["model_version"])

    @plainly
    def set_model_version_tag(self, name: str, version: str, key: str, value: str) -> None:
        """Set a tag of a version."""
        self._post("model-versions/set-tag", name=name, version=version, key=key, value=value)

    @plainly
    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        """Ask for an alias to stand on a version."""
        self._post("registered-models/alias", name=name, alias=alias, version=version)

    # -- the way --------------------------------------------------------------------------------------------------------

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        return self._send(Request(f"{self._base}/api/2.0/mlflow/{path}?{urlencode(query)}"))  # noqa: S310 - http(s) only, see is_plain

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        return self._send(Request(f"{self._base}/api/2.0/mlflow/{path}", data=json.dumps(body).encode(), headers=headers, method="POST"))  # noqa: S310

    def _send(self, request: Request) -> dict[str, Any]:
        for name, value in credentials().items():
            request.add_header(name, value)
        try:
            with build_opener(Stays).open(request, timeout=TIMEOUT_SECONDS) as answer:
                found = json.loads(answer.read() or b"{}")
        except HTTPError as refused:
            raise _refusal(refused) from refused
        except (URLError, HTTPException, OSError, ValueError) as away:
            raise _NotPlainError from away
        return found if isinstance(found, dict) else {}


class _Page(list[Any]):
    """A page of a search."""

    token: str | None = None


def _refusal(answer: HTTPError) -> Exception:
    """The server's own refusal; anything else is for MLflow's client to say."""
    try:
        said = json.loads(answer.read())
        return SaidError(said["error_code"], said["message"]) if answer.code in {400, 403, 404, 409} else _NotPlainError()
    except (ValueError, KeyError, TypeError, OSError):
        return _NotPlainError()


def _now() -> int:
    return int(time.time() * 1000)


def _pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": str(value)} for key, value in tags.items()]


def _tags(found: Mapping[str, Any]) -> dict[str, str]:
    return {tag["key"]: tag.get("value", "") for tag in found.get("tags", ())}


def _run(found: Mapping[str, Any]) -> Any:
    return SimpleNamespace(info=SimpleNamespace(**found["info"]), data=SimpleNamespace(tags=_tags(found.get("data", {}))))


def _version(found: Mapping[str, Any]) -> Any:
    known = {key: found.get(key) for key in ("name", "version", "source", "run_id", "model_id")}
    return SimpleNamespace(**known, tags=_tags(found))
