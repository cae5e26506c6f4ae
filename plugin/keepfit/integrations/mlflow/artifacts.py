"""What lies beside a model version: all its files' hashes, and the certificates of its run.

Inside the MLflow server artifacts are read as the server's own pages read them; in a client, through the tracking server.
Nothing is written where artifacts lie, and no link is followed out of them.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from keepfit.errors import DataError

FOLDER = "keepfit"
MAX_CERTIFICATES = 100
MAX_CERTIFICATE_BYTES = 2_000_000
CHUNK = 1 << 20
ROOTS = "KEEPFIT_ARTIFACT_ROOTS"
DEFAULT_FOLDER = "mlruns"
MAX_GB = "KEEPFIT_MAX_MODEL_GB"
DEFAULT_GB = 20
GB = 1e9
MAX_SECONDS = 300
MAX_KNOWN_RUNS = 1000
_RUNS: dict[str, tuple[str, str]] = {}


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
            require_under(str(Path(folder, path)), [str(folder)])
            _require_size((each.lstat().st_size for each in Path(folder, path).rglob("*")), where=uri)
            yield from _hashes(Path(folder, path))
            return
        _require_size(_remote_sizes(repository, path), where=uri)
        with tempfile.TemporaryDirectory(prefix="keepfit-digest-") as scratch:
            yield from _hashes(Path(repository.download_artifacts(path, scratch)))

    def copy(self, uri: str, *, to: Path) -> Path:
        """Copy everything under a URI below the folder `to` and return where it lies."""
        repository, path = self._repository(uri)
        return Path(repository.download_artifacts(path, str(to)))

    def certificates(self, run_id: str) -> Iterator[str]:
        """Yield the texts of a run's `keepfit/certificate-*.json`; raises `DataError` for a run that is gone."""
        found = False
        for text in self._certificates(run_id):
            found = True
            yield text
        if not found:  # a run that was known may be gone since
            _RUNS.pop(run_id, None)
            self._run(run_id)

    def _certificates(self, run_id: str) -> Iterator[str]:
        repository, path = self._repository(self._run(run_id)[0])
        folder = f"{path}/{FOLDER}" if path else FOLDER
        here = getattr(repository, "artifact_dir", None)
        if here is not None:
            yield from _texts(Path(here, folder), root=str(here))
            return
        listed = [found for found in repository.list_artifacts(folder) if _is_certificate(found)]
        _require_few(len(listed))
        with tempfile.TemporaryDirectory(prefix="keepfit-certificates-") as scratch:
            for found in listed:
                place = Path(scratch, "certificate.json")
                repository._download_file(found.path, str(place))  # noqa: SLF001 - the public way shows a progress bar for each
                yield place.read_text(encoding="utf-8", errors="replace")

    def write(self, run_id: str, path: str, text: str) -> str:
        """Write a text among a run's artifacts and return where MLflow's pages show it."""
        artifacts, experiment = self._run(run_id)
        repository, root = self._repository(artifacts)
        folder, _, name = path.rpartition("/")
        with tempfile.TemporaryDirectory(prefix="keepfit-page-") as scratch:
            place = Path(scratch, name)
            place.write_text(text, encoding="utf-8")
            repository.log_artifact(str(place), f"{root}/{folder}" if root else folder)
        return f"/#/experiments/{experiment}/runs/{run_id}/artifacts/{path}"

    def _run(self, run_id: str) -> tuple[str, str]:
        """Where a run keeps its artifacts, and its experiment: both stay as they are while it lives."""
        known = _RUNS.get(run_id)
        if known is None:
            info = self._run_info(run_id)
            known = _RUNS[run_id] = (str(info.artifact_uri), str(info.experiment_id))
            while len(_RUNS) > MAX_KNOWN_RUNS:
                _RUNS.pop(next(iter(_RUNS)), None)
        return known

    def _run_info(self, run_id: str) -> Any:
        from mlflow.exceptions import MlflowException

        try:
            return self._stored_run(run_id).info
        except MlflowException as bad:
            if bad.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            raise DataError(
                "the version's run is gone, and its certificates with it", where=f"run {run_id}", fix="register the model again from a run"
            ) from bad

    def _stored_run(self, run_id: str) -> Any:
        if in_server():
            from mlflow.server import handlers

            return handlers._get_tracking_store().get_run(run_id)  # noqa: SLF001 - the server's own store, as its pages use it
        from mlflow import MlflowClient

        return MlflowClient(tracking_uri=self.tracking_uri).get_run(run_id)

    def _repository(self, uri: str) -> tuple[Any, str]:
        """Return the repository that serves a URI and the path in it (empty: its root)."""
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        if not in_server():
            return get_artifact_repository(uri, tracking_uri=self.tracking_uri), ""
        from mlflow.server import handlers

        if not handlers._is_servable_proxied_run_artifact_root(uri):  # noqa: SLF001 - as the server's artifact pages do
            require_under(uri, artifact_roots())
            return handlers._get_artifact_repository_for_uri(uri), ""  # noqa: SLF001
        if _names_a_host(uri):  # the path alone would be judged by our files, and clients would load that host's
            require_under(uri, artifact_roots())
        path = handlers._get_proxied_run_artifact_destination_path(uri)  # noqa: SLF001
        path = str(handlers._get_workspace_scoped_repo_path_if_enabled(path) or "")  # noqa: SLF001
        _require_plain(path, where=uri)
        return handlers._get_artifact_repo_mlflow_artifacts(), path  # noqa: SLF001


