"""Tables that an engine holds, as a notebook has them: a DuckDB relation, which is run once and streamed, and a Spark DataFrame, which stays where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
