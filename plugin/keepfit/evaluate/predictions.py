"""The table of predictions: what a reader needs to compute every number of the scorecard again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from keepfit.evaluate.compare import ScoredRows
from keepfit.tables.frames import from_frame

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa


def predictions(ids: pd.Series[str], judged: ScoredRows, classes: Sequence[str] | None = None) -> pa.Table:
    """Return row, label and both scores, sorted by id; without a champion its column is empty.

    Of many classes a column a class is kept of each model (`challenger.billing`), and the label is the code of its class.
    """
    columns = {"row_id": ids.astype(str).to_numpy(), "target": judged.y}
    nothing = np.full(judged.challenger.shape, np.nan)
    for name, scores in (("champion", nothing if judged.champion is None else judged.champion), ("challenger", judged.challenger)):
        columns |= {name: scores} if classes is None else {f"{name}.{each}": scores[:, code] for code, each in enumerate(classes)}
    return from_frame(pd.DataFrame(columns).sort_values("row_id", ignore_index=True))


def challenger_scores(table: pa.Table, classes: Sequence[str] | None = None) -> npt.NDArray[np.float64]:
    """Return what the challenger answered to the rows of such a table, of many classes a row of probabilities each."""
    names = ["challenger"] if classes is None else [f"challenger.{name}" for name in classes]
    found = [table[name].to_numpy().astype(np.float64) for name in names]
    return found[0] if classes is None else np.column_stack(found)
