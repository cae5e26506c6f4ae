"""Tables that Spark knows by name, and Delta tables by their folder: found, or one sentence on why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SAID = 200
NO_FORMAT = "DATA_SOURCE_NOT_FOUND"
MISSING = ("TABLE_OR_VIEW_NOT_FOUND", "SCHEMA_NOT_FOUND", "PATH_NOT_FOUND", "CATALOG_NOT_FOUND", "REQUIRES_SINGLE_PART_NAMESPACE")
FORMATS = {"delta": "io.delta:delta-spark_2.13", "iceberg": "org.apache.iceberg:iceberg-spark-runtime", "hudi": "org.apache.hudi:hudi-spark-bundle"}


def named_table(session: SparkSession, name: str, *, where: str) -> DataFrame:
    """Return a table or view by its name; raises `DataError` where Spark knows none of that name, or cannot read it."""
    return _checked(lambda: session.table(name), name, where)


def delta_table(session: SparkSession, folder: Path, *, where: str) -> DataFrame:
    """Return a Delta table by its folder; raises `DataError` where the session cannot read Delta tables, or not this one."""
    return _checked(lambda: session.read.format("delta").load(str(folder)), f"delta.`{folder}`", where)


def _checked(make: Callable[[], DataFrame], name: str, where: str) -> DataFrame:
    try:
        frame = make()
        _ = frame.schema  # over Connect nothing is looked up before
    except Exception as bad:  # Py4J's, Connect's and Spark's own errors have no common kind
        raise not_found(str(bad), name, where=where) from bad
    return frame


def not_found(said: str, name: str, *, where: str) -> DataError:
    """Return what Spark said of a table as one sentence.

    >>> print(not_found("[TABLE_OR_VIEW_NOT_FOUND] The table or view `lake`.`flihgts` cannot be found. Verify …", "lake.flihgts", where="REF"))
    Spark knows no table lake.flihgts (REF)
      fix: check the name, with its catalog and schema (SHOW TABLES)
    """
    line = next((line for line in said.splitlines() if "[" in line), said.strip().partition("\n")[0])[:SAID]
    jar = FORMATS.get(name.partition(".")[0])
    if NO_FORMAT in line or (jar is not None and any(kind in line for kind in MISSING)):
        fix = f"check the path, and start Spark with the format's jar (spark.jars.packages {jar or 'of the format'}:VERSION)"
        return DataError(f"Spark cannot find {name}, or has no reader of its format", where=where, fix=fix)
    if any(kind in line for kind in MISSING):
        return DataError(f"Spark knows no table {name}", where=where, fix="check the name, with its catalog and schema (SHOW TABLES)")
    return DataError(f"Spark cannot read {name}: {line}", where=where, fix="see what Spark says of SELECT * FROM it LIMIT 1")
