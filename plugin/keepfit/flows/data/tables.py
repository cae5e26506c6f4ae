"""Two plain tables (files, or folders of files) row by row: no project, no git, no DVC."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.rows.folders import TableFile, table_files
from keepfit.integrations.duckdb.row_diff import diff_tables
from keepfit.integrations.duckdb.stored_tables import TableFiles
from keepfit.integrations.duckdb.table_pair import DiffQuestion

if TYPE_CHECKING:
    from keepfit.records.data_diff import DataDiff


@dataclass(frozen=True, kw_only=True)
class TableColumns:
    """The columns that a comparison of plain tables goes by: the key (none: rows are compared whole), and what is told of beside the rows."""

    key: tuple[str, ...] = ()
    target: str | None = None
    time: str | None = None
    slices: tuple[str, ...] = ()


def diff_files(before: Path, now: Path, columns: TableColumns) -> DataDiff:
    """Return what changed from one CSV or Parquet file, or folder of such files, to another.

    CSV is read as `keepfit compare` reads it and kept as Parquet for the time of the comparison.
    """
    names = (before.name, now.name) if before.name != now.name else (str(before), str(now))
    question = DiffQuestion(what="tables", key=columns.key, target=columns.target, time=columns.time, slices=columns.slices, typed=True)
    with tempfile.TemporaryDirectory(prefix="keepfit-diff-") as folder:
        sides = [_files(path, name, Path(folder) / str(place)) for place, (path, name) in enumerate(zip((before, now), names, strict=True))]
        return diff_tables(sides[0], sides[1], question)


def _files(path: Path, name: str, folder: Path) -> TableFiles:
    if not path.exists():
        raise DataError(f"no file {path.name}", where=str(path), fix="check the path")
    found = table_files(path) if path.is_dir() else [TableFile(path=path, name=path.name)]
    if not found:
        raise DataError(f"the folder {path.name} holds no table", where=str(path), fix="put .csv or .parquet files there")
    return TableFiles(name=name, files={file.name: _as_parquet(file, folder / str(place)) for place, file in enumerate(found)})


def _as_parquet(file: TableFile, made: Path) -> Path:
    """The file itself where it is readable Parquet, or the rows of a CSV file, or of a file of a partition with its columns, as Parquet."""
    path = file.path
    from keepfit.integrations.streams import CsvRows, TypesChange, is_streamed
    from keepfit.integrations.tables import columns_of, read_table, write_batches, write_parquet
    from keepfit.tables.in_table import with_parts

    if path.suffix == ".parquet" and not file.parts:
        columns_of(path)
        return path
    made = made.with_suffix(".parquet")
    if file.parts or not is_streamed(path):
        write_parquet(with_parts(read_table(path, codes=True), file.parts), made)
        return made
    rows = CsvRows(path)
    try:
        write_batches(rows.batches(rows.schema.names), made)
    except TypesChange:
        rows = rows.settled()
        write_batches(rows.batches(rows.schema.names), made)
    return made
