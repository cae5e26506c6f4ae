"""Two Arrow tables as stored files, compared."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from pyarrow import parquet

from keepfit.integrations.duckdb.row_diff import diff_tables
from keepfit.integrations.duckdb.stored_tables import TableFiles
from keepfit.integrations.duckdb.table_pair import DiffQuestion
from keepfit.records.data_diff import ColumnChange, DataDiff


def diff(before: pa.Table, now: pa.Table, *, key: tuple[str, ...] = ("id",), threads: int | None = None, **question: object) -> DataDiff:
    """What changed from one table to the other."""
    with TemporaryDirectory() as folder:
        sides = []
        for name, table in (("before", before), ("now", now)):
            path = Path(folder) / f"{name}.parquet"
            parquet.write_table(table, path)
            sides.append(TableFiles(name=name, files={name: path}))
        return diff_tables(sides[0], sides[1], DiffQuestion(what="tables", key=key, **question), threads=threads)


def counts(found: DataDiff) -> tuple[int, int, int]:
    return found.added, found.removed, found.changed


def column(found: DataDiff, name: str) -> ColumnChange:
    (one,) = [each for each in found.columns if each.name == name]
    return one
