"""The table of predictions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.predictions import predictions

IDS = pd.Series(["b", "a"])


def test_predictions_are_in_the_order_of_their_ids():
    table = predictions(IDS, ScoredRows(y=np.array([1.0, 0.0]), champion=np.array([0.7, 0.2]), challenger=np.array([0.9, 0.1])))
    assert table.to_pydict() == {"row_id": ["a", "b"], "target": [0.0, 1.0], "champion": [0.2, 0.7], "challenger": [0.1, 0.9]}


def test_without_a_champion_its_column_is_empty():
    assert predictions(IDS, ScoredRows(y=np.zeros(2), champion=None, challenger=np.zeros(2)))["champion"].to_pylist() == [None, None]
