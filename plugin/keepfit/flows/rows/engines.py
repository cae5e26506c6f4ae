"""Which engine reads a table, and the table opened by it: this process (*local*), DuckDB, or Spark.

Whatever is asked of the rows (`tables/passes.py`) runs where the engine has them, and the counts are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from keepfit.errors import DataError
from keepfit.flows.rows.table_names import is_surely_table_name, is_table_name

if TYPE_CHECKING:
    from keepfit.flows.rows.folder_rows import FolderRows
    from keepfit.tables.batches import Rows

BY_SPARK = "--engine spark"
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
    """Open a table: the path of a file or of a folder of them (partitions too), or by Spark the name of a table or view.

    `where` is the place that named the table, for sentences. Raises `DataError` for what is no table, or none that the engine reads, and
    `ProjectError` where the engine is not installed.
    """
    from keepfit.flows.rows.engine_choice import choose_engine

    named, why = choose_engine(source) if engine == "auto" else (engine, "as asked")
    rows = {"local": _local, "duckdb": _by_duckdb, "spark": _by_spark}[named](str(source), where)
    return OpenedRows(rows=rows, engine=named, why=why, remarks=tuple(getattr(rows, "remarks", ())))


def local_rows(path: Path) -> Rows:
    """Return the rows of a file, or of a folder of files, read in this process; large files in batches."""
    from keepfit.flows.rows.folder_rows import folder_rows
    from keepfit.integrations.streams import CsvRows, ParquetRows, is_streamed
    from keepfit.integrations.tables import read_table
    from keepfit.tables.batches import TableRows

    if path.is_dir():
        return folder_rows(path, local_rows)
    if is_surely_table_name(str(path)):
        raise DataError(f"no file {path}", where=str(path), fix=f"check the path; a table of that name is read by Spark: {BY_SPARK}")
    if not is_streamed(path):
        return TableRows(read_table(path, codes=True))
    return ParquetRows(path) if path.suffix == ".parquet" else CsvRows(path)


def _local(source: str, where: str) -> Rows:  # noqa: ARG001 - the file's own place is nearer
    return local_rows(Path(source))


def _by_duckdb(source: str, where: str) -> Rows:
    from keepfit.flows.rows.duckdb_files import duckdb_rows

    return duckdb_rows(Path(source), local_rows(Path(source)), where=where)


def _by_spark(source: str, where: str) -> Rows:
    from keepfit.flows.rows.piece_rows import PieceReader
    from keepfit.flows.rows.table_formats import table_format
    from keepfit.integrations.parquet_pieces import parquet_pieces
    from keepfit.integrations.spark.file_rows import SparkFileRows
    from keepfit.integrations.spark.session import spark_session
    from keepfit.integrations.spark.table_rows import SparkTableRows
    from keepfit.integrations.spark.tables import delta_table, named_table

    path = Path(source)
    if is_table_name(source):
        session = spark_session()
        return SparkTableRows(session, named_table(session, source, where=where), source)
    if path.is_dir() and table_format(path) == "Delta":
        session = spark_session()
        return SparkTableRows(session, delta_table(session, path.absolute(), where=where), path.name)
    table = _parquet_files(path, where)
    pieces = parquet_pieces([(file.path.absolute(), file.parts) for file, _ in table.files])
    return SparkFileRows(spark_session(), pieces, table.schema, PieceReader(table.schema))


def _parquet_files(path: Path, where: str) -> FolderRows:
    """The files as this process reads them; Spark would find other types in CSV."""
    from keepfit.flows.rows.folder_rows import FolderRows, folder_rows
    from keepfit.flows.rows.folders import TableFile

    table = folder_rows(path, local_rows) if path.is_dir() else FolderRows(path, [(TableFile(path=path, name=path.name), local_rows(path))])
    other = next((file.name for file, _ in table.files if file.path.suffix != ".parquet"), None)
    if other is not None:
        what = f"{other} is not Parquet, which is what Spark's workers read of files"
        raise DataError(what, where=where, fix="read it by the engine local, or write it as Parquet")
    return table
