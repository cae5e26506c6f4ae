"""The closed windows of a project in the order of time, whatever their sizes are and their files are called.

A window of time says in its name when it is. One that is a count of rows has its time from its file, so that both can lie beside one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import closed_files
from keepfit.params import DataParams
from keepfit.records import Window


def closed_windows(project: Project) -> dict[Window, Path]:
    """Return the file of each closed window, the oldest first; raises `DataError` for a file that is named for no window."""
    return in_time(closed_files(project), project.params.data)


def in_time(files: Mapping[str, Path], data: DataParams) -> dict[Window, Path]:
    """Return the windows of files by id, the oldest first."""
    windows = {timed(name, file, data): file for name, file in files.items()}
    return dict(sorted(windows.items(), key=lambda one: one[0].order))


def timed(name: str, file: Path | None, data: DataParams) -> Window:
    """Return the window of an id with its time; a count of rows without a file, or without rows, has its number only."""
    from keepfit.integrations.tables import times_in_parquet
    from keepfit.tables.windows import parse_window_id

    window = parse_window_id(name, source=data.source_name)
    span = times_in_parquet(file, data.time) if file is not None and window.start is None else None
    return window if span is None else replace(window, start=span[0], end=span[1] + timedelta(microseconds=1))