def _texts(folder: Path, *, root: str) -> Iterator[str]:
    """The certificates in a folder of this machine; no link is followed out of the root."""
    if not folder.is_dir():
        return
    require_under(str(folder), [root])
    named = (path for path in folder.iterdir() if path.name.startswith("certificate-") and path.suffix == ".json")
    listed = sorted(path for path in named if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_CERTIFICATE_BYTES)
    _require_few(len(listed))
    for path in listed:
        yield path.read_text(encoding="utf-8", errors="replace")


def _require_few(count: int) -> None:
    if count > MAX_CERTIFICATES:
        raise DataError(f"{count} certificates, at most {MAX_CERTIFICATES} are read", where=f"{FOLDER}/", fix="delete what is no certificate there")


def artifact_roots() -> tuple[str, ...]:
    """Return the places below which a server reads artifacts itself: its own root, and those that `KEEPFIT_ARTIFACT_ROOTS` adds."""
    added = os.environ.get(ROOTS, "").split()
    return tuple(root for root in (os.environ.get("_MLFLOW_SERVER_ARTIFACT_ROOT", ""), *added) if root)


def require_under(uri: str, roots: Iterable[str]) -> None:
    """Raise `DataError` for a place outside the roots: a version's source may name anybody's bucket, or any folder of this machine.

    >>> require_under("s3://ours/models/1", ["s3://ours"])
    >>> require_under("s3://ours-not/models/1", ["s3://ours"])
    Traceback (most recent call last):
    keepfit.errors.DataError: the place is outside the server's artifact root (s3://ours-not/models/1)
      fix: register the model from a run of this server; or, if the place is yours, start the server with KEEPFIT_ARTIFACT_ROOTS=ROOT
    """
    if not any(_is_under(_place(uri), _place(root)) for root in roots):
        fix = f"register the model from a run of this server; or, if the place is yours, start the server with {ROOTS}={_root_of(uri)}"
        raise DataError("the place is outside the server's artifact root", where=uri[:200], fix=fix)


def _root_of(uri: str) -> str:
    """The root that would hold a place: up to the folder `mlruns`, where MLflow keeps runs without being told where, else to be filled in.

    >>> _root_of("/data/ann/mlruns/1/abc/artifacts/model"), _root_of("file:///srv/mlruns/0/x"), _root_of("s3://theirs/x")
    ('/data/ann/mlruns', '/srv/mlruns', 'ROOT')
    """
    scheme, path = _place(uri)
    parts = path.parts
    return str(PurePosixPath(*parts[: parts.index(DEFAULT_FOLDER) + 1])) if scheme == "file" and DEFAULT_FOLDER in parts else "ROOT"


