"""Columns that tell the target almost alone: features that should not be, and columns beside the features by which labels can be checked.

Of three and more classes each is held against the rest. Blind to what `giveaways.py` is blind to, and to texts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from keepfit.expect.giveaways import Column, column_of, giveaway, strength
from keepfit.records.quality import QualityFinding

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
SEED = 0
WITNESS = {True: 0.65, False: 0.3}
"""The AUC, or R², from which a column beside the features is worth asking."""


def leaks(frame: pd.DataFrame, kinds: Mapping[str, str], label: Floats, *, classes: int) -> tuple[QualityFinding, ...]:
    """Return a finding for each feature that tells the target almost alone; `classes` 0: the target is a number. Raises nothing for columns of odd types."""
    found = []
    for name, kind in kinds.items():
        column = _column(frame, name, kind)
        doubt = None if column is None else giveaway(column, label, classes=classes, rng=np.random.default_rng(SEED))
        if doubt is not None:
            n = int((~np.isnan(label)).sum())
            found.append(QualityFinding(kind="leaks", severity="critical", sentence=f"{name} {doubt}.", rows=n, of=n, column=name))
    return tuple(found)


def witnesses(frame: pd.DataFrame, names: Collection[str], label: Floats, *, classes: int) -> tuple[str, ...]:
    """Return those of the columns that tell the target by themselves, the best first."""
    told: dict[str, float] = {}
    for name in names:
        column = _column(frame, name, "numeric") or _column(frame, name, "categorical")
        if column is not None and _few_or_numbers(column):
            told[name] = strength(column, label, classes=classes, rng=np.random.default_rng(SEED))
    return tuple(sorted((name for name, value in told.items() if value >= WITNESS[classes > 0]), key=lambda name: (-told[name], name)))


def _column(frame: pd.DataFrame, name: str, kind: str) -> Column | None:
    if name not in frame or kind not in ("numeric", "categorical"):
        return None
    try:
        return column_of(name, list(frame[name]), numeric=kind == "numeric")
    except (TypeError, ValueError):  # times, texts: no numbers
        return None


def _few_or_numbers(column: Column) -> bool:
    """Whether a column may say something of rows that it has not seen: an id has another value in each."""
    return column.numeric or len(np.unique(column.codes)) <= len(column.codes) // 2
