"""Parquet files as one table of DuckDB's: which columns they have together, and the SQL that reads some of them.

Columns go by name; one that a file lacks is NULL there, and one that files store in two types has the type that takes both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.integrations.duckdb.connection import files_as_sql, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PLACE = "file_index"  # DuckDB's own: the place of a row's file in the list


@dataclass(frozen=True, kw_only=True)
class TableFiles:
    """One state of a data set: the files that may differ from the other state's, by name, and those that are the same in both."""

    name: str
    files: Mapping[str, Path]
    same: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StoredTable:
    """The columns of all files with the type of each, and of the files that are read."""

    table: TableFiles
    columns: Mapping[str, str]
    read: frozenset[str]

    def rows(self, columns: Sequence[str], *, placed: bool = False) -> str:
        """Return SQL of these columns' rows in the files that may differ; `placed`: with the place of each row's file."""
        values = [f"{self._read(name)} AS {quoted(name)}" for name in columns] + ([PLACE] if placed else [])
        if not self.table.files:
            values = [f"CAST(NULL AS {self._type(name)}) AS {quoted(name)}" for name in columns] + [f"0 AS {PLACE}"]
            return f"(SELECT {', '.join(values)} WHERE false)"
        return f"(SELECT {', '.join(values) or '1'} FROM {_scan([*self.table.files.values()])})"

    def everywhere(self, columns: Sequence[str]) -> str:
        """Return SQL of these columns' rows in all files."""
        files = [*self.table.files.values(), *self.table.same]
        if not files:
            return self.rows(columns)
        return f"(SELECT {', '.join(map(quoted, columns)) or '1'} FROM {_scan(files)})"

    def _read(self, name: str) -> str:
        return f"CAST({quoted(name)} AS {self._type(name)})" if name in self.read else f"CAST(NULL AS {self._type(name)})"

    def _type(self, name: str) -> str:
        return "INTEGER" if self.columns[name] == "NULL" else self.columns[name]


def _scan(files: list[Path]) -> str:
    return f"read_parquet({files_as_sql(files)}, union_by_name = true, can_have_nan = true, hive_partitioning = false)"


def stored_table(connection: DuckDBPyConnection, table: TableFiles) -> StoredTable:
    """Return what the files hold; raises `DataError` for two columns that differ only in case, or one without a name."""
    files = [*table.files.values(), *table.same]
    if not files:
        return StoredTable(table=table, columns={}, read=frozenset())
    names, nothing = _names(connection, files, where=table.name)
    types = {name: stored for name, stored, *_ in connection.execute(f"DESCRIBE SELECT * FROM {_scan(files)}").fetchall()}
    columns = {name: "NULL" if name in nothing else types[name] for name in names}
    read = frozenset(_names(connection, list(table.files.values()), where=table.name)[0]) if table.files else frozenset()
    return StoredTable(table=table, columns=columns, read=read)


def _names(connection: DuckDBPyConnection, files: list[Path], *, where: str) -> tuple[tuple[str, ...], set[str]]:
    """The columns of some files in the order in which they come, and those that never hold a value."""
    listed = connection.execute(f"SELECT file_name, name, num_children, logical_type FROM parquet_schema({files_as_sql(files)})").fetchall()
    kept: dict[str, bool] = {}
    for name, nothing in _top_level(listed):
        kept[name] = kept.get(name, True) and nothing
    folded: dict[str, str] = {}
    for name in kept:
        if not name:
            raise DataError("a column has no name", where=where, fix="give every column a name of its own")
        if folded.setdefault(name.casefold(), name) != name:
            what = f"the columns {folded[name.casefold()]!r} and {name!r} differ only in upper and lower case"
            raise DataError(what, where=where, fix="rename one of them, in all files alike")
    return tuple(kept), {name for name, nothing in kept.items() if nothing}


def _top_level(listed: Sequence[tuple[str, str, int | None, str | None]]) -> Iterator[tuple[str, bool]]:
    """The columns of each file, without the fields that are within them: a schema is a tree, written from its root on."""
    place, file = 0, None
    while place < len(listed):
        if listed[place][0] != file:
            file, place = listed[place][0], place + 1
            continue
        yield listed[place][1], listed[place][3] == "NullType()"
        place = _after(listed, place)


def _after(listed: Sequence[tuple[str, str, int | None, str | None]], place: int) -> int:
    """The place after an element and all that is within it."""
    children, place = listed[place][2] or 0, place + 1
    for _ in range(children):
        place = _after(listed, place)
    return place