def _names_a_host(uri: str) -> bool:
    """Whether a proxied place says which server keeps it; `mlflow-artifacts:/path` is on the one that is asked.

    >>> _names_a_host("mlflow-artifacts:/1/model"), _names_a_host("mlflow-artifacts://elsewhere/1/model"), _names_a_host("http://elsewhere/1/model")
    (False, True, True)
    """
    parsed = urlsplit(uri)
    return bool(parsed.netloc) or parsed.scheme != "mlflow-artifacts"


def _require_plain(path: str, *, where: str) -> None:
    """Raise `DataError` for a path that a client's request would not lead to: `..`, and what is decoded or left out on its way.

    >>> _require_plain("0/run/artifacts/my model", where="mlflow-artifacts:/0/run/artifacts/my model")
    >>> _require_plain("0/run/artifacts/mod%65l", where="mlflow-artifacts:/0/run/artifacts/mod%65l")
    Traceback (most recent call last):
    keepfit.errors.DataError: the model's place is not spelled plainly: clients may load another (mlflow-artifacts:/0/run/artifacts/mod%65l)
      fix: register the model from a run of this server
    """
    if unquote(path) != path or {"", ".", ".."} & set(path.removesuffix("/").split("/")):
        fix = "register the model from a run of this server"
        raise DataError("the model's place is not spelled plainly: clients may load another", where=where[:200], fix=fix)


def _place(uri: str) -> tuple[str, PurePosixPath]:
    """Scheme with host, and path; a local path is real, so that no link and no `..` leads out of a root."""
    parsed = urlsplit(uri)
    if parsed.scheme in {"", "file"}:
        return "file", PurePosixPath(os.path.realpath(unquote(parsed.path) if parsed.scheme else uri))
    return f"{parsed.scheme}://{parsed.netloc}", PurePosixPath("/", unquote(parsed.path).lstrip("/"))


def _is_under(place: tuple[str, PurePosixPath], root: tuple[str, PurePosixPath]) -> bool:
    return place[0] == root[0] and ".." not in place[1].parts and place[1].is_relative_to(root[1])


def _require_size(sizes: Iterable[int], *, where: str) -> None:
    """Raise `DataError` for more than the gate hashes at a click."""
    limit = float(os.environ.get(MAX_GB, "") or DEFAULT_GB) * GB
    total = 0
    for size in sizes:
        total += size
        if total > limit:
            raise DataError(f"the model is larger than {limit / GB:g} GB", where=where[:200], fix=f"{MAX_GB} of the server raises the limit")


def _remote_sizes(repository: Any, path: str) -> Iterator[int]:
    for found in repository.list_artifacts(path):
        if found.is_dir:
            yield from _remote_sizes(repository, found.path)
        else:
            yield found.file_size or 0


def _is_certificate(found: Any) -> bool:
    name = found.path.rsplit("/", 1)[-1]
    return not found.is_dir and name.startswith("certificate-") and name.endswith(".json") and (found.file_size or 0) <= MAX_CERTIFICATE_BYTES


def _hashes(root: Path) -> Iterator[tuple[str, str]]:
    until = time.monotonic() + MAX_SECONDS
    count = 0
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = Path(folder, name)
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise DataError("a link or special file among the model's files", where=path.relative_to(root).as_posix())
        for name in names:
            path = Path(folder, name)
            count += 1
            yield path.relative_to(root).as_posix(), _sha256(path, until=until)
    if count == 0:
        raise DataError("no model files there", where=root.name)


def _sha256(path: Path, *, until: float) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
            if time.monotonic() > until:
                raise DataError(f"reading the model's files took longer than {MAX_SECONDS} seconds", where=path.name)
    return found.hexdigest()
