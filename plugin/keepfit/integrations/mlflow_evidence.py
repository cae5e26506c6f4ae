"""What lies beside a model version: all its files' hashes, and the certificates of its run.

Inside the MLflow server artifacts are read as the server's own pages read them; in a client, through the tracking server.
Nothing is written where artifacts lie, and no link is followed out of them.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keepfit.errors import DataError

FOLDER = "keepfit"
MAX_CERTIFICATES = 200
MAX_CERTIFICATE_BYTES = 4_000_000
CHUNK = 1 << 20


def in_server() -> bool:
    """Whether this process is a worker of `mlflow server`."""
    return "mlflow.server.handlers" in sys.modules and bool(os.environ.get("_MLFLOW_SERVER_FILE_STORE"))


def model_id_of(source: str | None) -> str | None:
    """Return the logged model's id that a version's source names, None if it names another place.

    >>> model_id_of("models:/m-0123"), model_id_of("models:/other/3"), model_id_of("/some/folder")
    ('m-0123', None, None)
    """
    name = (source or "").removeprefix("models:/")
    return name if source and name != source and name.startswith("m-") and "/" not in name else None


@dataclass(frozen=True)
class Artifacts:
    """Reads artifacts by URI; `tracking_uri` serves proxied ones to a client and is not used inside the server."""

    tracking_uri: str | None = None

    def files(self, uri: str) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sha256) of every file under a URI; raises `DataError` if there is none, or a link."""
        repository, path = self._repository(uri)
        folder = getattr(repository, "artifact_dir", None)
        if folder is not None:
            yield from _hashes(Path(folder, path))
            return
        with tempfile.TemporaryDirectory(prefix="keepfit-digest-") as scratch:
            yield from _hashes(Path(repository.download_artifacts(path, scratch)))

    def copy(self, uri: str, *, to: Path) -> Path:
        """Copy everything under a URI below the folder `to` and return where it lies."""
        repository, path = self._repository(uri)
        return Path(repository.download_artifacts(path, str(to)))

    def certificates(self, run_id: str) -> Iterator[str]:
        """Yield the texts of a run's `keepfit/certificate-*.json`."""
        repository, path = self._repository(str(self._run(run_id).artifact_uri))
        folder = f"{path}/{FOLDER}" if path else FOLDER
        listed = [found for found in repository.list_artifacts(folder) if _is_certificate(found)]
        with tempfile.TemporaryDirectory(prefix="keepfit-certificates-") as scratch:
            for found in listed[:MAX_CERTIFICATES]:
                place = Path(scratch, "certificate.json")
                repository._download_file(found.path, str(place))  # noqa: SLF001 - the public way shows a progress bar for each
                yield place.read_text(encoding="utf-8", errors="replace")

    def write(self, run_id: str, path: str, text: str) -> str:
        """Write a text among a run's artifacts and return where MLflow's pages show it."""
        info = self._run(run_id)
        repository, root = self._repository(str(info.artifact_uri))
        folder, _, name = path.rpartition("/")
        with tempfile.TemporaryDirectory(prefix="keepfit-page-") as scratch:
            place = Path(scratch, name)
            place.write_text(text, encoding="utf-8")
            repository.log_artifact(str(place), f"{root}/{folder}" if root else folder)
        return f"/#/experiments/{info.experiment_id}/runs/{run_id}/artifacts/{path}"

    def _run(self, run_id: str) -> Any:
        if in_server():
            from mlflow.server import handlers

            return handlers._get_tracking_store().get_run(run_id).info  # noqa: SLF001 - the server's own store, as its pages use it
        from mlflow import MlflowClient

        return MlflowClient(tracking_uri=self.tracking_uri).get_run(run_id).info

    def _repository(self, uri: str) -> tuple[Any, str]:
        """Return the repository that serves a URI and the path in it (empty: its root)."""
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        if not in_server():
            return get_artifact_repository(uri, tracking_uri=self.tracking_uri), ""
        from mlflow.server import handlers

        if not handlers._is_servable_proxied_run_artifact_root(uri):  # noqa: SLF001 - as the server's artifact pages do
            return handlers._get_artifact_repository_for_uri(uri), ""  # noqa: SLF001
        path = handlers._get_proxied_run_artifact_destination_path(uri)  # noqa: SLF001
        path = str(handlers._get_workspace_scoped_repo_path_if_enabled(path) or "")  # noqa: SLF001
        if ".." in path.split("/"):
            raise DataError("the model's place leads out of the artifact root", where=uri)
        return handlers._get_artifact_repo_mlflow_artifacts(), path  # noqa: SLF001


def _is_certificate(found: Any) -> bool:
    name = found.path.rsplit("/", 1)[-1]
    return not found.is_dir and name.startswith("certificate-") and name.endswith(".json") and (found.file_size or 0) <= MAX_CERTIFICATE_BYTES


def _hashes(root: Path) -> Iterator[tuple[str, str]]:
    count = 0
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = Path(folder, name)
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise DataError("a link or special file among the model's files", where=path.relative_to(root).as_posix())
        for name in names:
            path = Path(folder, name)
            count += 1
            yield path.relative_to(root).as_posix(), _sha256(path)
    if count == 0:
        raise DataError("no model files there", where=root.name)


def _sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()
