"""Rows in files: a file, or a folder of files, as one table; and the column that tells its rows apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params

SUFFIXES = (".csv", ".csv.gz", ".parquet")


def id_column(params: Params) -> str:
    """The column that identifies a row: the named one, or the one keepfit makes."""
    from keepfit.integrations.tables import ROW_ID

    return params.data.id or ROW_ID


def read_all(path: Path, read: Callable[[Path], pa.Table], *, where: str) -> pa.Table:
    """Read the file, or all tables of the folder one below the other (columns by name; a missing one is NULL)."""
    import pyarrow as pa

    if not path.is_dir():
        return read(path)
    files = sorted(file for file in path.iterdir() if file.name.endswith(SUFFIXES) and not file.name.startswith("."))
    if not files:
        raise DataError(f"the folder {path.name} holds no table", where=where, fix="put .csv or .parquet files there")
    tables = [_of_folder(file, read, where=where) for file in files]
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as bad:
        raise DataError(
            f"the files of {path.name} do not fit together: {str(bad)[:200]}", where=where, fix="give a column the same type in every file"
        ) from bad


def _of_folder(file: Path, read: Callable[[Path], pa.Table], *, where: str) -> pa.Table:
    try:
        return read(file)
    except DataError as bad:
        raise DataError(f"{file.name}: {bad.what}", where=bad.where or where, fix=bad.fix) from bad
