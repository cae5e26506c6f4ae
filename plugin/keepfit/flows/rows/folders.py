"""A folder of files as one table: which files, what their folders' names say (`m=01/part.parquet`), and which files cannot be taken in.

A file is odd if it cannot be read or does not fit the others (`tables/odd_files.py`). Where nobody asks for odd files the first of them is the error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from keepfit.errors import DataError, KeepfitError
from keepfit.flows.rows.table_formats import refuse_table_format
from keepfit.tables.odd_files import OddFile, odd_file
from keepfit.tables.partial_columns import PartialColumn, partial_columns

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.tables.part import TablePart

SUFFIXES = (".csv", ".csv.gz", ".parquet")
NO_PARTITION = "__HIVE_DEFAULT_PARTITION__"
FIX = "write the file again, or move it out of the folder"
Read = Callable[[Path], "pa.Table | TablePart"]


@dataclass(frozen=True, kw_only=True)
class TableFile:
    """A file of a folder; `parts` are the columns that its folders' names give it, as text."""

    path: Path
    name: str
    parts: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Folder:
    """What the files of a folder hold that fit together, those that were left out, and columns that only some of the others have.

    `unread` are the ids of rows that nobody asked for.
    """

    table: pa.Table
    odd: tuple[OddFile, ...] = ()
    partial: tuple[PartialColumn, ...] = ()
    unread: tuple[pa.ChunkedArray, ...] = ()


def table_files(folder: Path) -> list[TableFile]:
    """Return the tables of a folder by name, with those of its partitions (`column=value`); hidden files and those beginning with `_` are none.

    Raises `DataError` for a Delta, Iceberg or Hudi table, of which some files may not count.
    """
    refuse_table_format(folder)
    return sorted(_found(folder, folder, {}), key=lambda one: one.name)


def _found(folder: Path, top: Path, parts: Mapping[str, str | None]) -> list[TableFile]:
    files = []
    for path in folder.iterdir():
        if path.name.startswith((".", "_")):
            continue
        if path.is_dir() and "=" in path.name:
            column, _, value = path.name.partition("=")
            files += _found(path, top, {**parts, unquote(column): None if value == NO_PARTITION else unquote(value)})
        elif path.is_file() and path.name.endswith(SUFFIXES):
            files.append(TableFile(path=path, name=path.relative_to(top).as_posix(), parts=parts))
    return files


def read_folder(folder: Path, read: Read, *, where: str, numbers: Collection[str] = (), time: str | None = None) -> Folder:
    """Read the files that fit together, one below the other (columns by name; a missing one is NULL), and say which do not.

    `numbers` are columns known to hold them; `time` is the column by which odd files are placed between the others. Raises `DataError`
    for a folder without tables, or whose files are all odd.
    """
    from keepfit.tables.by_time import span_of
    from keepfit.tables.together import together

    files = table_files(folder)
    if not files:
        raise DataError(f"the folder {folder.name} holds no table", where=where, fix="put .csv or .parquet files there")
    parts, errors = _read_each(files, read, where)
    if not parts:
        raise next(iter(errors.values()))
    tables = {name: part.table for name, part in parts.items()}
    whole, misfits = together(tables, numbers=numbers, rows={name: part.rows for name, part in parts.items() if part.rows is not None})
    for one in reversed(misfits):
        errors[one.file] = DataError(f"{one.file}: {one.sentence}", where=where, fix="give the column the same type in every file")
    timed = {} if time is None else {name: part.span or span_of(part.table, time) for name, part in parts.items() if time in part.table.column_names}
    spans = {name: span for name, span in timed.items() if span is not None}
    partial = partial_columns({name: table.column_names for name, table in tables.items() if name not in errors})
    unread = tuple(part.unread for name, part in parts.items() if part.unread is not None and name not in errors)
    return Folder(
        table=whole,
        partial=tuple(partial),
        unread=unread,
        odd=tuple(odd_file(name, errors[name], of=where, spans=spans, odd=errors) for name in sorted(errors)),
    )


def _read_each(files: Sequence[TableFile], read: Read, where: str) -> tuple[dict[str, TablePart], dict[str, KeepfitError]]:
    """What each file holds, or why it cannot be read, by name."""
    from keepfit.tables.in_table import with_parts
    from keepfit.tables.part import as_part

    parts: dict[str, TablePart] = {}
    errors: dict[str, KeepfitError] = {}
    for file in files:
        try:
            part = as_part(read(file.path))
            parts[file.name] = replace(part, table=with_parts(part.table, file.parts))
        except KeepfitError as bad:
            errors[file.name] = _told(file.name, bad, where)
    return parts, errors


def _told(name: str, bad: KeepfitError, where: str) -> KeepfitError:
    own = Path(name).name
    said = bad.what.removeprefix(f"{own}: ")
    return DataError(said if said.startswith(own) else f"{name}: {said}", where=bad.where or where, fix=bad.fix or FIX)
