"""Labels that came after their window was closed, each with the number of its arrival: how often labels have come, and what came since.

A table of late labels is (id, target, arrival); what comes again for a row that has a label changes nothing (`join_labels.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.columns import id_column
from keepfit.tables.join_labels import fill, waiting

if TYPE_CHECKING:
    from keepfit.params import Params

ARRIVAL = "arrival"


def arrivals(late: pa.Table | None) -> int:
    """Return how many times labels have come."""
    return 0 if late is None else int(pc.max(late[ARRIVAL]).as_py())


def ids_since(late: pa.Table | None, arrival: int, params: Params) -> tuple[str, ...]:
    """Return the ids of the rows whose label came after the arrival of this number."""
    return () if late is None else tuple(late.filter(pc.greater(late[ARRIVAL], arrival))[id_column(params)].to_pylist())


def answered(rows: pa.Table, labels: pa.Table, params: Params) -> pa.Table | None:
    """Return (id, target) of those rows that wait for a label and have one by now; None without any."""
    target = params.model.target
    found = fill(waiting(rows, target).select([id_column(params)]), labels, params)
    if target not in found.column_names:
        return None
    came = found.filter(pc.is_valid(found[target]))
    return came if came.num_rows else None


def with_arrival(late: pa.Table | None, came: pa.Table, number: int) -> pa.Table:
    """Return the late labels with those that came now as the arrival of this number."""
    numbered = came.append_column(ARRIVAL, pa.array([number] * came.num_rows, pa.int64()))
    return numbered if late is None else pa.concat_tables([late, numbered], promote_options="default")
