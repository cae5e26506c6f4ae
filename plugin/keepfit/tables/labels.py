"""The labels of rows as numbers: NaN where there is none yet, 0 and 1 for a classifier, finite numbers for a regressor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.errors import DataError, UnknownNameError
from keepfit.tables.arrow import floats, is_number

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.params import Params

Floats = npt.NDArray[np.float64]
SHOWN = 5


def labels(params: Params, table: pa.Table | pd.DataFrame) -> Floats:
    """Return the target of each row, NaN where there is none; raises `DataError` for values that are no labels of the task."""
    target = params.model.target
    names = table.column_names if isinstance(table, pa.Table) else list(map(str, table.columns))
    if target not in names:
        raise UnknownNameError("column", target, known=names, where="params.yaml: model.target")
    values = _numbers(table, target)
    known = values[~np.isnan(values)]
    if params.model.task == "classification" and not np.isin(known, (0, 1)).all():
        odd = ", ".join(f"{value:g}" for value in np.unique(known)[:SHOWN])
        raise DataError(f"the target {target!r} is not 0 and 1: {odd} …", where="params.yaml: model", fix="set model.positive, or model.task: regression")
    if not np.isfinite(known).all():
        raise DataError(f"the target {target!r} holds infinity", where="params.yaml: model.target", fix="mend the rows, or quarantine them by an expectation")
    return values


def _numbers(table: pa.Table | pd.DataFrame, target: str) -> Floats:
    """The column as floats; numbers that are stored as text are read."""
    column = table[target]
    if isinstance(column, pa.ChunkedArray) and is_number(column.type):
        return floats(column, target)
    import pandas as pd

    try:
        return pd.to_numeric(column.to_pandas() if isinstance(column, pa.ChunkedArray) else column).to_numpy(np.float64, na_value=np.nan)
    except (ValueError, TypeError) as bad:
        raise DataError(f"the target {target!r} holds text", where="params.yaml: model.positive", fix="name the value that counts as 1") from bad
