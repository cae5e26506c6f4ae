"""MLflow as a client: runs found by key, models logged unchanged, versions made once, a version's train out brought back.

Everything that creates is split into find and create, so that a verb can be cut anywhere and run again. Display tags begin
with `kf.`; the prefix `keepfit.` is the store's own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

from keepfit.errors import RefusedError, ServerError

if TYPE_CHECKING:
    from mlflow import MlflowClient

KEY_TAG = "kf.key"
PROBE_SECONDS = 3.0
QUIET = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",  # stdout is for results: `monitor --json` is read by programs
}
SHOWN = 400
MODEL_NAME = "model"
SERVER_FAULT = 500
TAG_LENGTH = 5000


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of an experiment; `finished` is False if whoever filled it was cut."""

    id: str
    experiment_id: str
    finished: bool
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Version:
    """A registered version of a model."""

    model: str
    number: str
    run_id: str | None
    model_id: str | None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RunContent:
    """What a run holds: `metrics` and `texts` (artifact path to text); logging it twice leaves the same run."""

    name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ModelContent:
    """A model to log: the folder that stays unchanged under `data/`, the module that loads it, what that needs.

    `inputs` maps a column to `string` or `number`.
    """

    folder: Path
    loader: Path
    requirements: Sequence[str]
    inputs: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MlflowRuns:
    """One MLflow server (http) or database (sqlite:///…); every method raises `ServerError` if it does not answer."""

    uri: str

    def probe(self) -> None:
        """Ask the server for its health, for at most three seconds: MLflow's own retries take minutes."""
        if not self.uri.startswith(("http://", "https://")):
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

    @cached_property
    def client(self) -> MlflowClient:
        """MLflow's client, made after a probe."""
        self.probe()
        for key, value in QUIET.items():
            os.environ.setdefault(key, value)
        import logging

        from mlflow import MlflowClient, set_tracking_uri

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.WARNING)
        with self._answers():
            set_tracking_uri(self.uri)  # a registry in a database looks the model up there, whatever the client was told
            return MlflowClient(tracking_uri=self.uri)

    # -- runs -----------------------------------------------------------------------------------------------------------

    def experiment(self, name: str) -> str:
        """Return the id of the experiment, made if missing (a database without a server keeps artifacts beside itself)."""
        with self._answers():
            found = self.client.get_experiment_by_name(name)
            if found is not None:
                return str(found.experiment_id)
            return str(self.client.create_experiment(name, artifact_location=self._artifacts(name)))

    def find_run(self, experiment_id: str, key: str) -> Run | None:
        """Return the oldest run with this key, None if there is none."""
        with self._answers():
            found = self.client.search_runs([experiment_id], f"tags.`{KEY_TAG}` = '{key}'", order_by=["attributes.start_time ASC"], max_results=1)
        return _run(found[0]) if found else None

    def start_run(self, experiment_id: str, key: str, content: RunContent) -> Run:
        """Create the run with its key, name and tags in one call; context providers add theirs."""
        from mlflow.tracking.context.registry import resolve_tags

        tags = resolve_tags({**_tags(content.tags), KEY_TAG: key})
        with self._answers():
            return _run(self.client.create_run(experiment_id, tags=tags, run_name=content.name))

    def fill_run(self, run_id: str, content: RunContent) -> None:
        """Write tags, metrics and text artifacts; the same again changes nothing but the metrics' times."""
        from mlflow.entities import Metric, RunTag

        with self._answers():
            tags = [RunTag(key, value) for key, value in _tags(content.tags).items()]
            metrics = [Metric(key, float(value), 0, 0) for key, value in content.metrics.items()]
            self.client.log_batch(run_id, metrics=metrics, tags=tags)
            for path, text in content.texts.items():
                self.client.log_text(run_id, text, path)

    def finish_run(self, run_id: str) -> None:
        """Mark the run as finished: all that belongs to it is there."""
        with self._answers():
            self.client.set_terminated(run_id, "FINISHED")

    def log_run(self, experiment: str, key: str, content: RunContent) -> str:
        """Make sure that one finished run with this key holds the content; return its id."""
        experiment_id = self.experiment(experiment)
        run = self.find_run(experiment_id, key) or self.start_run(experiment_id, key, content)
        if not run.finished:
            self.fill_run(run.id, content)
            self.finish_run(run.id)
        return run.id

    def log_text(self, run_id: str, path: str, text: str) -> None:
        """Write one text artifact of a run."""
        with self._answers():
            self.client.log_text(run_id, text, path)

    # -- models ---------------------------------------------------------------------------------------------------------

    def find_model(self, run: Run, key: str) -> str | None:
        """Return the id of the complete logged model with this key; incomplete ones are deleted."""
        with self._answers():
            found = self.client.search_logged_models([run.experiment_id], f"tags.`{KEY_TAG}` = '{key}'")
            for model in found:
                if model.source_run_id == run.id and str(model.status) != "READY":
                    self.client.delete_logged_model(model.model_id)
        return next((str(model.model_id) for model in found if model.source_run_id == run.id and str(model.status) == "READY"), None)

    def log_model(self, run: Run, key: str, content: ModelContent) -> str:
        """Log the folder as a pyfunc model of the run; it is READY only when all its files are uploaded."""
        from mlflow.entities import LoggedModelOutput

        tags = {**_tags(content.tags), KEY_TAG: key}
        with self._answers(), tempfile.TemporaryDirectory() as scratch:
            logged = self.client.create_logged_model(run.experiment_id, name=MODEL_NAME, source_run_id=run.id, tags=tags)
            self.client.log_outputs(run.id, [LoggedModelOutput(logged.model_id, step=0)])
            folder = Path(scratch) / MODEL_NAME
            _save(folder, content, run_id=run.id, logged=logged)
            self.client.log_model_artifacts(logged.model_id, str(folder))
            self.client.finalize_logged_model(logged.model_id, "READY")
        return str(logged.model_id)

    # -- versions -------------------------------------------------------------------------------------------------------

    def ensure_model(self, name: str) -> None:
        """Create the registered model if it is missing."""
        from mlflow.exceptions import MlflowException

        with self._answers():
            try:
                self.client.get_registered_model(name)
            except MlflowException as missing:
                if missing.error_code != "RESOURCE_DOES_NOT_EXIST":
                    raise
                self.client.create_registered_model(name)

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return all versions of a model, oldest first."""
        found: list[Any] = []
        with self._answers():
            token = None
            while True:
                page = self.client.search_model_versions(f"name = {_quoted(name)}", page_token=token)
                found.extend(page)
                token = page.token
                if not token:
                    break
        return tuple(sorted(map(_version, found), key=lambda version: int(version.number)))

    def find_version(self, name: str, key: str) -> Version | None:
        """Return the oldest version with this key, None if there is none."""
        return next((version for version in self.versions(name) if version.tags.get(KEY_TAG) == key), None)

    def create_version(self, name: str, key: str, *, model_id: str, run_id: str, tags: Mapping[str, str], description: str) -> Version:
        """Register a logged model as a version, with its key, tags and description in one call."""
        with self._answers():
            made = self.client.create_model_version(
                name, source=f"models:/{model_id}", run_id=run_id, tags={**_tags(tags), KEY_TAG: key}, description=description, model_id=model_id
            )
        return _version(made)

    def version(self, name: str, number: str) -> Version:
        """Return one version; raises `ServerError` if there is no such version."""
        with self._answers():
            return _version(self.client.get_model_version(name, number))

    def champion(self, name: str, alias: str) -> Version | None:
        """Return the version the alias points to, None if the model or the alias is not there."""
        from mlflow.exceptions import MlflowException

        with self._answers():
            try:
                return _version(self.client.get_model_version_by_alias(name, alias))
            except MlflowException as missing:
                if missing.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                    return None
                raise

    def tag_version(self, version: Version, tags: Mapping[str, str]) -> None:
        """Set tags of a version."""
        with self._answers():
            for key, value in _tags(tags).items():
                self.client.set_model_version_tag(version.model, version.number, key, value)

    def set_alias(self, version: Version, alias: str) -> None:
        """Move an alias to a version; the gate's refusal is a `RefusedError` with its sentence."""
        with self._answers():
            self.client.set_registered_model_alias(version.model, alias, version.number)

    # -- files ----------------------------------------------------------------------------------------------------------

    def download(self, version: Version, folder: Path) -> Path:
        """Bring all files of a version's model into `folder` (replaced when complete) and return it."""
        from mlflow.artifacts import download_artifacts

        folder.parent.mkdir(parents=True, exist_ok=True)
        with self._answers(), tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            # the location itself: a models:/ address would leave a file of MLflow's in the stored model
            if version.model_id:
                uri = self.client.get_logged_model(version.model_id).artifact_location
            else:
                uri = self.client.get_model_version_download_uri(version.model, version.number)
            got = Path(download_artifacts(artifact_uri=uri, dst_path=scratch, tracking_uri=self.uri))
            shutil.rmtree(folder, ignore_errors=True)
            got.replace(folder) if got != Path(scratch) else shutil.copytree(got, folder)
        return folder

    def download_train_out(self, version: Version, folder: Path) -> Path:
        """Bring a version's train out (what `register` embedded under `data/`) into `folder` and return it."""
        with tempfile.TemporaryDirectory() as scratch:
            inside = self.train_out(self.download(version, Path(scratch) / MODEL_NAME), version)
            shutil.rmtree(folder, ignore_errors=True)
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(inside, folder)
        return folder

    def train_out(self, downloaded: Path, version: Version) -> Path:
        """Return the train out inside a downloaded model; raises `ServerError` if keepfit did not make this version."""
        data = downloaded / "data"
        inside = [path for path in data.iterdir() if path.is_dir()] if data.is_dir() else []
        if len(inside) != 1:
            raise ServerError(
                f"version {version.number} of {version.model} holds no train out of keepfit",
                where=self.uri,
                fix="only versions that keepfit registered can be pinned; promote one of them",
            )
        return inside[0]

    def read_text(self, run_id: str, path: str) -> str | None:
        """Return a text artifact of a run, None if the run has no such artifact."""
        from mlflow.artifacts import download_artifacts

        with self._answers(), tempfile.TemporaryDirectory() as scratch:
            folder = str(Path(path).parent)
            if path not in {found.path for found in self.client.list_artifacts(run_id, "" if folder == "." else folder)}:
                return None
            return Path(download_artifacts(run_id=run_id, artifact_path=path, dst_path=scratch, tracking_uri=self.uri)).read_text(encoding="utf-8")

    # -- addresses ------------------------------------------------------------------------------------------------------

    def run_page(self, experiment_id: str, run_id: str, path: str = "") -> str | None:
        """The address of a run's artifact page in the UI; None without a server."""
        where = f"/artifacts/{quote(path)}" if path else ""
        return f"{self._page}/experiments/{experiment_id}/runs/{run_id}{where}" if self._page else None

    def version_page(self, version: Version) -> str | None:
        """The address of a version's page in the UI; None without a server."""
        return f"{self._page}/models/{quote(version.model, safe='')}/versions/{version.number}" if self._page else None

    # -- inside ---------------------------------------------------------------------------------------------------------

    @property
    def _page(self) -> str | None:
        return f"{self.uri.rstrip('/')}/#" if self.uri.startswith("http") else None

    def _artifacts(self, experiment: str) -> str | None:
        """A database alone would keep artifacts below the current folder, which may be a work tree that goes away."""
        path = self.uri.partition("///")[2]
        if not self.uri.startswith("sqlite:") or not path:
            return None
        return (Path(path).absolute().parent / "mlartifacts" / quote(experiment, safe="")).as_uri()

    def _away(self, said: str) -> ServerError:
        return ServerError(f"the MLflow server at {self.uri} does not answer: {said[:SHOWN]}", fix="keepfit server, or set MLFLOW_TRACKING_URI")

    @contextmanager
    def _answers(self) -> Iterator[None]:
        """Turn MLflow's and the transport's errors into ours."""
        try:
            yield
        except Exception as bad:
            from mlflow.exceptions import MlflowException

            if isinstance(bad, MlflowException) and bad.error_code == "PERMISSION_DENIED":
                raise RefusedError(str(bad.message).removeprefix("PERMISSION_DENIED: "), where=self.uri) from bad
            if isinstance(bad, MlflowException):
                said = " ".join(str(bad.message).split())[:SHOWN]
                raise ServerError(f"MLflow answered: {said}", where=self.uri, fix="keepfit server, or set MLFLOW_TRACKING_URI") from bad
            away = type(bad).__module__.partition(".")[0] in {"requests", "urllib3", "sqlalchemy", "sqlite3"}
            if away or (isinstance(bad, OSError) and self.uri.startswith("sqlite:")):
                raise self._away(str(bad)) from bad
            raise


