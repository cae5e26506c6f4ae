"""The flights as a lake: a folder of Parquet files, one a month, that stays with an engine."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

FOLDER = "lake"
TIME, MONTHS = "time", "month"


def write_lake(folder: Path, *, end: datetime) -> int:
    """Write the flights before `end`, a file a month; return how many files."""
    from keepfit.integrations.flights import flights_table
    from keepfit.integrations.tables import write_parquet
    from keepfit.tables.by_time import closed_parts

    parts = closed_parts(flights_table(start=None, end=end), TIME, MONTHS, end)
    for window, rows in parts:
        write_parquet(rows, folder / f"{window.id}.parquet")
    return len(parts)
