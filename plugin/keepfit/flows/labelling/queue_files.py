"""What an export leaves: the file for people, and the queue's record in `.keepfit/queues/`; all of it or nothing, and never over what is there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from keepfit.errors import DataError
from keepfit.flows.labelling.queues import FOLDER
from keepfit.flows.project import Project
from keepfit.records import Queue, to_json

SUFFIXES = (".csv", ".json")


def queue_path(project: Project, name: str) -> Path:
    """Return where the record of a queue lies."""
    return project.state / FOLDER / f"{name}.json"


def check_free(files: Mapping[Path, str]) -> None:
    """Raise `DataError` for the first of these files that is there, or whose folder is not; each with what says its name."""
    for path, said in files.items():
        if path.exists() or path.is_symlink():
            fix = "name another file: what people have filled in is never overwritten" if said == "--out" else "name the queue otherwise: --name NAME"
            raise DataError(f"{path} is there already", where=said, fix=fix)
        if said == "--out" and not path.parent.is_dir():
            raise DataError(f"no folder {path.parent}", where=said, fix=f"mkdir -p {path.parent}")


def write_queue(project: Project, queue: Queue, files: Mapping[Path, str]) -> None:
    """Write the files for people, then the record; takes all of them back where one cannot be written."""
    record = queue_path(project, queue.name)
    record.parent.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    try:
        for path, text in {**files, record: to_json(queue)}.items():
            _write_new(path, text)
            made.append(path)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all, also where somebody else writes it at the same time."""
    draft = _draft(path)
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        draft.chmod(0o644)
        path.hardlink_to(draft)
    except FileExistsError as taken:
        raise DataError(f"{path} was written by somebody else meanwhile", where="--out", fix="name another file") from taken
    finally:
        draft.unlink(missing_ok=True)


def _draft(path: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    except OSError as bad:
        raise DataError(f"{path.parent} cannot be written to: {bad.strerror}", where="--out", fix="name a file elsewhere") from bad
    os.close(handle)
    return Path(name)