def _save(folder: Path, content: ModelContent, *, run_id: str, logged: Any) -> None:
    """Write MLflow's model directory around the folder; its requirements are given, so nothing is loaded to guess them."""
    from mlflow import pyfunc
    from mlflow.models import Model

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*input example.*")  # rows of the data do not belong into a model
        pyfunc.save_model(
            folder,
            loader_module=content.loader.stem,
            data_path=str(content.folder),
            code_paths=[str(content.loader)],
            mlflow_model=Model(artifact_path=logged.artifact_location, model_uuid=logged.model_id, run_id=run_id, model_id=logged.model_id),
            pip_requirements=list(content.requirements),
            signature=_signature(content.inputs),
        )
    for cache in list(folder.rglob("__pycache__")):
        shutil.rmtree(cache)


def _signature(inputs: Mapping[str, str]) -> Any:
    """Columns may be missing or null, and a number may come as an integer: MLflow would refuse one for a double."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema
    from mlflow.types.schema import AnyType

    if not inputs:
        return None
    untyped: Any = AnyType
    number = untyped()
    columns: list[Any] = [ColSpec("string" if kind == "string" else number, name, required=False) for name, kind in inputs.items()]
    return ModelSignature(inputs=Schema(columns), outputs=Schema([ColSpec("double")]))


def _run(run: Any) -> Run:
    return Run(id=run.info.run_id, experiment_id=run.info.experiment_id, finished=run.info.status == "FINISHED", tags=dict(run.data.tags))


def _version(version: Any) -> Version:
    """The model's id is not always stored beside the version, but its source `models:/m-…` names it."""
    source = str(version.source or "")
    model_id = version.model_id or (source.removeprefix("models:/") if source.startswith("models:/m-") else None)
    return Version(model=version.name, number=str(version.version), run_id=version.run_id or None, model_id=model_id, tags=dict(version.tags))


def _tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Keep within what MLflow stores of a tag."""
    return {key: str(value)[:TAG_LENGTH] for key, value in tags.items()}


def _quoted(name: str) -> str:
    """MLflow's filters know two quotes and no escape."""
    return f'"{name}"' if "'" in name else f"'{name}'"
