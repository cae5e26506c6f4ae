"""Stretches of a table's files: neighbours that are stored alike, which one query reads in their order.

Files that differ in any column's name, place or type are read by queries of their own, each in its own types: DuckDB's one scan of several would read the
later files in the types of the first, and round fractions where the first holds whole numbers. Columns go by their place in the file, because DuckDB does not
tell `x` from `X`: it names the second `X_1`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from keepfit.integrations.duckdb.connection import files_as_sql, interruptible, quoted

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from keepfit.tables.batches import Rows


class EngineTrouble(Exception):  # noqa: N818 - no error of the user's: the files are read in this process, which says what is wrong with them
    """What DuckDB said of files that it does not read."""


class FileOfTable(Protocol):
    """One of a table's files; `parts` are the columns that its folders' names give it, as text."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def parts(self) -> Mapping[str, str | None]:
        """The values of its partition."""


ReadHere = tuple[FileOfTable, "Rows"]
"""A file and its rows as this process reads them."""


@dataclass(frozen=True, kw_only=True)
class FileStretch:
    """Neighbouring files that are stored alike: the rows of each one's row groups, and DuckDB's name of each column that it gives exactly as Arrow does."""

    files: Sequence[ReadHere]
    groups: Sequence[Sequence[int]] = ()
    named: Mapping[str, str] = field(default_factory=dict)

    def batches(self, connection: DuckDBPyConnection, columns: Sequence[str], cut_for: Sequence[str] | None = None) -> Iterator[tuple[FileOfTable, pa.Table]]:
        """Yield these columns of the files' rows in their order; those that a file lacks are left out.

        The batches end where they do when this process reads the columns `cut_for` (None: these).
        """
        from keepfit.tables.recut import recut

        there = [name for name in columns if name in self.schema.names]
        given = [name for name in there if name in self.named]
        if not given:
            for file, rows in self.files:
                yield from ((file, batch) for batch in rows.batches(there))
            return
        cuts = self._cuts(columns if cut_for is None else cut_for)
        sizes = [rows for _, rows in cuts]
        found = recut(self._scanned(connection, given, max(sizes, default=1)), sizes)
        if others := [name for name in there if name not in self.named]:
            beside = recut(chain.from_iterable(rows.batches(others) for _, rows in self.files), sizes)
            found = (_side_by_side(*both, there) for both in zip(found, beside, strict=True))
        yield from zip((file for file, _ in cuts), found, strict=True)

    def _cuts(self, columns: Sequence[str]) -> list[tuple[FileOfTable, int]]:
        """The batches in which this process reads the columns: each one's file and rows."""
        from keepfit.tables.batches import batch_rows
        from keepfit.tables.recut import parquet_sizes

        there = [name for name in columns if name in self.schema.names]
        size, by_group = batch_rows(len(there)), any(map(self._comes_as_codes, there))
        return [(file, rows) for (file, _), groups in zip(self.files, self.groups, strict=True) for rows in parquet_sizes(groups, size, by_group=by_group)]

    def _scanned(self, connection: DuckDBPyConnection, names: Sequence[str], size: int) -> Iterator[pa.Table]:
        import pyarrow as pa

        from keepfit.integrations.duckdb.exact_types import as_read

        schema = pa.schema([self.schema.field(name) for name in names])
        columns = ", ".join(f"{quoted(self.named[name])} AS c{place}" for place, name in enumerate(names))
        with engine_trouble():
            reader = connection.sql(f"SELECT {columns} FROM {self._scan()}").to_arrow_reader(size)
            for batch in reader:
                yield as_read(pa.Table.from_batches([batch]).rename_columns(list(names)), schema)

    def tallied(self, connection: DuckDBPyConnection, name: str, *, most: int) -> dict[str | None, int]:
        """Return how often each text of a column occurs, NULL under None; `most` + 1 texts where there are more than `most`."""
        if name in self.schema.names:
            query = f"SELECT {quoted(self.named[name])}, count(*) FROM {self._scan()} GROUP BY 1 LIMIT {most + 1}"
            with engine_trouble():
                return dict(interruptible(connection, lambda: connection.execute(query).fetchall()))
        found: Counter[str | None] = Counter()
        for (file, _), groups in zip(self.files, self.groups, strict=True):
            found[file.parts.get(name)] += sum(groups)
        return +found

    def different(self, connection: DuckDBPyConnection, names: Sequence[str], *, rows: int) -> dict[str, int]:
        """Return about how many different texts the first rows hold in each of these columns."""
        if not names:
            return {}
        columns = ", ".join(f"{quoted(self.named[name])} AS c{place}" for place, name in enumerate(names))
        counts = ", ".join(f"approx_count_distinct(c{place})" for place in range(len(names)))
        with engine_trouble():
            found = connection.execute(f"SELECT {counts} FROM (SELECT {columns} FROM {self._scan()} LIMIT {rows})").fetchall()
        return dict(zip(names, found[0], strict=True))

    @property
    def schema(self) -> pa.Schema:
        """The columns of each file, in the types in which this process reads them."""
        return self.files[0][1].schema

    def _comes_as_codes(self, name: str) -> bool:
        """Whether this process reads a column as dictionaries, each of a row group."""
        import pyarrow as pa

        type_ = self.schema.field(name).type
        return bool(pa.types.is_string(type_) or pa.types.is_dictionary(type_))

    def _scan(self) -> str:
        return scan([file.path for file, _ in self.files])


