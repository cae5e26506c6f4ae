"""The train contract: the user's own command gets a table and leaves a model; it runs in a scratch copy of the repository.

The table lies at `train.reads` (CSV or Parquet by its suffix) and its path in `$KEEPFIT_TRAIN`; its target has its owner's values. The model is what lies at
`train.writes` afterwards: a pickle, an MLflow model folder, or anything that `train.predict` can read. Without `train.writes`
it is the model of the MLflow run that the command made (tagged with `$KEEPFIT_CONTEXT` by keepfit's run context).
"""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from keepfit.errors import ParamsError, TrainError
from keepfit.flows.models.scratch import inside, scratch_copy
from keepfit.tables.training_rows import user_columns
from keepfit.tables.written_targets import as_written

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.params import Params

DEFAULT_TABLE = "keepfit-train.parquet"
PICKLES = {".joblib", ".pkl", ".pickle"}


def run_train_command(params: Params, table: pd.DataFrame, out: Path, *, repo: Path) -> Literal["mlflow", "command"]:
    """Run `train.command` on the table and move its model to `out/model`; returns the model's flavour.

    Raises `TrainError` when the command fails (with its last ten lines) or leaves no model.
    """
    from keepfit.integrations.mlflow.client import Mlflow
    from keepfit.integrations.programs.commands import run_command

    train = params.train
    tracking = os.environ.get("MLFLOW_TRACKING_URI") or params.mlflow.tracking_uri
    context = uuid.uuid4().hex
    with scratch_copy(repo) as scratch:
        reads = inside(scratch, train.reads or DEFAULT_TABLE, key="train.reads")
        write_table(user_columns(params, as_written(table, params.model.target, params.model.classes or ())), reads, key="train.reads")
        env = {"KEEPFIT_TRAIN": str(reads), "KEEPFIT_CONTEXT": context, "MLFLOW_TRACKING_URI": tracking}
        if train.writes is not None:
            _remove(inside(scratch, train.writes, key="train.writes"))
        run_command(train.command or "", cwd=scratch, where="params.yaml: train.command", env=env)
        if train.writes is None:
            Mlflow(tracking).fetch_logged_model(context, out / "model")
            return "mlflow"
        return _collect(inside(scratch, train.writes, key="train.writes"), out / "model", named=train.writes, predicts=train.predict is not None)


def write_table(frame: pd.DataFrame, path: Path, *, key: str) -> None:
    """Write CSV or Parquet by the suffix; raises `ParamsError` naming the key for any other."""
    from keepfit.integrations.tables import write_parquet
    from keepfit.tables.frames import from_frame

    if path.suffix not in {".csv", ".parquet"}:
        raise ParamsError(f"{path.name!r} is neither .csv nor .parquet", where=f"params.yaml: {key}", fix="name the file with one of these suffixes")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        write_parquet(from_frame(frame), path)


def _remove(path: Path) -> None:
    """A model that came along with the copy must not pass for a new one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _collect(left: Path, model: Path, *, named: str, predicts: bool) -> Literal["mlflow", "command"]:
    """Take what the command left: an MLflow folder, one pickle, or anything if the project has its own predict command."""
    where = "params.yaml: train.writes"
    if not left.exists():
        raise TrainError(f"the training command left no {named!r}", where=where, fix="write the model there, relative to the folder it starts in")
    if left.is_dir() and (left / "MLmodel").is_file() and not predicts:
        shutil.copytree(left, model)
        return "mlflow"
    if not predicts and (left.is_dir() or left.suffix not in PICKLES):
        raise TrainError(f"{named!r} is neither a pickle nor an MLflow model", where=where, fix="set train.predict: a command that takes IN and OUT")
    model.mkdir(parents=True)
    (shutil.copytree if left.is_dir() else shutil.copy2)(left, model / left.name)
    return "command"
