"""A table with all columns that slices may name: its own, the time features, and the class of each row where there are many."""

from __future__ import annotations

import pyarrow as pa

from keepfit.params import Params
from keepfit.records import CLASS
from keepfit.tables.classes import class_texts
from keepfit.tables.labels import labels
from keepfit.tables.time_features import sliced_by, with_time_features


def with_slice_columns(params: Params, table: pa.Table) -> pa.Table:
    """Return the table with the time features that it lacks, and of many classes with the column `class`, NULL where there is no label."""
    found = with_time_features(table, sliced_by(params, table.column_names))
    if params.model.classes is None or CLASS in found.column_names:
        return found
    return found.append_column(CLASS, pa.array(class_texts(labels(params, found), params.model.classes), pa.string()))