def scan(paths: list[Path]) -> str:
    """Return SQL of all columns of Parquet files that are stored alike."""
    return f"read_parquet({files_as_sql(paths)}, can_have_nan = true, hive_partitioning = false)"


@contextmanager
def engine_trouble() -> Iterator[None]:
    """Raise `EngineTrouble` for whatever DuckDB says of what it reads."""
    import duckdb
    import pyarrow as pa

    try:
        yield
    except duckdb.InterruptException as stopped:
        raise KeyboardInterrupt from stopped
    except (duckdb.Error, pa.ArrowException, OSError) as bad:
        raise EngineTrouble(str(bad)) from bad


def stretches_of(connection: DuckDBPyConnection, files: Sequence[ReadHere]) -> list[FileStretch]:
    """Return a table's files in stretches; those of files that are no Parquet, or of which only some row groups are meant, are read in this process."""
    stored = [(*_stored(*one), one) for one in files]
    return [_stretch(connection, list(alike)) for _, alike in groupby(stored, key=lambda one: one[0])]


def _stretch(connection: DuckDBPyConnection, alike: Sequence[tuple[object, Sequence[int] | None, ReadHere]]) -> FileStretch:
    files, groups = [one for _, _, one in alike], [rows for _, rows, _ in alike if rows is not None]
    if not groups:
        return FileStretch(files=files)
    return FileStretch(files=files, groups=groups, named=_named(connection, *files[0]))


def _stored(file: FileOfTable, rows: Rows) -> tuple[object, Sequence[int] | None]:
    """What files that are stored alike have in common, and the rows of the file's row groups; None for one that is no Parquet, or not whole."""
    from pyarrow import parquet

    if file.path.suffix != ".parquet":
        return file.name, None
    with engine_trouble():
        found = parquet.read_metadata(file.path)
    names = rows.schema.names
    alone = file.name if len({name.casefold() for name in names}) < len(names) else ""  # DuckDB gives such columns names of its own in each file
    stored = str(found.schema).partition("\n")[2]  # its first line is where it lies in memory
    groups = [found.row_group(place).num_rows for place in range(found.num_row_groups)]
    return ((alone, str(rows.schema), stored), groups) if found.num_rows == rows.rows_at_most else (file.name, None)


def _named(connection: DuckDBPyConnection, file: FileOfTable, rows: Rows) -> dict[str, str]:
    """DuckDB's names of the columns that it gives exactly."""
    from keepfit.integrations.duckdb.exact_types import exactly

    with engine_trouble():
        given = connection.sql(f"SELECT * FROM {scan([file.path])} LIMIT 0").to_arrow_table().schema
    if len(given) != len(rows.schema):
        return {}
    return {one.name: theirs.name for one, theirs in zip(rows.schema, given, strict=True) if exactly(theirs.type, one.type)}


def _side_by_side(left: pa.Table, right: pa.Table, columns: Sequence[str]) -> pa.Table:
    for one in right.schema:
        left = left.append_column(one, right[one.name])
    return left.select(list(columns))
