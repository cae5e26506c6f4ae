"""Runs: found by key, filled, finished; their texts read back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from keepfit.integrations.mlflow.client.connection import Connection
from keepfit.integrations.mlflow.client.plain import PlainClient, Point
from keepfit.integrations.mlflow.client.run_context import context_tags
from keepfit.integrations.mlflow.client.tags import KEY_TAG, stored

BATCH = 1000  # what MLflow takes of metrics in one call


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of an experiment; `finished` is False if whoever filled it was cut."""

    id: str
    experiment_id: str
    finished: bool
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RunContent:
    """What a run holds: `metrics` (at `step`) and `texts` (artifact path to text); logging it twice leaves the same run."""

    name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    step: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Points:
    """What metrics were at one step of a series; `at` is its time in milliseconds since 1970."""

    step: int
    at: int
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Runs(Connection):
    """Experiments and their runs."""

    def experiment(self, name: str) -> str:
        """Return the id of the experiment, made if missing (a database without a server keeps artifacts beside itself)."""
        with self.answers() as client:
            found = client.get_experiment_by_name(name)
            if found is not None:
                return str(found.experiment_id)
            return str(client.create_experiment(name, artifact_location=self._artifacts(name)))

    def find_run(self, experiment_id: str, key: str) -> Run | None:
        """Return the oldest run with this key, None if there is none."""
        with self.answers() as client:
            found = client.search_runs([experiment_id], f"tags.`{KEY_TAG}` = '{key}'", order_by=["attributes.start_time ASC"], max_results=1)
        return _run(found[0]) if found else None

    def start_run(self, experiment_id: str, key: str, content: RunContent) -> Run:
        """Create the run with its key, name and tags in one call; context providers add theirs."""
        with self.answers() as client:
            tags = context_tags({**stored(content.tags), KEY_TAG: key})
            return _run(client.create_run(experiment_id, tags=tags, run_name=content.name))

    def fill_run(self, run_id: str, content: RunContent) -> None:
        """Write tags, metrics and text artifacts; the same again changes nothing but the metrics' times."""
        with self.answers() as client:
            metrics = [Point(key, float(value), 0, content.step) for key, value in content.metrics.items()]
            _log(client, run_id, metrics, stored(content.tags))
            for path, text in content.texts.items():
                client.log_text(run_id, text, path)

    def log_series(self, run_id: str, points: Iterable[Points]) -> None:
        """Write metrics over steps; a point that is there already stays one point."""
        with self.answers() as client:
            metrics = [Point(key, float(value), one.at, one.step) for one in points for key, value in one.metrics.items()]
            for first in range(0, len(metrics), BATCH):
                _log(client, run_id, metrics[first : first + BATCH], {})

    def delete_run(self, run_id: str) -> None:
        """Put a run into MLflow's bin."""
        with self.answers() as client:
            client.delete_run(run_id)

    def finish_run(self, run_id: str) -> None:
        """Mark the run as finished: all that belongs to it is there."""
        with self.answers() as client:
            client.set_terminated(run_id, "FINISHED")

    def log_text(self, run_id: str, path: str, text: str) -> None:
        """Write one text artifact of a run."""
        with self.answers(f"run {run_id}") as client:
            client.log_text(run_id, text, path)

    def list_texts(self, run_id: str, folder: str) -> tuple[str, ...]:
        """Return the paths of a run's artifacts in a folder, in their order."""
        with self.answers(f"run {run_id}") as client:
            return tuple(sorted(found.path for found in client.list_artifacts(run_id, folder or None) if not found.is_dir))

    def read_text(self, run_id: str, path: str) -> str | None:
        """Return a text artifact of a run, None if the run has no such artifact."""
        with self.answers() as client, tempfile.TemporaryDirectory() as scratch:
            from mlflow.artifacts import download_artifacts

            folder = str(Path(path).parent)
            if path not in {found.path for found in client.list_artifacts(run_id, "" if folder == "." else folder)}:
                return None
            return Path(download_artifacts(run_id=run_id, artifact_path=path, dst_path=scratch, tracking_uri=self.uri)).read_text(encoding="utf-8")

    def run_page(self, experiment_id: str, run_id: str, path: str = "") -> str | None:
        """The address of a run's artifact page in the UI; None without a server."""
        where = f"/artifacts/{quote(path)}" if path else ""
        return f"{self.page}/experiments/{experiment_id}/runs/{run_id}{where}" if self.page else None

    def _artifacts(self, experiment: str) -> str | None:
        """A database alone would keep artifacts below the current folder, which may be a work tree that goes away."""
        path = self.uri.partition("///")[2]
        if not self.uri.startswith("sqlite:") or not path:
            return None
        return (Path(path).absolute().parent / "mlartifacts" / quote(experiment, safe="")).as_uri()


def _log(client: Any, run_id: str, metrics: Sequence[Point], tags: Mapping[str, str]) -> None:
    if isinstance(client, PlainClient) and client.log_points(run_id, metrics, tags):
        return
    from mlflow.entities import Metric, RunTag

    client.log_batch(run_id, metrics=[Metric(*one) for one in metrics], tags=[RunTag(key, value) for key, value in tags.items()])


def _run(run: Any) -> Run:
    return Run(id=run.info.run_id, experiment_id=run.info.experiment_id, finished=run.info.status == "FINISHED", tags=dict(run.data.tags))
