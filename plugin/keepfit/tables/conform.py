"""A table as keepfit knows it: naive times, an id a row, the target a number, numeric features numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit.tables.columns import id_column, require_columns
from keepfit.tables.features import taken_apart, with_numbers
from keepfit.tables.row_ids import with_ids
from keepfit.tables.targets import number_names, target_as_number
from keepfit.tables.time_features import refuse_taken
from keepfit.tables.times import normalise_time
from keepfit.tables.unreadable import by_row, with_unreadable

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params


def conform(table: pa.Table, params: Params) -> pa.Table:
    """Make the times naive, give every row its id and make the target a number; features are not checked here (a lost column is evidence, not an error).

    Numeric features that are text are read as numbers where most of their values are, and what is none is noted of its row.
    """
    require_columns(table, [params.data.group] if params.data.group else [], where="params.yaml: data.group")
    refuse_taken(table.column_names, params)
    timed = normalise_time(table, params.data.time, timezone=params.data.timezone)
    read, strange = taken_apart(with_numbers(timed, number_names(params)))
    named = with_ids(read, params)
    if strange:
        key = id_column(params)
        named = with_unreadable(named, by_row(strange, named[key].to_pylist()), key=key)
    return target_as_number(named, params)
