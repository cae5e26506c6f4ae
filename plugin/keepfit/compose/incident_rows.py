"""The rows of an incident: those of a window's slice that the permanent holdout keeps from every model, so that they can judge."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.holdout import in_holdout
from keepfit.params import Params
from keepfit.slices.literals import rows_of_slice
from keepfit.tables.columns import id_column
from keepfit.tables.labels import labels, listed
from keepfit.tables.sliced import with_slice_columns


@dataclass(frozen=True, kw_only=True)
class IncidentRows:
    """How many rows of a window are of the slice, how many of these are held out, and how many of those have a label by now."""

    of_slice: int
    held: int
    labelled: int


def incident_rows(table: pa.Table, slice_name: str, params: Params, *, quarantined: Collection[str], where: str) -> IncidentRows:
    """Count the rows of a window's slice; rows that an expectation set aside judge nothing. Raises as `rows_of_slice` does."""
    whole = with_slice_columns(params, table)
    rows = rows_of_slice(slice_name, whole, where=where)
    rows &= ~np.asarray(pc.is_in(whole[id_column(params)].cast(pa.string()), value_set=pa.array(sorted(quarantined), pa.string())))
    keys = whole[params.data.group or id_column(params)].cast(pa.string())
    held = rows & in_holdout(keys, share=params.data.holdout_share, salt=params.data.holdout_salt)
    return IncidentRows(of_slice=int(rows.sum()), held=int(held.sum()), labelled=int((held & listed(params, labels(params, whole))).sum()))
