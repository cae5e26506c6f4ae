"""A table of Parquet files read through DuckDB: its scan decodes several row groups at a time, and counts texts without giving their rows.

What is asked of the rows (`tables/passes.py`) sees the very batches that it would see without DuckDB, in the same order, so that layouts, counts and sums are
the same to the last digit. Texts of which a pass only needs how often each occurs (`TallyPass`) are counted by DuckDB's GROUP BY while they are few. Numbers
are never compared, cast to text or filtered there. Columns whose type DuckDB does not give exactly (`exact_types.py`) are read in this process beside
the others; where DuckDB does not read a file, all of it is, and what is wrong with the file is what this process says of it.

Memory: DuckDB's own (`MEMORY`) and a few batches. Blind to a file that is replaced by one of the same size, time and inode.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from keepfit.errors import DataError
from keepfit.integrations.duckdb.connection import connected
from keepfit.integrations.duckdb.file_stretches import EngineTrouble, FileOfTable, FileStretch, ReadHere, engine_trouble, stretches_of

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from keepfit.tables.batches import Rows
    from keepfit.tables.passes import RowPass

State = TypeVar("State")
MEMORY = "400MB"
THREADS = 2
"""More would wait for this process, which counts."""
MANY = 20_000
"""A column of more different texts is counted from its rows."""
LOOK, VARIED = 8_192, 6_144
"""So is one that has more than `VARIED` of them in the first `LOOK` rows."""
LEAST = 500
"""So are all in a table of fewer rows than so many times its columns: a query costs time for each column that the files have."""
SHOWN = 5


@dataclass(frozen=True)
class DuckDbRows:
    """The rows of a table's files: `here` as this process reads them all, and `files`, each with its own, of which those in Parquet are DuckDB's."""

    here: Rows
    files: Sequence[ReadHere]
    _stamps: dict[str, tuple[int, int, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stamps", {file.name: _stamp(file) for file, _ in self.files})

    @property
    def schema(self) -> pa.Schema:
        """The columns of all files, in types that take them all."""
        return self.here.schema

    @property
    def rows_at_most(self) -> int:
        """The rows of all files."""
        return self.here.rows_at_most

    @property
    def columns_at_once(self) -> int:
        """As this process reads them best: a pass costs no more for fewer columns."""
        return self.here.columns_at_once

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows in their order, read in this process: what asks for rows wants a few of them."""
        return self.here.batches(columns)

    @property
    def remarks(self) -> tuple[str, ...]:
        """A sentence that names the columns which are read in this process."""
        try:
            stretches = self._stretches
        except EngineTrouble:  # `run` reads the files in this process
            return ()
        here = dict.fromkeys(name for stretch in stretches if stretch.groups for name in stretch.schema.names if name not in stretch.named)
        if not here:
            return ()
        named = ", ".join([*map(repr, list(here)[:SHOWN]), *(["…"] if len(here) > SHOWN else [])])
        return (f"DuckDB has no exact reading of {len(here)} of the columns, which are read in this process: {named}",)

    def run(self, look: RowPass[State]) -> State:
        """Run the pass over all rows; raises `DataError` for a file that changes meanwhile, and what `here` raises for files that cannot be read."""
        from keepfit.tables.passes import run_pass
        from keepfit.tables.recut import RowsDiffer

        self._refuse_changes()
        try:
            with _scanning() as connection:
                state = self._run(connection, look)
        except (EngineTrouble, RowsDiffer):
            self._refuse_changes()
            state = run_pass(self.here, look)
        self._refuse_changes()
        return state

    def _run(self, connection: DuckDBPyConnection, look: RowPass[State]) -> State:
        from keepfit.tables.passes import TallyPass, run_part

        if not isinstance(look, TallyPass):
            return run_part(look, lambda: self._read(connection, look.columns, look.columns))
        counting: TallyPass[State] = look
        found = self._tallies(connection, self._few(connection, counting.by_value))
        rest = counting.without(tuple(found))
        return counting.with_tallies(run_part(rest, lambda: self._read(connection, rest.columns, look.columns)), found)

    def _read(self, connection: DuckDBPyConnection, columns: Sequence[str], cut_for: Sequence[str]) -> Iterator[pa.Table]:
        from keepfit.tables.in_table import in_table

        for stretch in self._stretches:
            for file, batch in stretch.batches(connection, columns, cut_for):
                yield in_table(batch, columns, self.schema, parts=file.parts)

    def _few(self, connection: DuckDBPyConnection, names: Sequence[str]) -> list[str]:
        """Those of the columns that DuckDB counts: text in all files that have them, and of few different texts as far as the first rows show."""
        if self.rows_at_most < LEAST * len(self.schema) * len(self._stretches):
            return []
        held = {name: 0 for name in names if all(_counts_texts(stretch, name) for stretch in self._stretches)}
        unseen = set(held)
        for stretch in self._stretches:
            there = [name for name in held if name in unseen and name in stretch.named]
            held |= stretch.different(connection, there, rows=LOOK)
            unseen -= set(there)
        return [name for name, different in held.items() if different <= VARIED]

    def _tallies(self, connection: DuckDBPyConnection, names: Sequence[str]) -> dict[str, Mapping[str | None, int]]:
        """How often each text occurs in each column, but for columns of too many texts."""
        found: dict[str, Mapping[str | None, int]] = {}
        for name in names:
            counts: Counter[str | None] = Counter()
            for stretch in self._stretches:
                counts.update(stretch.tallied(connection, name, most=MANY))
                if len(counts) > MANY:
                    break
            else:
                found[name] = counts
        return found

    @cached_property
    def _stretches(self) -> list[FileStretch]:
        with _scanning() as connection:
            return stretches_of(connection, self.files)

    def _refuse_changes(self) -> None:
        for file, _ in self.files:
            if _stamp(file) != self._stamps[file.name]:
                raise DataError(f"{file.name} changed while it was read", where=str(file.path), fix="run it again when nothing writes there")


@contextmanager
def _scanning() -> Iterator[DuckDBPyConnection]:
    """A connection that reads files in their order, a page at a time: whole columns of a row group, read ahead, are memory that the system has to clear."""
    with connected(memory=MEMORY, threads=THREADS, ordered=True) as connection:
        with engine_trouble():
            connection.execute("LOAD parquet")
            connection.execute("SET disable_parquet_prefetching = true")
        yield connection


def _stamp(file: FileOfTable) -> tuple[int, int, int]:
    """What tells a file from another under its name: its size, when it was changed, and its inode; zeros for none."""
    try:
        found = file.path.stat()
    except OSError:
        return (0, 0, 0)
    return found.st_size, found.st_mtime_ns, found.st_ino


def _counts_texts(stretch: FileStretch, name: str) -> bool:
    from keepfit.tables.number_text import is_text

    if not stretch.groups:
        return False
    return name not in stretch.schema.names or (name in stretch.named and is_text(stretch.schema.field(name).type))
