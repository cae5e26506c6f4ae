"""Which engine reads a table, and the table opened by it: this process (*local*), DuckDB, or Spark.

Whatever is asked of the rows (`tables/passes.py`) runs where the engine has them, and the counts are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from keepfit.errors import DataError

if TYPE_CHECKING:
    from keepfit.tables.batches import Rows

EngineName: TypeAlias = Literal["local", "duckdb", "spark"]
EngineChoice: TypeAlias = Literal["auto", "local", "duckdb", "spark"]


@dataclass(frozen=True, kw_only=True)
class OpenedRows:
    """A table opened by an engine, `why` by that one, and what has to be said of it: columns that the engine cannot read, by name."""

    rows: Rows
    engine: EngineName
    why: str
    remarks: tuple[str, ...] = ()


def open_rows(source: str | Path, *, engine: EngineChoice, where: str) -> OpenedRows:
    """Open a table: the path of a CSV or Parquet file or of a folder of them (partitions too).

    `where` is the place that named the table, for sentences. Raises `DataError` for what is no table, or none that the engine reads.
    """
    if engine == "duckdb":
        return _by_duckdb(Path(source), "as asked", where)
    if engine == "spark":
        raise DataError(f"{source} cannot be read by {engine} yet", where=where, fix="engine: local")
    return OpenedRows(rows=local_rows(Path(source)), engine="local", why="as asked" if engine == "local" else "files")


def _by_duckdb(path: Path, why: str, where: str) -> OpenedRows:
    from keepfit.flows.rows.duckdb_files import duckdb_rows

    rows = duckdb_rows(path, local_rows(path), where=where)
    return OpenedRows(rows=rows, engine="duckdb", why=why, remarks=rows.remarks)


def local_rows(path: Path) -> Rows:
    """Return the rows of a file, or of a folder of files, read in this process; large files in batches."""
    from keepfit.flows.rows.folder_rows import folder_rows
    from keepfit.integrations.streams import CsvRows, ParquetRows, is_streamed
    from keepfit.integrations.tables import read_table
    from keepfit.tables.batches import TableRows

    if path.is_dir():
        return folder_rows(path, local_rows)
    if not is_streamed(path):
        return TableRows(read_table(path, codes=True))
    return ParquetRows(path) if path.suffix == ".parquet" else CsvRows(path)
