"""A file, or a folder of files, that is read through DuckDB: those that are Parquet; what stands beside them is read in this process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.rows.folder_rows import FolderRows
from keepfit.flows.rows.folders import TableFile

if TYPE_CHECKING:
    from keepfit.integrations.duckdb.engine_rows import DuckDbRows
    from keepfit.tables.batches import Rows


def duckdb_rows(path: Path, here: Rows, *, where: str) -> DuckDbRows:
    """Return the rows of a table whose rows in this process are `here`; raises `DataError` at `where` for one without a Parquet file."""
    from keepfit.integrations.duckdb.engine_rows import DuckDbRows

    files = list(here.files) if isinstance(here, FolderRows) else [(TableFile(path=path, name=path.name), here)]
    if not any(file.path.suffix == ".parquet" for file, _ in files):
        raise DataError(f"{path.name} holds no Parquet file, which is what DuckDB reads", where=where, fix="read it by the engine local")
    return DuckDbRows(here, files)
