"""The registry as its clients see it: read a version, move an alias, upload a certificate. A refusal becomes `RefusedError`."""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from keepfit.errors import KeepfitError, RefusedError, ServerError

PATIENCE_SECONDS = 3
CERTIFICATES = "keepfit"


@dataclass(frozen=True)
class Registry:
    """A registry by its tracking URI; raises `ServerError` within seconds if the server is away."""

    uri: str

    @cached_property
    def client(self) -> Any:
        """MLflow's client, once the server has answered: MLflow itself would retry for minutes."""
        self._probe()
        from mlflow import MlflowClient

        return MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)

    def version(self, model: str, version: str) -> Any:
        """Return a model version."""
        with _errors(f"{model} v{version}"):
            return self.client.get_model_version(model, version)

    def download_uri(self, model: str, version: str) -> str:
        """Return where the version's files lie."""
        with _errors(f"{model} v{version}"):
            return str(self.client.get_model_version_download_uri(model, version))

    def alias(self, model: str, alias: str) -> str | None:
        """Return the version that an alias stands on, None if nowhere."""
        with _errors(model):
            found = self.client.get_registered_model(model).aliases.get(alias)
        return None if found is None else str(found)

    def move_alias(self, model: str, alias: str, version: str) -> None:
        """Ask for an alias to stand on a version; raises `RefusedError` with the server's sentence."""
        with _errors(f"{model} v{version}"):
            self.client.set_registered_model_alias(model, alias, version)

    def set_tag(self, model: str, version: str, key: str, value: str) -> None:
        """Set a version's tag."""
        with _errors(f"{model} v{version}"):
            self.client.set_model_version_tag(model, version, key, value)

    def upload(self, run_id: str, name: str, text: str) -> None:
        """Write a text beside the models of a run, under `keepfit/`."""
        with _errors(f"run {run_id}"), tempfile.TemporaryDirectory(prefix="keepfit-upload-") as scratch:
            path = Path(scratch, name)
            path.write_text(text, encoding="utf-8")
            self.client.log_artifact(run_id, str(path), CERTIFICATES)

    def _probe(self) -> None:
        if not self.uri.startswith(("http://", "https://")):
            return
        fix = "keepfit server starts one; MLFLOW_TRACKING_URI or mlflow.tracking_uri names it"
        try:
            with urllib.request.urlopen(f"{self.uri.rstrip('/')}/health", timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - the scheme is http(s)
                answer.read(1)
        except urllib.error.HTTPError:
            return  # it answers, if only to ask who we are
        except (OSError, ValueError) as away:
            raise ServerError("the MLflow server does not answer", where=self.uri, fix=fix) from away


@contextmanager
def _errors(what: str) -> Iterator[None]:
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as bad:
        message = " ".join(str(bad.message).removeprefix(f"{bad.error_code}: ").split())
        if bad.error_code in {"PERMISSION_DENIED", "RESOURCE_CONFLICT"}:
            raise RefusedError(message) from bad
        if bad.error_code == "RESOURCE_DOES_NOT_EXIST":
            raise KeepfitError(message[:300], where=what, fix="the Models page of MLflow lists names and versions") from bad
        raise ServerError(f"MLflow said: {message[:300]}", where=what, fix="its log tells more") from bad
