"""A model that the user's training command logged to MLflow, found by the context the command ran in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.errors import TrainError

if TYPE_CHECKING:
    from mlflow import MlflowClient

CONTEXT_TAG = "keepfit.context"


def fetch_logged_model(tracking_uri: str, context: str, destination: Path) -> None:
    """Download the model of the newest run tagged `keepfit.context=<context>` to `destination`.

    Looks through all active experiments. Raises `TrainError` when there is no such run, it holds no model, or MLflow is away.
    """
    import mlflow
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    client = MlflowClient(tracking_uri=tracking_uri)
    try:
        run = _newest_run(client, context)
        uri = None if run is None else _model_uri(client, run)
        if uri is None:
            what = f"the run {run.info.run_id} that the training command made holds no model" if run else "the training command left no model and no MLflow run"
            raise TrainError(what, where="params.yaml: train.writes", fix="name the file it writes, or log a model in an MLflow run")
        local = mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=str(destination.parent / "downloaded"), tracking_uri=tracking_uri)
    except MlflowException as away:
        raise TrainError(f"MLflow cannot be asked for the model: {str(away)[:300]}", where=tracking_uri, fix="start it: keepfit server") from away
    shutil.copytree(local, destination)
    shutil.rmtree(destination.parent / "downloaded")
    (destination / "registered_model_meta").unlink(missing_ok=True)


def _newest_run(client: MlflowClient, context: str) -> Any | None:
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    found = client.search_runs(experiments, f"tags.`{CONTEXT_TAG}` = '{context}'", max_results=1, order_by=["attributes.start_time DESC"])
    return found[0] if found else None


def _model_uri(client: MlflowClient, run: Any) -> str | None:
    """The last model the run logged (MLflow 3), else its first artifact folder that holds an `MLmodel` (MLflow 2 clients)."""
    outputs = run.outputs.model_outputs if run.outputs else []
    if outputs:
        return f"models:/{max(outputs, key=lambda output: output.step).model_id}"
    for folder in (item.path for item in client.list_artifacts(run.info.run_id) if item.is_dir):
        if any(item.path == f"{folder}/MLmodel" for item in client.list_artifacts(run.info.run_id, folder)):
            return f"runs:/{run.info.run_id}/{folder}"
    return None
