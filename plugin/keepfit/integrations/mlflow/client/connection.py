"""The way to MLflow: a quick probe, its client, and its errors as ours. MLflow is loaded only once its server has answered."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from keepfit.errors import KeepfitError, RefusedError, ServerError
from keepfit.integrations.mlflow.client.plain import PlainClient, SaidError, is_plain

if TYPE_CHECKING:
    from mlflow import MlflowClient

PROBE_SECONDS = 3.0
QUIET = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",  # stdout is for results: `monitor --json` is read by programs
}
SHOWN = 400
SERVER_FAULT = 500
REFUSALS = {"PERMISSION_DENIED", "RESOURCE_CONFLICT"}  # what 403 and 409 carry
START = "keepfit server, or set MLFLOW_TRACKING_URI"


@dataclass(frozen=True)
class Connection:
    """An address of MLflow; what the rooms of this package build on."""

    uri: str

    @property
    def is_server(self) -> bool:
        """Whether a server is asked, not a database or a folder."""
        return self.uri.startswith(("http://", "https://"))

    def probe(self) -> None:
        """Ask the server for its health, for at most three seconds: MLflow's own retries take minutes."""
        if not self.is_server:
            return
        try:
            with urlopen(f"{self.uri.rstrip('/')}/health", timeout=PROBE_SECONDS):  # noqa: S310 - http(s) only, see above
                return
        except HTTPError as answer:
            if answer.code < SERVER_FAULT:  # it answers; a proxy may hide /health
                return
            raise self._away(str(answer)) from answer
        except (URLError, HTTPException, OSError, ValueError) as away:
            raise self._away(str(getattr(away, "reason", away))) from away

    @property
    def client(self) -> Any:
        """The way to ask: plainly, where that is the same and cheaper, else MLflow's client."""
        return self._plain or self._own()

    @cached_property
    def _plain(self) -> PlainClient | None:
        if not is_plain(self.uri):
            return None
        self.probe()
        return PlainClient(self.uri, self._own)

    def _own(self) -> MlflowClient:
        """MLflow's client; a registry in a database looks models up at the process's address, whatever its client was told."""
        client = self._probed
        from mlflow import set_tracking_uri

        set_tracking_uri(self.uri)
        return client

    @cached_property
    def _probed(self) -> MlflowClient:
        self.probe()
        for key, value in QUIET.items():
            os.environ.setdefault(key, value)
        import logging

        from mlflow import MlflowClient

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.WARNING)
        return MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)

    @contextmanager
    def answers(self, asked: str | None = None) -> Iterator[Any]:
        """Yield the client; MLflow's and the transport's errors inside become ours, placed at what was `asked` for."""
        try:
            yield self.client
        except KeepfitError:
            raise
        except Exception as bad:
            if isinstance(bad, refusals()):
                raise _said(bad, where=asked or self.uri, named=asked is not None) from bad
            away = type(bad).__module__.partition(".")[0] in {"requests", "urllib3", "sqlalchemy", "sqlite3"}
            if away or (isinstance(bad, OSError) and self.uri.startswith("sqlite:")):
                raise self._away(str(bad)) from bad
            raise

    @property
    def page(self) -> str | None:
        """Where the pages of the UI begin; None without a server."""
        return f"{self.uri.rstrip('/')}/#" if self.is_server else None

    def _away(self, said: str) -> ServerError:
        return ServerError(f"the MLflow server at {self.uri} does not answer: {said[:SHOWN]}", fix=START)


def refusals() -> tuple[type[Exception], ...]:
    """The errors that carry an `error_code` and a `message` of MLflow's; its own are known once it is loaded."""
    if "mlflow" not in sys.modules:
        return (SaidError,)
    from mlflow.exceptions import MlflowException

    return (SaidError, MlflowException)


def code_of(refusal: Exception) -> str:
    """MLflow's code of a refusal."""
    return str(getattr(refusal, "error_code", ""))


def _said(bad: Any, *, where: str, named: bool) -> KeepfitError:
    """What MLflow said, as our error: a refusal in the server's own words, a name it does not know, anything else."""
    said = " ".join(str(bad.message).removeprefix(f"{bad.error_code}: ").split())
    if bad.error_code in REFUSALS:
        return RefusedError(said)
    if named and bad.error_code == "RESOURCE_DOES_NOT_EXIST":
        run = where.startswith("run ")
        fix = "the run was deleted: register the model again from one that is there" if run else "the Models page of MLflow lists names and versions"
        return ServerError(said[:SHOWN], where=where, fix=fix)
    return ServerError(f"MLflow answered: {said[:SHOWN]}", where=where, fix=START)
