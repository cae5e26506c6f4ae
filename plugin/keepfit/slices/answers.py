"""The class that a model of many classes answers, as a column that slices are made of: `prediction=8` is known of rows without a label, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from keepfit.records import PREDICTION
from keepfit.slices.codes import CodedColumn
from keepfit.stats.classes import answered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keepfit.stats.arrays import Array


def answer_column(scores: Array, classes: Sequence[str]) -> CodedColumn:
    """Return the column of the answered classes.

    >>> answer_column(np.array([[0.1, 0.9, 0.0], [0.5, 0.2, 0.3]]), ("a", "b", "c")).codes.tolist()
    [1, 0]
    """
    return CodedColumn(PREDICTION, tuple(answer_slice(name) for name in classes), answered(scores).astype(np.intp))


def answer_slice(name: str) -> str:
    """Return the slice of the rows that are answered as this class."""
    return f"{PREDICTION}={name}"
