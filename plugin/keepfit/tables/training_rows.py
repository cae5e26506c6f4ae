"""The composed rows as a training is given them: the weights, what a judged model answered to them, and the columns that are the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit.tables.columns import JUDGED, ROW_ID, WEIGHT, WINDOW

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from keepfit.params import Params


def weights_of(rows: pd.DataFrame) -> npt.NDArray[np.float64] | None:
    """Return the weight of each row, None where the table has none."""
    return rows[WEIGHT].to_numpy(float) if WEIGHT in rows else None


def unseen_scores(rows: pd.DataFrame, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return a model's scores of its training rows, but of those that judged its sibling what that one answered: it had not trained on them."""
    if JUDGED not in rows:
        return scores
    judged = rows[JUDGED]
    return judged.where(judged.notna(), scores).to_numpy(float)


def user_columns(params: Params, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table without keepfit's own columns, except weights that say something."""
    made = {WINDOW, JUDGED, *([ROW_ID] if params.data.id is None else [])}
    if WEIGHT in table and bool((table[WEIGHT] == 1).all()):
        made.add(WEIGHT)
    return table[[name for name in table.columns if name not in made]]
