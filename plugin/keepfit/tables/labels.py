"""The labels of rows as numbers: NaN where there is none yet, 0 and 1 for a classifier of two classes, the codes of more, finite numbers for a regressor."""

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
Mask = npt.NDArray[np.bool_]
SHOWN = 5
NO_CLASSES = "set model.positive, list more than two classes in model.classes, or set model.task: regression"


def labels(params: Params, table: pa.Table | pd.DataFrame) -> Floats:
    """Return the target of each row, NaN where there is none; raises `DataError` for values that are no labels of the task."""
    target = params.model.target
    names = table.column_names if isinstance(table, pa.Table) else list(map(str, table.columns))
    if target not in names:
        raise UnknownNameError("column", target, known=names, where="params.yaml: model.target")
    values = _numbers(table, target)
    known = values[are_known(values)]
    if params.model.classes is not None:
        _check_codes(known, target, classes=len(params.model.classes))
    elif params.model.task == "classification" and not np.isin(known, (0, 1)).all():
        odd = ", ".join(f"{value:g}" for value in np.unique(known)[:SHOWN])
        raise DataError(
            f"the target {target!r} is not 0 and 1: {odd} …",
            where="params.yaml: model",
            fix=NO_CLASSES,
        )
    if not np.isfinite(known).all():
        raise DataError(f"the target {target!r} holds infinity", where="params.yaml: model.target", fix="mend the rows, or quarantine them by an expectation")
    return values


def _check_codes(known: Floats, target: str, *, classes: int) -> None:
    """Codes are the places of the listed classes, and one more for a class that is not listed."""
    bad = known[~np.isin(known, np.arange(classes + 1))]
    if len(bad):
        what = f"the target {target!r} holds {bad[0]:g}, which is the code of no class: rows were coded before with another list of classes"
        raise DataError(what, where="params.yaml: model.classes", fix="dvc repro ingest, which codes them by what was written")


def are_known(values: Floats) -> Mask:
    """Return which rows have a label."""
    return ~np.isnan(values)


def listed(params: Params, values: Floats) -> Mask:
    """Return which labels can be learned: all that are known, but of a class that is not in `model.classes`."""
    known = are_known(values)
    return known if params.model.classes is None else known & (values < len(params.model.classes))


def teachable(params: Params, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose label can be learned; raises as `labelled` does."""
    rows = labelled(params, table)
    kept = listed(params, labels(params, rows))
    if not kept.any():
        what = f"none of the {len(rows)} labelled rows is of a class in model.classes"
        raise DataError(what, where="params.yaml: model.classes", fix="list the target's values as they are written in the rows")
    return rows if kept.all() else rows[kept].reset_index(drop=True)


def labelled(params: Params, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have a label; raises `DataError` when none has, or a feature's column is not there."""
    for name in (*params.data.features, params.data.time):
        if name not in table.columns:
            where = "params.yaml: data.time" if name == params.data.time else f"params.yaml: data.features.{name}"
            raise UnknownNameError("column", name, known=[one for one in map(str, table.columns) if not one.startswith("_")], where=where)
    rows = table[are_known(labels(params, table))].reset_index(drop=True)
    if not len(rows):
        what = "no training rows" if not len(table) else f"none of the {len(table)} training rows has a label"
        raise DataError(what, where=f"params.yaml: model.target ({params.model.target})", fix="wait for labels, or compose more windows")
    return rows


def labelled_if_any(params: Params, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have a label, an empty table where none has; raises as `labelled` does for a column that is not there."""
    if not len(table) or not are_known(labels(params, table)).any():
        return table.head(0)
    return labelled(params, table)


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
