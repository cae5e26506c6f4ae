"""The composed rows as a training is given them: the weights, what a judged model answered to them, and the columns that are the user's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from keepfit.tables.columns import JUDGED, PARENT, ROW_ID, WEIGHT, WINDOW

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from keepfit.params import Params


def weights_of(rows: pd.DataFrame) -> npt.NDArray[np.float64] | None:
    """Return the weight of each row, None where the table has none."""
    return rows[WEIGHT].to_numpy(float) if WEIGHT in rows else None


def natural(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that came, without those that an augmentation made of them: what a reference is counted on."""
    return rows[rows[PARENT].isna()].reset_index(drop=True) if PARENT in rows else rows


def came(table: pa.Table) -> pa.Table:
    """Return the rows of a table that came, without the column of parents: rows that were made stand below all others.

    >>> import pyarrow as pa
    >>> came(pa.table({"x": [1, 2], "_parent": [None, "a"]})).to_pydict()
    {'x': [1]}
    """
    if PARENT not in table.column_names:
        return table
    return table.slice(0, table[PARENT].null_count).drop_columns([PARENT])


def unseen_scores(rows: pd.DataFrame, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return a model's scores of its training rows, but of those that judged its sibling what that one answered: it had not trained on them."""
    import numpy as np

    names = _judged_columns(rows)
    if not names:
        return scores
    judged = rows[names].to_numpy(float)
    judged = judged[:, 0] if scores.ndim == 1 else judged
    return np.asarray(np.where(np.isnan(judged), scores, judged))


def with_judged(rows: pd.DataFrame, known: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Return training rows with what a judged model answered to them (NaN: nothing), of many classes a column each."""
    columns = {JUDGED: known} if known.ndim == 1 else {f"{JUDGED}_{code}": known[:, code] for code in range(known.shape[1])}
    return rows.assign(**columns)


def _judged_columns(rows: pd.DataFrame) -> list[str]:
    return [name for name in map(str, rows.columns) if re.fullmatch(rf"{JUDGED}(_\d+)?", name)]


def training_key(params: Params, rows: pd.DataFrame) -> str:
    """Return the digest of what makes a model: which labelled rows, with which labels and weights, in whatever order.

    Blind to features that changed under the same row id, but for those of rows that were made, and to a training command's own code.
    """
    import hashlib

    import numpy as np
    import pandas as pd

    from keepfit.tables.columns import id_column
    from keepfit.tables.labels import labels

    name, weights = id_column(params), weights_of(rows)
    told = pd.DataFrame({"label": labels(params, rows), "weight": 1.0 if weights is None else weights})
    told["row"] = (rows[name].astype(str) if name in rows else rows[params.data.time].astype(str)).to_numpy()
    if PARENT in rows:
        values = pd.util.hash_pandas_object(rows[list(params.data.features)].astype(str), index=False).to_numpy()
        told["made"] = np.where(rows[PARENT].isna(), 0, values)
    return hashlib.sha256(np_sorted(pd.util.hash_pandas_object(told, index=False)).tobytes()).hexdigest()


def np_sorted(values: pd.Series) -> npt.NDArray[np.uint64]:
    """The values in order."""
    import numpy as np

    return np.sort(values.to_numpy(np.uint64))


def recipe_key(params: Params) -> str:
    """Return the digest of how rows become a model: the estimator or command with its settings, the features and the library."""
    import hashlib
    import json
    from importlib.metadata import version

    told: tuple[Any, ...] = (params.train.model_dump(mode="json"), params.data.inputs, params.model.task, params.model.positive, version("scikit-learn"))
    told = (*told, *([params.model.classes] if params.model.many else []))
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def user_columns(params: Params, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table without keepfit's own columns, except weights that say something and the parents of rows that were made."""
    made = {WINDOW, *_judged_columns(table), *([ROW_ID] if params.data.id is None else [])}
    if WEIGHT in table and bool((table[WEIGHT] == 1).all()):
        made.add(WEIGHT)
    return table[[name for name in table.columns if name not in made]]
