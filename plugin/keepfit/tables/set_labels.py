"""Tables with labels that somebody set in place of those that came with the rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.written_targets import WRITTEN

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def with_labels(table: pa.Table, target: str, label: Floats, changed: Mask) -> pa.Table:
    """Return the rows with the labels of those that changed in place of theirs (NaN: none); what their owner wrote is not known of them any more.

    A training command of the owner's gets the word that the other rows of the class have (`tables/written_targets.py`).

    >>> with_labels(pa.table({"y": [0.0, 1.0, None]}), "y", np.array([1.0, np.nan, 0.0]), np.array([True, True, False]))["y"].to_pylist()
    [1.0, None, None]
    """
    if not changed.any():
        return table
    which = pa.array(changed)
    values = table[target].combine_chunks()
    values = values.cast(pa.float64()) if pa.types.is_null(values.type) else values
    found = pc.if_else(which, pa.array(label, pa.float64(), from_pandas=True).cast(values.type, safe=False), values)
    table = table.set_column(table.column_names.index(target), target, found)
    if WRITTEN not in table.column_names:
        return table
    written = pc.if_else(which, pa.scalar(None, pa.string()), table[WRITTEN].combine_chunks())
    return table.set_column(table.column_names.index(WRITTEN), WRITTEN, written)


def with_target(table: pa.Table, target: str) -> pa.Table:
    """Return the table with its target; one that has none gets an empty one.

    >>> with_target(pa.table({"x": [1]}), "y").column_names
    ['x', 'y']
    """
    return table if target in table.column_names else table.append_column(target, pa.nulls(table.num_rows, pa.float64()))
