"""Rows in files: a file, or a folder of files, as one table; and the column that tells its rows apart."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.rows.folders import OddFile, read_folder

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params

Odd = list[OddFile] | None


def id_column(params: Params) -> str:
    """The column that identifies a row: the named one, or the one keepfit makes."""
    from keepfit.integrations.tables import ROW_ID

    return params.data.id or ROW_ID


def with_ids(table: pa.Table, params: Params) -> pa.Table:
    """Give every row of a table with naive times its id, by `data.id` and `data.id_scheme`; raises `DataError` for missing or repeated ids."""
    from keepfit.integrations.tables import ROW_ID, with_row_ids
    from keepfit.tables.ids import feature_ids

    data = params.data
    if data.id is None and data.id_scheme == "features" and ROW_ID not in table.column_names:
        import pyarrow as pa

        return table.append_column(ROW_ID, pa.array(feature_ids(table, (data.time, *data.features)), pa.string()))
    if data.id is not None and data.id in table.column_names:
        table = table.set_column(table.column_names.index(data.id), data.id, keys_of(table, params))
    return with_row_ids(table, data.id, ignore=(params.model.target,))


def keys_of(table: pa.Table, params: Params) -> pa.Array:
    """Return what a table's id column says of each row, as text."""
    from keepfit.integrations.tables import as_text
    from keepfit.tables.ids import key_texts

    write = key_texts if params.data.id_scheme == "features" else as_text
    return write(table[id_column(params)].combine_chunks())


def read_all(path: Path, read: Callable[[Path], pa.Table], *, where: str, numbers: Collection[str] = (), time: str | None = None, odd: Odd = None) -> pa.Table:
    """Read the file, or all tables of the folder one below the other (columns by name; a missing one is NULL).

    Files of a folder that cannot be read or do not fit go to the list `odd`, without one the first of them is raised; see `read_folder`.
    """
    if not path.is_dir():
        return read(path)
    folder = read_folder(path, read, where=where, numbers=numbers, time=time)
    if folder.odd and odd is None:
        raise folder.odd[0].error
    if odd is not None:
        odd.extend(folder.odd)
    return folder.table
