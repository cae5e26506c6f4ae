"""Tables that an engine holds, as a notebook has them: a DuckDB relation, which is run once and streamed, and a Spark DataFrame, which stays where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keepfit.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.tables.batches import Rows

BATCH = 1 << 16
IN_MEMORY = 128 << 20


def is_relation(data: object) -> bool:
    """Return whether it is a DuckDB relation."""
    return type(data).__module__.partition(".")[0] in ("duckdb", "_duckdb") and hasattr(data, "to_arrow_reader")


def relation_rows(data: Any, side: str) -> Rows | pa.Table:
    """Return what a relation holds: its query runs once, so that it is the same rows each time they are read; many are kept in a temporary file."""
    from keepfit.integrations.spooled_rows import spooled

    return spooled(data.to_arrow_reader(BATCH), side=side, in_memory=IN_MEMORY)


def is_spark_frame(data: object) -> bool:
    """Return whether it is a DataFrame of PySpark, of a session in this process or over Connect."""
    kind = type(data)
    return kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.sql.")


def spark_frame_rows(data: Any, side: str) -> tuple[Rows, tuple[str, ...]]:
    """Return a DataFrame's rows, which stay in Spark, and a sentence on the columns that it cannot give; raises `DataError` for a stream."""
    from keepfit.integrations.spark.table_rows import SparkTableRows

    if data.isStreaming:
        raise DataError(f"{side} is a stream, which has no end", where=side, fix="give the table that it is written to")
    rows = SparkTableRows(data.sparkSession, data, side)
    return rows, tuple(f"{side}: {remark}" for remark in rows.remarks)
