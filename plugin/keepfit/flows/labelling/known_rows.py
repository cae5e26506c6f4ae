"""Which rows there are: in the closed windows, in what ingest left, in the live source. Looked up, as there may be many millions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.rows.sources import rows_of_ids
from keepfit.flows.rows.window_store import closed_files
from keepfit.integrations.tables import read_columns
from keepfit.tables.columns import id_column
from keepfit.tables.keyed import with_keys
from keepfit.tables.written_targets import WRITTEN, words_of

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 100_000


def rows_among(project: Project, ids: set[str]) -> set[str]:
    """Return those of the ids that a row has; the live source is read only where the closed windows do not have them all."""
    key, found = id_column(project.params), set[str]()
    for file in _files(project):
        if not ids - found:
            break
        with suppress(UnknownNameError):  # a window that somebody put there: it has its ids when `ingest` has read it
            found.update(with_keys(read_columns(file, [key]), ids, key)[key].to_pylist())
    if ids - found:
        found.update(with_keys(rows_of_ids(project, ids - found).select([key]), ids, key)[key].to_pylist())
    return found


def newest_ids(project: Project) -> set[str]:
    """Return ids of the newest closed rows, at most a hundred thousand and the rest of a window: those among which a damaged one is looked for."""
    key, found = id_column(project.params), set[str]()
    for file in _files(project):
        if len(found) >= MOST:
            break
        with suppress(UnknownNameError):
            found.update(read_columns(file, [key])[key].to_pylist())
    return found


def words_written(project: Project) -> set[str]:
    """Return the values of the target, as people wrote them, in the closed windows."""
    return {word for table in _written(project) for word in words_of(table)}


def _written(project: Project) -> Iterator[pa.Table]:
    from keepfit.integrations.tables import read_columns_there

    for file in _files(project):
        yield read_columns_there(file, [WRITTEN])


def _files(project: Project) -> list[Path]:
    """The windows' files, the newest first."""
    left = {path.stem: path for path in (project.root / "build" / "ingest" / "windows").glob("*.parquet")}
    return [path for _, path in sorted((left | closed_files(project)).items(), reverse=True)]
