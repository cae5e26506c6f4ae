"""What is profiled of a model's answers: the score where there is one a row; of many classes the class that is answered, and how sure the model is of it.

Blind to how the rest of a row's probability is spread over the other classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from keepfit.records import CONFIDENCE, PREDICTION
from keepfit.tables.classes import class_texts
from keepfit.tables.labels import labels
from keepfit.tables.written_targets import WRITTEN

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from keepfit.params import Params


def answer_kinds(params: Params) -> dict[str, Literal["numeric", "categorical"]]:
    """Return the columns that a model's answers make in a profile, with their kinds."""
    return {PREDICTION: "categorical", CONFIDENCE: "numeric"} if params.model.many else {PREDICTION: "numeric"}


def answer_columns(params: Params, scores: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[Any]]:
    """Return those columns: the scores, or of many classes the text of the likeliest class and its probability (nothing where a score is NaN)."""
    if not params.model.many:
        return {PREDICTION: scores}
    codes = np.where(np.isnan(scores).any(axis=1), np.nan, np.nan_to_num(scores).argmax(axis=1))
    return {PREDICTION: np.array(class_texts(codes, params.model.class_names), dtype=object), CONFIDENCE: scores.max(axis=1)}


def target_column(params: Params, rows: pa.Table | pd.DataFrame) -> npt.NDArray[Any]:
    """Return the target as it is profiled: numbers, or of many classes their texts, one that is not listed as it was written."""
    codes = labels(params, rows)
    if not params.model.many:
        return codes
    names = rows.column_names if hasattr(rows, "column_names") else rows.columns
    written = None
    if WRITTEN in names:
        column = rows[WRITTEN]
        written = column.to_pylist() if hasattr(column, "to_pylist") else [one if isinstance(one, str) else None for one in column]
    return np.array(class_texts(codes, params.model.class_names, written), dtype=object)
