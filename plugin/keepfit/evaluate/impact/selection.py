"""Labels that exist only where a decision let them (a loan that was refused is never repaid): what can be said of a gain on all rows, and what cannot.

Where each row's probability of having a label was recorded, rows are weighed by one over it (Horvitz & Thompson, JASA 47, 1952; Hájek's ratio): right where
the probability is, and above 0 for every row. Where it was not, rows without a label may have any: with costs of classes the gain lies between worst-case
ends (Manski, American Economic Review 80, 1990), taken here from the costs alone, so that no model is asked about rows that nobody labelled; a regression's
loss has no such end, and the gain is refused as not identified. So it is where no row without a label is in the table: then nobody knows how many there are.

>>> selection = LabelSelection(by="approved loans", unseen=0.5)
>>> low, high = selection.ends(np.array([1.0, 3.0]), largest=4.0)
>>> float(low.mean()), float(high.mean())
(-1.0, 3.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from keepfit.errors import DataError, UnknownNameError
from keepfit.evaluate.impact.costs import ErrorCosts, MatrixCosts
from keepfit.params import Params
from keepfit.records import Composition
from keepfit.stats.arrays import Array

if TYPE_CHECKING:
    import pandas as pd

WHERE = "params.yaml: evaluate.selected_labels.probability"


@dataclass(frozen=True, kw_only=True)
class LabelSelection:
    """Which rows have labels, in words (`by`); the share of rows without one; and each labelled row's probability of having one, if it was recorded."""

    by: str
    unseen: float
    probability: Array | None = None

    @classmethod
    def of(cls, params: Params, rows: pd.DataFrame, composition: Composition) -> LabelSelection | None:
        """Return what params say of it, for the labelled rows that judge; None where they say nothing.

        Raises `UnknownNameError` for a column that is not there, `DataError` for what is no probability above 0.
        """
        asked = params.evaluate.selected_labels
        if asked is None:
            return None
        judging = [part for part in composition.parts if part.part == "evaluate"]
        count, labelled = sum(part.rows for part in judging), sum(part.labelled for part in judging)
        unseen = 1 - labelled / count if count else 0.0
        return cls(by=asked.by, unseen=unseen, probability=None if asked.probability is None else _probabilities(rows, asked.probability))

    @property
    def weights(self) -> Array | None:
        """How many rows each labelled one stands for; None where that is not known."""
        return None if self.probability is None else 1 / self.probability

    def ends(self, gains: Array, *, largest: float) -> tuple[Array, Array]:
        """Return gains whose means are the worst and the best that the mean of all rows can be; a row's gain is at most `largest` either way."""
        return (1 - self.unseen) * gains - self.unseen * largest, (1 - self.unseen) * gains + self.unseen * largest

    def refused(self, costs: MatrixCosts | ErrorCosts) -> str:
        """Return why the gain on all rows cannot be told at all; empty where it can, or lies between ends."""
        if self.probability is not None:
            return ""
        if not self.unseen:
            return f"labels exist only for {self.by}, and the table has no other rows: the gain on all rows is not identified"
        if isinstance(costs, ErrorCosts):
            return f"labels exist only for {self.by}, and nothing bounds what a regression's other rows cost: the gain on all rows is not identified"
        return ""

    @property
    def note(self) -> str:
        """What a reader has to know of a gain that was not refused."""
        if self.probability is not None:
            return f"labels exist only for {self.by}; rows are weighed by one over their recorded probability of having one, which is taken to be right"
        share = f"{100 * self.unseen:.0f} %"
        return f"labels exist only for {self.by}: {share} of the rows that judge have none, and whatever theirs are, the gain lies between the ends shown"


def largest_gain(costs: MatrixCosts) -> float:
    """Return what a row can cost more under one answer than under another, at most.

    >>> largest_gain(MatrixCosts(square=((0.0, 5.0), (40.0, -2.0))))
    42.0
    """
    return max(max(row) - min(row) for row in costs.square)


def _probabilities(rows: pd.DataFrame, column: str) -> Array:
    if column not in rows.columns:
        raise UnknownNameError("column", column, known=[name for name in map(str, rows.columns) if not name.startswith("_")], where=WHERE)
    import pandas as pd

    found = pd.to_numeric(rows[column], errors="coerce").to_numpy(np.float64)
    bad = int((~((found > 0) & (found <= 1))).sum())
    if bad:
        what = f"{bad:,} of {len(found):,} labelled rows have no probability above 0 and up to 1 in {column!r}"
        raise DataError(what, where=WHERE, fix="a row that has a label had a chance to: record it, or leave probability out and read the worst case")
    return found
