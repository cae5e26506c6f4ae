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
from keepfit.compose.quality.keys import Positions, repeats
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

    def _with_labels(self, found: Hashes) -> Hashes:
        """Keys of what all rows are and which label they have."""
        return found ^ _label_keys(self.label)

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
        again, _ = repeats(self._with_labels(self.inputs()), self.train)
        return len(again) / max(1, len(self.train))

    def duplicates(self) -> Found:
        """Return the rows that say what an earlier one says in every column but the id."""
        return repeats(self._with_labels(self.whole()), self.train)

    def near_duplicates(self) -> Found:
        """Return the rows that nearly repeat an earlier one, but for those that repeat one exactly."""
        once = self.train[~np.isin(self.train, self.duplicates()[0])]
        return self._nearly(once)

    def conflicts(self) -> Found:
        """Return the rows whose features another row has with another label, each with the first that contradicts it."""
        train = self.train[~np.isnan(self.label[self.train])]
        again, first = repeats(self.inputs(), train)
        apart = np.abs(self.label[again] - self.label[first]) > self._tolerated(train)
        torn, place = np.unique(first[apart], return_index=True)  # the first rows of groups that contradict themselves, each with one that differs from it
        inside = np.isin(first, torn)
        rows, others = again[inside], first[inside]
        level = ~apart[inside]  # these say what the first row says
        others[level] = again[apart][place][np.searchsorted(torn, others[level])]
        return np.concatenate([rows, torn]), np.concatenate([others, again[apart][place]])

    def contamination(self) -> Found:
        """Return the rows whose features and label a row that judges, or is held out, has too, or nearly."""
        if not len(self.train) or not len(self.judge):
            return NONE
        found = self._with_labels(self.inputs())
        again, first = repeats(found, np.concatenate([self.judge, self.train]))
        same = (self.side[again] == TRAIN) & (self.side[first] == JUDGE)
        return again[same], first[same]

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
        labelled = Comparable(same=rows.same ^ _label_keys(self.label[order]), numbers=rows.numbers, texts=rows.texts)
        found, first = near_repeats(labelled, np.arange(len(order)))
        kept = (self.side[order[found]] == TRAIN) & (self.side[order[first]] == beside)
        return order[found[kept]], order[first[kept]]

    def _tolerated(self, among: Positions) -> float:
        """How far labels of the same features may be apart: classes not at all."""
        if not self.numbers or not len(among):
            return 0.0
        low, high = np.quantile(self.label[among], [0.25, 0.75])
        return 0.5 * float(high - low)


def _label_keys(label: npt.NDArray[np.float64]) -> Hashes:
    return mixed(np.where(np.isnan(label), np.nan, label + 0.0).view(np.uint64))


SCREENS: Mapping[QualityKind, Callable[[Screened], Found]] = {
    "duplicates": Screened.duplicates,
    "near_duplicates": Screened.near_duplicates,
    "conflicts": Screened.conflicts,
    "contamination": Screened.contamination,
}
"""The kinds that composing can act on, in the order in which it does: a row is left out for the first that finds it."""


def by_time(time: npt.NDArray[np.datetime64] | None, ids: Iterable[str] | None, n: int) -> Positions:
    """Return the positions from the earliest row to the latest; of equal times by id, or as they lie where they lie in the order of their ids."""
    by_id = np.arange(n) if ids is None else np.argsort(np.array(list(ids), dtype=object), kind="stable")
    return by_id if time is None else by_id[np.argsort(time[by_id], kind="stable")]
