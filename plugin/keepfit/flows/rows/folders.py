"""A folder of files as one table: which files, what their folders' names say (`m=01/part.parquet`), and which files cannot be taken in.

A file is odd if it cannot be read or does not fit the others. Where nobody asks for odd files the first of them is the error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from keepfit.errors import DataError, KeepfitError

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.records import Window

SUFFIXES = (".csv", ".csv.gz", ".parquet")
NO_PARTITION = "__HIVE_DEFAULT_PARTITION__"
FIX = "write the file again, or move it out of the folder"
Span = tuple[datetime, datetime]
Read = Callable[[Path], "pa.Table"]


@dataclass(frozen=True, kw_only=True)
class TableFile:
    """A file of a folder; `parts` are the columns that its folders' names give it, as text."""

    path: Path
    name: str
    parts: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OddFile:
    """A file that was left out and why; `span` are the times of its rows where they are known, `between` the times of its neighbours by name.

    `gap` is the time that usually lies between the last row of a file and the first of the next; `of` says which source it is a file of.
    """

    name: str
    error: KeepfitError
    of: str = ""
    span: Span | None = None
    between: tuple[datetime | None, datetime | None] | None = None
    gap: timedelta = timedelta(days=1)

    @property
    def sentence(self) -> str:
        """What is wrong, with the file's name."""
        return self.error.what if self.error.what.startswith(self.name) else f"{self.name}: {self.error.what}"


@dataclass(frozen=True, kw_only=True)
class Folder:
    """What the files of a folder hold that fit together, and those that were left out."""

    table: pa.Table
    odd: tuple[OddFile, ...] = ()


def table_files(folder: Path) -> list[TableFile]:
    """Return the tables of a folder by name, with those of its partitions (`column=value`); hidden files and those beginning with `_` are none."""
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


def with_parts(table: pa.Table, parts: Mapping[str, str | None]) -> pa.Table:
    """Return the table with the columns of its partition, as text; one that the file has itself stays."""
    import pyarrow as pa

    for name, value in parts.items():
        if name not in table.column_names:
            table = table.append_column(name, pa.array([value] * table.num_rows, pa.string()))
    return table


def read_folder(folder: Path, read: Read, *, where: str, numbers: Collection[str] = (), time: str | None = None) -> Folder:
    """Read the files that fit together, one below the other (columns by name; a missing one is NULL), and say which do not.

    `numbers` are columns known to hold them; `time` is the column by which odd files are placed between the others. Raises `DataError`
    for a folder without tables, or whose files are all odd.
    """
    from keepfit.tables.together import together

    files = table_files(folder)
    if not files:
        raise DataError(f"the folder {folder.name} holds no table", where=where, fix="put .csv or .parquet files there")
    tables: dict[str, pa.Table] = {}
    errors: dict[str, KeepfitError] = {}
    for file in files:
        try:
            tables[file.name] = with_parts(read(file.path), file.parts)
        except KeepfitError as bad:
            errors[file.name] = _told(file.name, bad, where)
    if not tables:
        raise next(iter(errors.values()))
    whole, misfits = together(tables, numbers=numbers)
    for one in reversed(misfits):
        errors[one.file] = DataError(f"{one.file}: {one.sentence}", where=where, fix="give the column the same type in every file")
    spans = {name: span for name, table in tables.items() if (span := _span(table, time)) is not None}
    return Folder(table=whole, odd=tuple(replace(_odd(name, errors[name], spans, set(errors)), of=where) for name in sorted(errors)))


def _told(name: str, bad: KeepfitError, where: str) -> KeepfitError:
    own = Path(name).name
    said = bad.what.removeprefix(f"{own}: ")
    return DataError(said if said.startswith(own) else f"{name}: {said}", where=bad.where or where, fix=bad.fix or FIX)


def _span(table: pa.Table, time: str | None) -> Span | None:
    import pyarrow.compute as pc

    if time is None or time not in table.column_names or not table.num_rows:
        return None
    found = pc.min_max(table[time]).as_py()
    return found["min"], found["max"]


def _odd(name: str, error: KeepfitError, spans: Mapping[str, Span], odd: set[str]) -> OddFile:
    """An odd file with its own times, or else those of the files before and after it, if files lie in the order of time."""
    if name in spans:
        return OddFile(name=name, error=error, span=spans[name])
    sound = sorted(one for one in spans if one not in odd)
    pairs = list(pairwise(sound))
    if not sound or any(spans[first][0] > spans[second][0] for first, second in pairs):
        return OddFile(name=name, error=error)
    before, after = [spans[one][1] for one in sound if one < name], [spans[one][0] for one in sound if one > name]
    gaps = sorted(spans[second][0] - spans[first][1] for first, second in pairs if not any(first < one < second for one in odd))
    gap = max(gaps[len(gaps) // 2], timedelta()) if gaps else OddFile.gap
    return OddFile(name=name, error=error, between=(max(before, default=None), min(after, default=None)), gap=gap)


def may_hold(odd: OddFile, window: Window, *, all_after: bool) -> bool:
    """Whether an odd file may have rows of a window, or (`all_after`) of one before it, which would move the later ones.

    Where files do not lie in the order of time it may have rows of any window, and holds none back.
    """
    if window.start is None or window.end is None:
        return False
    if odd.span is not None:
        return window.end > odd.span[0] and (all_after or window.start <= odd.span[1])
    if odd.between is None:
        return False
    before, after = odd.between
    begin = window.start if before is None else max(window.start, before)
    end = window.end if after is None or all_after else min(window.end, after)
    return end - begin > odd.gap
