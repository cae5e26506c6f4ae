"""Logged models: a folder logged unchanged, a version's files and train out brought back, the model that a training command logged."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.errors import RefusedError, ServerError, TrainError
from keepfit.integrations.mlflow.client.connection import Connection
from keepfit.integrations.mlflow.client.registry import Version
from keepfit.integrations.mlflow.client.runs import Run
from keepfit.integrations.mlflow.client.tags import KEY_TAG, stored

if TYPE_CHECKING:
    from mlflow import MlflowClient

MODEL_NAME = "model"
CONTEXT_TAG = "keepfit.context"
OF_CONTENT = 8


@dataclass(frozen=True, kw_only=True)
class ModelContent:
    """A model to log: the folder that stays unchanged under `data/`, the module that loads it, what that needs, the columns that it takes.

    `outputs`: the columns that it answers; none of a model that answers one number a row.
    """

    folder: Path
    loader: Path
    requirements: Sequence[str]
    inputs: Sequence[str] = ()
    outputs: Sequence[str] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Models(Connection):
    """Models of runs and the files of versions."""

    # -- logging --------------------------------------------------------------------------------------------------------

    def find_model(self, run: Run, key: str) -> str | None:
        """Return the id of the complete logged model with this key; incomplete ones are deleted."""
        with self.answers() as client:
            found = client.search_logged_models([run.experiment_id], f"tags.`{KEY_TAG}` = '{key}'")
            for model in found:
                if model.source_run_id == run.id and str(model.status) != "READY":
                    client.delete_logged_model(model.model_id)
        return next((str(model.model_id) for model in found if model.source_run_id == run.id and str(model.status) == "READY"), None)

    def log_model(self, run: Run, key: str, content: ModelContent) -> str:
        """Log the folder as a pyfunc model of the run; it is READY only when all its files are uploaded."""
        tags = {**stored(content.tags), KEY_TAG: key}
        with self.answers() as client, tempfile.TemporaryDirectory() as scratch:
            from mlflow.entities import LoggedModelOutput

            logged = client.create_logged_model(run.experiment_id, name=MODEL_NAME, source_run_id=run.id, tags=tags)
            client.log_outputs(run.id, [LoggedModelOutput(logged.model_id, step=0)])
            folder = Path(scratch) / MODEL_NAME
            _save(folder, content, run_id=run.id, logged=logged)
            client.log_model_artifacts(logged.model_id, str(folder))
            client.finalize_logged_model(logged.model_id, "READY")
        return str(logged.model_id)

    # -- bringing back --------------------------------------------------------------------------------------------------

    def download(self, version: Version, folder: Path) -> Path:
        """Bring all files of a version's model into `folder` (replaced when complete) and return it."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        with self.answers() as client, tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            from mlflow.artifacts import download_artifacts

            # the location itself: a models:/ address would leave a file of MLflow's in the stored model
            if version.model_id:
                uri = client.get_logged_model(version.model_id).artifact_location
            else:
                uri = client.get_model_version_download_uri(version.model, version.number)
            got = Path(download_artifacts(artifact_uri=uri, dst_path=scratch, tracking_uri=self.uri))
            shutil.rmtree(folder, ignore_errors=True)
            got.replace(folder) if got != Path(scratch) else shutil.copytree(got, folder)
        return folder

    def train_out(self, downloaded: Path) -> Path | None:
        """Return what `register` embedded under `data/` of a downloaded model; None if there is no such folder."""
        data = downloaded / "data"
        inside = [path for path in data.iterdir() if path.is_dir()] if data.is_dir() else []
        return inside[0] if len(inside) == 1 else None

    def fetch_logged_model(self, context: str, destination: Path) -> None:
        """Download the model of the newest run tagged `keepfit.context=<context>` to `destination`.

        Looks through all active experiments. Raises `TrainError` when there is no such run, it holds no model, or MLflow is away.
        """
        with tempfile.TemporaryDirectory() as scratch:
            try:
                got = self._fetch(context, Path(scratch))
            except (RefusedError, ServerError) as away:
                raise TrainError(f"MLflow cannot be asked for the model: {away.what}", where=self.uri, fix=away.fix) from away
            shutil.copytree(got, destination)
        (destination / "registered_model_meta").unlink(missing_ok=True)

    def _fetch(self, context: str, scratch: Path) -> str:
        with self.answers() as client:
            from mlflow.artifacts import download_artifacts

            run = _newest_run(client, context)
            uri = None if run is None else _model_uri(client, run)
            if uri is None:
                what = (
                    f"the run {run.info.run_id} that the training command made holds no model"
                    if run
                    else "the training command left no model and no MLflow run"
                )
                raise TrainError(what, where="params.yaml: train.writes", fix="name the file it writes, or log a model in an MLflow run")
            return str(download_artifacts(artifact_uri=uri, dst_path=str(scratch), tracking_uri=self.uri))


