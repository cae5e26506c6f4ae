"""The table of predictions: what a reader needs to compute every number of the scorecard again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from keepfit.evaluate.compare import ScoredRows
from keepfit.tables.frames import from_frame

if TYPE_CHECKING:
    import pyarrow as pa


def predictions(ids: pd.Series[str], judged: ScoredRows) -> pa.Table:
    """Return row, label and both scores, sorted by id; without a champion its column is empty."""
    champion = np.full(len(judged.y), np.nan) if judged.champion is None else judged.champion
    frame = pd.DataFrame({"row_id": ids.astype(str).to_numpy(), "target": judged.y, "champion": champion, "challenger": judged.challenger})
    return from_frame(frame.sort_values("row_id", ignore_index=True))
