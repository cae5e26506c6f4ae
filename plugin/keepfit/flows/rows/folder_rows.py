"""A folder of tables read in batches, as one table: the columns of all its files and of their partitions, in types that take them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.rows.folders import TableFile, table_files

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.tables.batches import Rows
    from keepfit.tables.passes import RowPass, State


@dataclass(frozen=True)
class FolderRows:
    """The rows of a folder's files, in the order of their names; raises `DataError` where two files' columns do not fit, naming file and column."""

    path: Path
    files: Sequence[tuple[TableFile, Rows]]
    schema: pa.Schema = field(init=False)

    def __post_init__(self) -> None:
        from keepfit.tables.together import column_types

        schemas = [(file.name, _schema(file, rows), rows.rows_at_most) for file, rows in self.files]
        schema, misfits = column_types(schemas)
        if misfits:
            fix = "give the column the same type in every file, or name the columns to compare (--columns)"
            raise DataError(f"{misfits[0].file}: {misfits[0].sentence}", where=str(self.path), fix=fix)
        object.__setattr__(self, "schema", schema)

    @property
    def rows_at_most(self) -> int:
        """The rows of all files."""
        return sum(rows.rows_at_most for _, rows in self.files)

    @property
    def columns_at_once(self) -> int:
        """As the file is best read that takes the fewest."""
        return min(rows.columns_at_once for _, rows in self.files)

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows, file by file."""
        from keepfit.tables.in_table import in_table

        for file, rows in self.files:
            yield from map(partial(in_table, columns=columns, schema=self.schema, parts=file.parts), rows.batches(_there(rows, columns)))

    def run(self, look: RowPass[State]) -> State:
        """Run a pass file after file: where a file's rows run passes themselves, there, and else here."""
        from keepfit.tables.in_table import in_table
        from keepfit.tables.mapped_pass import CountedPass, MappedPass
        from keepfit.tables.passes import PassingRows, is_done

        counted = CountedPass(look)
        state = counted.start(0)
        for file, rows in self.files:
            if is_done(counted, state):
                break
            change, there = partial(in_table, columns=look.columns, schema=self.schema, parts=file.parts), _there(rows, look.columns)
            if isinstance(rows, PassingRows):
                state = counted.join(state, rows.run(MappedPass(counted, change, tuple(there), state[0])))
                continue
            for batch in rows.batches(there):
                state = counted.add(state, change(batch))
                if is_done(counted, state):
                    break
        return state[1]


def _there(rows: Rows, columns: Sequence[str]) -> list[str]:
    return [name for name in columns if name in rows.schema.names]


def _schema(file: TableFile, rows: Rows) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([*rows.schema, *(pa.field(name, pa.string()) for name in file.parts if name not in rows.schema.names)])


def folder_rows(path: Path, read: Callable[[Path], Rows]) -> FolderRows:
    """Return the rows of a folder's tables; raises `DataError` for a folder without any, and for a file that cannot be read, naming it."""
    files = table_files(path)
    if not files:
        raise DataError(f"the folder {path.name} holds no table", where=str(path), fix="put .csv or .parquet files there")
    return FolderRows(path, [(file, read(file.path)) for file in files])
