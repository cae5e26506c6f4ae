"""Rows in files: a file, or a folder of files, as one table."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.rows.folders import Folder, Read, read_folder
from keepfit.tables.odd_files import OddFile

if TYPE_CHECKING:
    import pyarrow as pa

Odd = list[OddFile] | None


def read_all(path: Path, read: Read, *, where: str, numbers: Collection[str] = (), time: str | None = None, odd: Odd = None) -> pa.Table:
    """Read the file, or all tables of the folder one below the other (columns by name; a missing one is NULL).

    Files of a folder that cannot be read or do not fit go to the list `odd`, without one the first of them is raised; see `read_folder`.
    Raises `DataError` at `where` for a path that is not there.
    """
    if not path.exists():
        raise DataError(f"no file {path.name}", where=where, fix=f"check the path {path}, or dvc pull")
    return taken(read_files(path, read, where=where, numbers=numbers, time=time), odd)


def read_files(path: Path, read: Read, *, where: str, numbers: Collection[str] = (), time: str | None = None) -> Folder:
    """Read the file, or all tables of the folder; what does not fit is told with the table."""
    from keepfit.tables.part import as_part

    if path.is_dir():
        return read_folder(path, read, where=where, numbers=numbers, time=time)
    part = as_part(read(path))
    return Folder(table=part.table, unread=() if part.unread is None else (part.unread,))


def taken(folder: Folder, odd: Odd) -> pa.Table:
    """Return the table, after `odd` was given the files that were left out; raises the first one's error where nobody asks for them."""
    if folder.odd and odd is None:
        raise folder.odd[0].error
    if odd is not None:
        odd.extend(folder.odd)
    return folder.table
