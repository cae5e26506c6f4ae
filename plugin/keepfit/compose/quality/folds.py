"""Folds: which rows are scored by a model that has not learned from them, dealt by hashes of the rows' ids or groups.

Rows of one group are in one fold: they are often wrong together, and a model that has learned from some would repeat the mistake on the others. So it is with
rows of one day where whole days were labelled wrong; where single labels are wrong, other rows of the same day are the best witnesses, and folds of rows find
more (on the flights .37 of planted errors against .28).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.compose.draws import ranks, row_hashes

Folds = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def dealt(keys: pa.ChunkedArray | pa.Array | npt.NDArray[Any], *, folds: int, seed: int, label: Floats | None = None) -> Folds:
    """Return the fold of each row, from 0; equal keys have one fold. With labels of classes, and keys that all differ, each class is spread over all folds.

    >>> found = dealt(np.array(["a", "b", "a", "c"]), folds=2, seed=0)
    >>> bool(found[0] == found[2]), sorted({*found.tolist()})
    (True, [0, 1])
    """
    found = ranks(row_hashes(keys), f"fold {seed}")
    distinct, group = np.unique(found, return_inverse=True)
    if label is None or len(distinct) < len(found):
        return np.asarray(group % folds, dtype=np.int64)
    order = np.lexsort((found, label))
    placed = np.empty(len(found), np.int64)
    placed[order] = np.arange(len(found))
    return placed % folds


class OutOfFold:
    """Rows and the scores that each gets from a model of the other folds; NaN where none could judge it."""

    def __init__(self, fold: Folds, label: Floats, *, classes: int = 0) -> None:
        """`classes`: how many a row has a score of, if more than two; 0: one score a row."""
        self.fold, self.label = fold, label
        self.scores = np.full((len(fold), classes) if classes else len(fold), np.nan)

    @property
    def folds(self) -> list[int]:
        """The folds that hold a row."""
        return [int(fold) for fold in np.unique(self.fold)]

    def learns(self, fold: int) -> npt.NDArray[np.bool_]:
        """Which rows a model of this fold learns from."""
        found: npt.NDArray[np.bool_] = self.fold != fold
        return found

    def held(self, fold: int) -> npt.NDArray[np.bool_]:
        """Which rows it then scores."""
        found: npt.NDArray[np.bool_] = self.fold == fold
        return found

    def put(self, fold: int, scores: Floats, *, numbers: bool) -> None:
        """Keep the scores of a fold's rows, in their order; a class that the model never saw is not judged by it."""
        held = self.held(fold)
        known = np.ones(int(held.sum()), np.bool_) if numbers else np.isin(self.label[held], self.label[self.learns(fold)])
        self.scores[held] = np.where(known[:, None] if scores.ndim > 1 else known, scores, np.nan)
