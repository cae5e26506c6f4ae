"""The labels that people gave: `labels/*.csv`, reviewed text files, one an import; none is ever written again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from keepfit.errors import DataError
from keepfit.flows.project import Project
from keepfit.records import Label
from keepfit.tables.label_file import read, written

FOLDER = "labels"


def label_files(project: Project) -> list[Path]:
    """Return the files of people's labels, by name."""
    return sorted(path for path in (project.root / FOLDER).glob("*.csv") if not path.name.startswith("."))


def people_labels(project: Project) -> list[Label]:
    """Return all labels that people gave, file by file; raises `DataError` with file and line for what is no label."""
    return [label for path in label_files(project) for label in read(_text(path), where=f"{FOLDER}/{path.name}")]


def add_labels(project: Project, name: str, labels: Iterable[Label]) -> Path | None:
    """Write labels to a file of this name (`NAME.csv`) that is not there yet, whole or not at all; None where somebody else wrote it meanwhile."""
    folder = project.root / FOLDER
    folder.mkdir(exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(written(labels))
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        (folder / f"{name}.csv").hardlink_to(draft)
    except FileExistsError:
        return None
    finally:
        Path(draft).unlink(missing_ok=True)
    return folder / f"{name}.csv"


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise DataError(f"{path.name} cannot be read: {bad}", where=f"{FOLDER}/{path.name}", fix="restore it with git") from bad
