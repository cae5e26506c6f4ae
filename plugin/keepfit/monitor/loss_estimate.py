"""Performance of a regressor before labels: its loss on rows without labels, if like rows still have a like loss.

Direct loss estimation (NannyML's documentation, *Direct Loss Estimation*): boosted trees learn the loss of a row from its features and the prediction, on
labelled rows which the champion has not trained on; the estimate is the mean of what they say of the new rows. They see a feature by its bin
or category in the reference, so that no odd value reaches further than the outermost bin.

The interval adds up two variances:

- what was learned: the estimate by trees that learned without one tenth of the days after the other (delete-a-group jackknife: Kott, J. Off. Stat. 17, 2001).
  It grows where the new rows are of a sort that few known rows are of.
- the new rows' own: s^2 / m for m of them, where s^2 is the sum over days of their squared misses by trees that did not see the day, over the known
  rows, times days / (days - 1): the cluster-robust variance (Cameron & Miller, J. Hum. Resour. 50, 2015), so that a day on which everything is late
  counts once. Where a larger loss is expected than the known rows had, s grows in proportion.

Bounds are Student's with days - 1. Of fewer than eight days rows count as independent.

It follows a change of the inputs as far as the reference holds such rows. It cannot tell under concept drift, nor beyond the outermost bins: there
the loss stays what it was at the edge. So it is held against the truth when labels come, as the estimate of a classifier is (`monitor/estimate.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.profiles.layout import Layout
from keepfit.records import Estimate
from keepfit.slices.codes import code_columns
from keepfit.stats.bounds import quantile

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingRegressor

Floats = npt.NDArray[np.float64]
PARTS, FEWEST_DAYS, FEWEST_ROWS = 10, 8, 100
ITERATIONS = 50


def rows_as_seen(table: pa.Table, layout: Layout, scores: Floats) -> Floats:
    """Return what the trees see of each row: the bin or category of each of the layout's features as a number, and the prediction.

    >>> from keepfit.profiles.profile import learn_layout
    >>> table = pa.table({"x": [1.0, 2.0, None], "c": ["a", "b", "z"]})
    >>> rows_as_seen(table, learn_layout(table.slice(0, 2), {"x": "numeric", "c": "categorical"}), np.array([0.5, 0.6, 0.7])).tolist()
    [[1.0, 0.0, 0.5], [2.0, 1.0, 0.6], [4.0, 2.0, 0.7]]
    """
    codes = [column.codes.astype(np.float64) for column in code_columns(table, layout)]
    return np.column_stack([*codes, scores])


@dataclass(frozen=True, kw_only=True)
class KnownLoss:
    """Labelled rows that the model has not trained on: what the trees see of each, its loss, and its day."""

    rows: Floats
    loss: Floats
    days: npt.NDArray[np.str_]
    seed: int = 0

    @cached_property
    def trees(self) -> HistGradientBoostingRegressor:
        """What all rows teach."""
        return self._fitted(np.ones(len(self.loss), np.bool_))

    @cached_property
    def missed(self) -> Floats:
        """By how much each row's loss was more than estimated by trees that did not see its day (few days: its tenth of the rows)."""
        missed = np.empty(len(self.loss))
        for part, trees in enumerate(self._without):
            aside = self._parts == part
            missed[aside] = self.loss[aside] - trees.predict(self.rows[aside])
        return missed

    def learned_variance(self, rows: Floats) -> float:
        """The variance of the mean estimate of rows that comes from what was learned, by the jackknife over tenths."""
        means = np.array([trees.predict(rows).mean() for trees in self._without])
        return float((PARTS - 1) * means.var())

    @cached_property
    def _without(self) -> list[HistGradientBoostingRegressor]:
        """Trees that did not see one tenth after the other."""
        return [self._fitted(self._parts != part) for part in range(PARTS)]

    @cached_property
    def spread(self) -> tuple[float, int]:
        """The variance of one row's miss as days make it, and the degrees of freedom (0: rows were taken as independent)."""
        if self._number_of_days < FEWEST_DAYS:
            return float(self.missed.var(ddof=1)), 0
        daily = np.bincount(self._day, self.missed)
        squares = float(np.square(daily).sum()) * self._number_of_days / (self._number_of_days - 1)
        return max(squares / len(self.loss), float(self.missed.var(ddof=1))), self._number_of_days - 1

    @cached_property
    def design(self) -> float:
        """How much more than independent rows the days' misses vary."""
        own = float(self.missed.var(ddof=1))
        return self.spread[0] / own if own > 0 else 1.0

    @cached_property
    def _day(self) -> npt.NDArray[np.intp]:
        return np.unique(self.days, return_inverse=True)[1]

    @property
    def _number_of_days(self) -> int:
        return int(self._day.max()) + 1

    @cached_property
    def _parts(self) -> npt.NDArray[np.intp]:
        """The tenth each row belongs to, whole days where there are enough."""
        units = self._day if self._number_of_days >= FEWEST_DAYS else np.arange(len(self.loss))
        return np.random.default_rng(self.seed).permutation(int(units.max()) + 1)[units] % PARTS

    def _fitted(self, kept: npt.NDArray[np.bool_]) -> HistGradientBoostingRegressor:
        from sklearn.ensemble import HistGradientBoostingRegressor

        trees = HistGradientBoostingRegressor(max_iter=ITERATIONS, early_stopping=False, random_state=self.seed)
        return trees.fit(self.rows[kept], self.loss[kept])


def estimate_loss(known: KnownLoss, rows: Floats, *, metric: str, confidence: float) -> Estimate:
    """Return what the mean loss should be on rows without labels, with one-sided bounds at `confidence`; below 100 known rows it is not estimated.

    >>> rng = np.random.default_rng(0)
    >>> x = rng.uniform(size=(2000, 1))
    >>> known = KnownLoss(rows=x, loss=np.abs(rng.normal(0, 1 + 4 * x[:, 0])), days=np.arange(2000).astype(str))
    >>> new = rng.uniform(size=(1000, 1))
    >>> low, high = (estimate_loss(known, rows, metric="mae", confidence=0.95) for rows in (new / 2, new / 2 + 0.5))
    >>> low.low < 1.6 < low.high < high.low < 3.2 < high.high  # the true mean losses
    True
    """
    nothing = Estimate(metric=metric, status="not estimated", n=len(rows), n_reference=len(known.loss))
    if not len(rows):
        return replace(nothing, detail="no rows")
    if len(known.loss) < FEWEST_ROWS:
        return replace(nothing, detail=f"{len(known.loss)} labelled rows are known, {FEWEST_ROWS} are needed")
    variance, freedom = known.spread
    value, before = float(known.trees.predict(rows).mean()), float(known.loss.mean())
    own = variance / len(rows) * (max(1.0, value / before) ** 2 if before > 0 else 1.0)
    reach = float(quantile(confidence, freedom) * np.sqrt(known.learned_variance(rows) + own))
    return replace(nothing, status="estimated", value=value, low=value - reach, high=value + reach, design=known.design)
