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


def with_ids(table: pa.Table, params: Params) -> pa.Table:
    """Give every row of a table with naive times its id, by `data.id` and `data.id_scheme`; raises `DataError` for missing or repeated ids."""
    from keepfit.integrations.row_ids import feature_ids
    from keepfit.integrations.tables import ROW_ID, with_row_ids

    data = params.data
    if data.id is None and data.id_scheme == "features" and ROW_ID not in table.column_names:
        import pyarrow as pa

        return table.append_column(ROW_ID, pa.array(feature_ids(table, (data.time, *data.features)), pa.string()))
    if data.id is not None and data.id in table.column_names:
        table = table.set_column(table.column_names.index(data.id), data.id, keys_of(table, params))
    return with_row_ids(table, data.id, ignore=(params.model.target,))


def keys_of(table: pa.Table, params: Params) -> pa.Array:
    """Return what a table's id column says of each row, as text."""
    from keepfit.integrations.row_ids import key_texts
    from keepfit.integrations.tables import as_text

    write = key_texts if params.data.id_scheme == "features" else as_text
    return write(table[id_column(params)].combine_chunks())


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
