"""The rows of closed windows, and of those that only `ingest` left (a template's history), with the labels that are known of them by now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.rows.closed_windows import in_time
from keepfit.flows.rows.late_labels import LateLabels
from keepfit.flows.rows.window_store import closed_files

if TYPE_CHECKING:
    import pyarrow as pa

ALL = "all"


def labelled_windows(project: Project, names: Sequence[str]) -> dict[str, pa.Table]:
    """Return the rows of these closed windows by id, the oldest first: of the newest where none is named, of each where `all` is.

    Raises `DataError` where none was closed yet, `UnknownNameError` for one that is not there.
    """
    from keepfit.integrations.tables import read_table
    from keepfit.tables.conform import conform

    files = _files(project)
    if not files:
        raise DataError("no window is closed yet: there are no rows to label", where=".keepfit/windows", fix="keepfit monitor")
    for name in names:
        if name not in files and name != ALL:
            raise UnknownNameError("closed window", name, known=files, where="--window")
    wanted = files if ALL in names else [name for name in files if name in names] or [next(reversed(files))]
    late = LateLabels(project)
    return {name: late.complete(name, conform(read_table(files[name]), project.params)) for name in wanted}


def _files(project: Project) -> dict[str, Path]:
    """The file of each window, the oldest first: closed ones, and those that only `ingest` left (a template's history)."""
    left = {path.stem: path for path in (project.root / "build" / "ingest" / "windows").glob("*.parquet")}
    return {window.id: path for window, path in in_time(left | closed_files(project), project.params.data).items()}
