"""The labels that people gave: `labels/*.csv`, reviewed text files, one an import; none is ever written again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from keepfit.errors import DataError
from keepfit.flows.project import Project
from keepfit.records import Label
from keepfit.tables.label_file import is_foreign, read, written

if TYPE_CHECKING:
    from keepfit.tables.people_labels import PeopleLabels

FOLDER = "labels"


def label_files(project: Project) -> dict[str, str]:
    """Return the texts of the files of people's labels by name; tables of another kind that lie there (`data.labels` may) are none.

    Raises `DataError` for one that cannot be read.
    """
    texts = {path.name: _text(path) for path in _tables(project)}
    return {name: text for name, text in texts.items() if not is_foreign(text)}


def foreign_files(project: Project) -> list[str]:
    """Return the names of the tables of another kind that lie beside people's labels; raises `DataError` for a file that cannot be read."""
    return [path.name for path in _tables(project) if is_foreign(_text(path))]


def _tables(project: Project) -> list[Path]:
    return sorted(path for path in (project.root / FOLDER).glob("*.csv") if not path.name.startswith("."))


def people_labels(project: Project) -> list[Label]:
    """Return all labels that people gave, file by file; raises `DataError` with file and line for what is no label."""
    return [label for name, text in label_files(project).items() for label in read(text, where=f"{FOLDER}/{name}")]


def labels_that_count(project: Project, until: datetime | None = None) -> PeopleLabels | None:
    """Return the labels of people that count for the project's rows, of those known by `until` (on the table's clock; None: all); None without any."""
    return LabelsByThen(project).known(until)


@dataclass(frozen=True)
class LabelsByThen:
    """The labels of people as they were known at any time of the past; the files are read once."""

    project: Project

    def known(self, until: datetime | None) -> PeopleLabels | None:
        """Return the labels that count, of those known by `until` (on the table's clock; None: all); None without any."""
        from keepfit.tables.people_labels import people_labels as counted

        params = self.project.params
        return counted(self._all, params.model, until=None if until is None else in_utc_of(until, params.data.timezone)) if self._all else None

    @cached_property
    def _all(self) -> list[Label]:
        return people_labels(self.project)


def in_utc_of(moment: datetime, timezone: str) -> datetime:
    """Return a moment of the table's clock in UTC.

    >>> in_utc_of(datetime(2026, 11, 30, 12), "Asia/Tokyo").isoformat()
    '2026-11-30T03:00:00+00:00'
    """
    return (moment.replace(tzinfo=ZoneInfo(timezone)) if moment.tzinfo is None else moment).astimezone(UTC)


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