def _save(folder: Path, content: ModelContent, *, run_id: str, logged: Any) -> None:
    """Write MLflow's model directory around the folder; its requirements are given, so nothing is loaded to guess them."""
    from mlflow import pyfunc
    from mlflow.models import Model

    loader = _named_by_content(content.loader, folder.parent)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*input example.*")  # rows of the data do not belong into a model
        pyfunc.save_model(
            folder,
            loader_module=loader.stem,
            data_path=str(content.folder),
            code_paths=[str(loader)],
            mlflow_model=Model(artifact_path=logged.artifact_location, model_uuid=logged.model_id, run_id=run_id, model_id=logged.model_id),
            pip_requirements=list(content.requirements),
            signature=_signature(content.inputs, content.outputs),
        )
    for cache in list(folder.rglob("__pycache__")):
        shutil.rmtree(cache)


def _named_by_content(loader: Path, folder: Path) -> Path:
    """Copy the loading module into a folder under a name that no other one has.

    Python keeps one module of a name: of two models in a process, the second would be loaded by the first one's.
    """
    text = loader.read_bytes()
    named = folder / f"{loader.stem}_{hashlib.sha256(text).hexdigest()[:OF_CONTENT]}.py"
    named.write_bytes(text)
    return named


def _signature(inputs: Sequence[str], outputs: Sequence[str] = ()) -> Any:
    """Columns of any type, which may be missing or null: the model takes what it was trained on in whatever way a table stores it.

    MLflow refuses a category where a signature says string, an integer where it says double, and either where the other was inferred.
    """
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema
    from mlflow.types.schema import AnyType

    if not inputs:
        return None
    untyped: Any = AnyType
    columns: list[Any] = [ColSpec(untyped(), name, required=False) for name in inputs]
    return ModelSignature(inputs=Schema(columns), outputs=Schema([ColSpec("double", name) for name in outputs] or [ColSpec("double")]))


def _newest_run(client: MlflowClient, context: str) -> Any | None:
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    found = client.search_runs(experiments, f"tags.`{CONTEXT_TAG}` = '{context}'", max_results=1, order_by=["attributes.start_time DESC"])
    return found[0] if found else None


def _model_uri(client: MlflowClient, run: Any) -> str | None:
    """The last model the run logged (MLflow 3), else its last artifact folder that holds an `MLmodel` (MLflow 2 clients)."""
    outputs = run.outputs.model_outputs if run.outputs else []
    if outputs:
        return f"models:/{_last_logged(client, dict.fromkeys(output.model_id for output in outputs))}"
    folders = [item.path for item in client.list_artifacts(run.info.run_id) if item.is_dir]
    models = [folder for folder in folders if any(item.path == f"{folder}/MLmodel" for item in client.list_artifacts(run.info.run_id, folder))]
    return f"runs:/{run.info.run_id}/{_last_folder(run, models)}" if models else None


def _last_logged(client: MlflowClient, ids: Iterable[str]) -> str:
    """The whole model that was made last; the step that an output carries is 0 for all that `log_model` makes."""
    models = [client.get_logged_model(model_id) for model_id in ids]
    whole = [model for model in models if str(model.status) == "READY"] or models
    newest = max(model.creation_timestamp for model in whole)
    last = [model for model in whole if model.creation_timestamp == newest]
    if len(last) > 1:
        raise _several(f"{model.name} ({model.model_id})" for model in last)
    return str(last[0].model_id)


def _last_folder(run: Any, folders: Sequence[str]) -> str:
    """The only folder, or the one that the run's history of models names last."""
    history = json.loads(run.data.tags.get("mlflow.log-model.history", "[]"))
    made = [one["artifact_path"] for one in history if one.get("artifact_path") in folders]  # in the order of logging
    if len(folders) > 1 and not made:
        raise _several(folders)
    return str(made[-1]) if len(folders) > 1 else folders[0]


def _several(names: Iterable[str]) -> TrainError:
    return TrainError(
        f"the run holds several models, and none is the last one: {', '.join(sorted(names))}",
        where="params.yaml: train.writes",
        fix="log one model a run, or let the command save its model to a folder and name that in train.writes",
    )
