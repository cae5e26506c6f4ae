"""Rows that repeat or contradict others: each kind as (rows, the row beside each), the same whatever order the rows lie in.

| kind | the row beside |
|---|---|
| duplicates | an earlier row that says the same in every column but the id |
| near_duplicates | an earlier row of the same label whose features are nearly the same (`near.py`) |
| conflicts | a row of the same features with another label; of numbers: one further off than half the range of the middle half |
| contamination | a row that judges or is held out, of the same (or nearly the same) features and label |

Only rows that may train are found: what judges stays as it came. Earlier is by time, then by id.

Blind to chance: where features have few values, rows have the same ones without repeating each other. `Screened.coincidence` says how often that is so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from keepfit.compose.draws import Hashes, mixed
from keepfit.compose.quality.keys import Positions, firsts
from keepfit.compose.quality.near import Comparable, near_repeats
from keepfit.errors import DataError
from keepfit.records.quality import QualityKind

TRAIN, JUDGE, ASIDE = 0, 1, 2
MOST_NEAR = 2_000_000
Found = tuple[Positions, Positions]
NONE: Found = (np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True, kw_only=True)
class Screened:
    """Rows as they are screened: `side` says which may train, which judge (or are held out) and which are not looked at; `label` is NaN where there is none.

    `order` are all positions from the earliest row to the latest; `whole` makes the keys of all columns but the id, `inputs` those of the features, `near` what
    makes features comparable: each is made when it is asked for. `numbers`: the labels are numbers, no classes.
    """

    side: npt.NDArray[np.uint8]
    label: npt.NDArray[np.float64]
    order: Positions
    whole: Callable[[], Hashes]
    inputs: Callable[[], Hashes]
    near: Callable[[Positions], Comparable]
    numbers: bool = False

    @cached_property
    def _whole(self) -> Hashes:
        return self.whole()

    @cached_property
    def _inputs(self) -> Hashes:
        return self.inputs()

    @cached_property
    def _labels(self) -> Hashes:
        return mixed(np.where(np.isnan(self.label), np.nan, self.label + 0.0).view(np.uint64))

    @cached_property
    def train(self) -> Positions:
        """The rows that may train, the earliest first."""
        found: Positions = self.order[self.side[self.order] == TRAIN]
        return found

    @cached_property
    def judge(self) -> Positions:
        """The rows that judge or are held out, the earliest first."""
        found: Positions = self.order[self.side[self.order] == JUDGE]
        return found

    @property
    def coincidence(self) -> float:
        """Which share of the rows that may train has the features and the label of an earlier one."""
        found = mixed(self._inputs ^ self._labels)
        return float((firsts(found, self.train) != self.train).mean()) if len(self.train) else 0.0

    def duplicates(self) -> Found:
        """Return the rows that say what an earlier one says in every column but the id."""
        first = firsts(mixed(self._whole ^ self._labels), self.train)
        again = first != self.train
        return self.train[again], first[again]

    def near_duplicates(self) -> Found:
        """Return the rows that nearly repeat an earlier one, but for those that repeat one exactly."""
        once = self.train[~np.isin(self.train, self.duplicates()[0])]
        return self._nearly(once)

    def conflicts(self) -> Found:
        """Return the rows whose features another row has with another label, each with the first that contradicts it."""
        train = self.train[~np.isnan(self.label[self.train])]
        first = firsts(self._inputs, train)
        apart = np.abs(self.label[train] - self.label[first]) > self._tolerated(train)
        torn = np.isin(first, first[apart])
        beside = first.copy()
        odd, place = np.unique(first[apart], return_index=True)  # what contradicts the first row of a group: the first that differs from it
        itself = torn & ~apart
        beside[itself] = train[apart][place][np.searchsorted(odd, first[itself])]
        return train[torn], beside[torn]

    def contamination(self) -> Found:
        """Return the rows whose features and label a row that judges, or is held out, has too, or nearly."""
        if not len(self.train) or not len(self.judge):
            return NONE
        found = mixed(self._inputs ^ self._labels)
        judging = np.unique(found[self.judge], return_index=True)
        place = np.minimum(np.searchsorted(judging[0], found[self.train]), len(judging[0]) - 1)
        same = judging[0][place] == found[self.train]
        return self.train[same], self.judge[judging[1][place[same]]]

    def near_contamination(self) -> Found:
        """Return the rows that nearly repeat one that judges, but for those that have exactly its features."""
        exact = self.contamination()[0]
        return self._nearly(np.concatenate([self.judge, self.train[~np.isin(self.train, exact)]]), beside=JUDGE)

    def _nearly(self, order: Positions, beside: int = TRAIN) -> Found:
        if len(order) > MOST_NEAR:
            what = f"near duplicates are looked for among at most {MOST_NEAR:,} rows, and there are {len(order):,}"
            raise DataError(what, where="quality.near_duplicates", fix="off, or fewer windows in the recipe")
        if not len(order):
            return NONE
        rows = self.near(order)
        labelled = Comparable(same=mixed(rows.same ^ self._labels[order]), numbers=rows.numbers, texts=rows.texts)
        found, first = near_repeats(labelled, np.arange(len(order)))
        kept = (self.side[order[found]] == TRAIN) & (self.side[order[first]] == beside)
        return order[found[kept]], order[first[kept]]

    def _tolerated(self, among: Positions) -> float:
        """How far labels of the same features may be apart: classes not at all."""
        if not self.numbers or not len(among):
            return 0.0
        low, high = np.quantile(self.label[among], [0.25, 0.75])
        return 0.5 * float(high - low)


SCREENS: Mapping[QualityKind, Callable[[Screened], Found]] = {
    "duplicates": Screened.duplicates,
    "near_duplicates": Screened.near_duplicates,
    "conflicts": Screened.conflicts,
    "contamination": Screened.contamination,
}
"""The kinds that composing can act on, in the order in which it does: a row is left out for the first that finds it."""


def by_time(time: npt.NDArray[np.datetime64] | None, ids: Iterable[str] | None, n: int) -> Positions:
    """Return the positions from the earliest row to the latest; of equal times by id, or as they lie where they lie in the order of their ids."""
    place = np.arange(n) if ids is None else np.argsort(np.argsort(np.array(list(ids), dtype=object), kind="stable"), kind="stable")
    return np.lexsort((place,)) if time is None else np.lexsort((place, time))
