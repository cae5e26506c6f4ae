"""Which engine *auto* takes for a table, and why: this process for what is small, the one that is there for what is large, Spark for what only Spark reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.rows.folders import table_files
from keepfit.flows.rows.table_formats import table_format
from keepfit.flows.rows.table_names import is_surely_table_name

if TYPE_CHECKING:
    from keepfit.flows.rows.engines import EngineName, OpenedRows

LARGE = 256 << 20
"""Bytes of Parquet from which DuckDB's scan beside our counting takes less time than both in one thread."""
MIN_CORES = 2
UNITS = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"), (1, "bytes"))


def choose_engine(source: str | Path) -> tuple[EngineName, str]:
    """Return the engine for a table and the reason for the choice; of a path that does not exist this process, whose error names it."""
    path = Path(source)
    if is_surely_table_name(str(source)):
        return "spark", "a table's name, which only Spark reads"
    kind = table_format(path) if path.is_dir() else None
    if kind is not None:
        return "spark", f"a table of {kind}, which only Spark reads"
    files = [file.path for file in table_files(path)] if path.is_dir() else [path] if path.is_file() else []
    size = sum(file.stat().st_size for file in files)
    if not files or not all(file.suffix == ".parquet" for file in files):
        return "local", f"CSV of {_size(size)}" if files else "no table is there"
    if size < LARGE:
        return "local", f"Parquet of {_size(size)}, less than {_size(LARGE)}"
    if session_is_active():
        return "spark", f"Parquet of {_size(size)}, and a Spark session is active"
    if cores() < MIN_CORES:
        return "local", f"Parquet of {_size(size)}; one core"
    if find_spec("duckdb") is not None:
        return "duckdb", f"Parquet of {_size(size)}"
    return "local", f"Parquet of {_size(size)}; DuckDB is not installed"


def choice_line(sides: Mapping[str, OpenedRows]) -> str:
    """Return one line on the engines of tables by their names.

    >>> from keepfit.flows.rows.engines import OpenedRows
    >>> small = OpenedRows(rows=None, engine="local", why="CSV of 3 MB")
    >>> choice_line({"REF": small, "CUR": small})
    'engine: local (both: CSV of 3 MB)'
    >>> choice_line({"REF": OpenedRows(rows=None, engine="duckdb", why="Parquet of 1.2 GB"), "CUR": small})
    'engine: duckdb for REF (Parquet of 1.2 GB), local for CUR (CSV of 3 MB)'
    """
    engines, whys = {side.engine for side in sides.values()}, {side.why for side in sides.values()}
    if len(engines) > 1:
        return "engine: " + ", ".join(f"{side.engine} for {name} ({side.why})" for name, side in sides.items())
    said = f"both: {whys.pop()}" if len(whys) == 1 else "; ".join(f"{name}: {side.why}" for name, side in sides.items())
    return f"engine: {engines.pop()} ({said})"


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def session_is_active() -> bool:
    """Whether this process has a Spark session: who has one has imported PySpark."""
    sql = sys.modules.get("pyspark.sql")
    return sql is not None and sql.SparkSession.getActiveSession() is not None


def _size(size: int) -> str:
    """Return bytes in two digits.

    >>> _size(12_900_000), _size(1_300_000_000), _size(7)
    ('12 MB', '1.2 GB', '7 bytes')
    """
    unit, name = next((unit, name) for unit, name in UNITS if size >= unit or unit == 1)
    return f"{size / unit:.1f} {name}" if 1 < size / unit < 10 and unit > 1 else f"{size / unit:.0f} {name}"
