"""train: the composed rows become a candidate."""

from __future__ import annotations

from pathlib import Path

from keepfit.errors import DataError
from keepfit.flows.models.training import train_once
from keepfit.flows.project import Project
from keepfit.records import Composition, from_json


def run_train(root: Path, *, table: Path, composition: Path, out: Path) -> None:
    """Train on the Parquet file `table` and write the candidate to `out`; raises `TrainError` or `DataError`.

    The rows that were held out lie beside it (`holdout.parquet`): what the candidate answers to them is what its answers are watched by.
    """
    from keepfit.integrations.tables import read_table
    from keepfit.tables.frames import to_frame

    project = Project(root)
    rows = to_frame(read_table(table))
    if not composition.is_file():
        raise DataError("no composition", where=str(composition), fix="dvc repro")
    composed = from_json(Composition, composition.read_bytes(), where=str(composition))
    repo = project.repo if project.params.train.command is not None else None
    apart = table.with_name("holdout.parquet")
    held = to_frame(read_table(apart)) if apart.is_file() else None
    meta = train_once(project.params, rows, out, composed, repo, held=held)
    if meta.answers == "labels":
        from keepfit.evaluate.scorecard import label_metrics

        print(f"{meta.model} answers labels only: metrics of labels can judge it ({', '.join(label_metrics(many=meta.many))})")  # noqa: T201 - a stage's word in dvc's output
