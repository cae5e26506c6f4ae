"""The pool of rows that may train, over the sorted rows: what no sampler asks for is neither read nor made into objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.compose.draws import Hashes
from keepfit.compose.quality.admissible import Floats
from keepfit.compose.samplers.sampler import Pool
from keepfit.compose.sources import Mask, Positions, SortedRows, Texts
from keepfit.compose.strata import WINDOWS, Coded, coded
from keepfit.tables.from_numpy import from_numpy


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """Rows at some positions of the sorted rows, what each weighs (None: 1), and the columns that a sampler may ask for."""

    rows: SortedRows
    at: Positions
    weight: Floats | None
    features: Sequence[str]
    slices: Mapping[str, Coded]
    own: Floats | None = None


class WindowPool(Pool):
    """A `Pool` whose columns are made when they are asked for."""

    def __init__(self, pooled: Pooled) -> None:
        self.__dict__.update(pooled=pooled)

    pooled: Pooled

    @cached_property
    def weight(self) -> Floats:
        """What each row weighs before the draw."""
        return np.ones(len(self)) if self.pooled.weight is None else self.pooled.weight

    @cached_property
    def row_id(self) -> Texts:
        """The ids, as Python's text."""
        return np.array(self.pooled.rows.ids(self.pooled.at).to_pylist(), dtype=object)

    @cached_property
    def window(self) -> Texts:
        """The windows' ids."""
        return self.pooled.rows.names[self._codes]

    @cached_property
    def time(self) -> npt.NDArray[np.datetime64]:
        """The rows' times."""
        return self.pooled.rows.time[self.pooled.at]

    @cached_property
    def label(self) -> Floats:
        """The rows' labels."""
        return self.pooled.rows.label[self.pooled.at]

    @cached_property
    def features(self) -> pa.Table:
        """The columns of `data.features`, read from every window."""
        return self.pooled.rows.columns(self.pooled.features, self.pooled.at)

    @cached_property
    def order(self) -> Sequence[str]:
        """The windows that have a row, the oldest first."""
        return [str(name) for name in self.pooled.rows.names[self._present]]

    @property
    def hashes(self) -> Hashes:
        """A hash of each row's id, made anew each time: eight bytes a row that a draw needs for a moment."""
        return self.pooled.rows.hashes[self.pooled.at]

    @property
    def ages(self) -> npt.NDArray[np.int64]:
        """How many windows each row is older than the newest window of the pool."""
        place = np.zeros(len(self.pooled.rows.windows), np.int64)
        place[self._present] = np.arange(len(self._present))[::-1]
        found: npt.NDArray[np.int64] = place[self._codes]
        return found

    @property
    def own(self) -> Floats | None:
        """What rules of people let each row weigh; None where none does."""
        return self.pooled.own

    @property
    def class_names(self) -> Sequence[str]:
        """The classes that the labels are codes of, where there are more than two."""
        return self.pooled.rows.classes

    @property
    def slices(self) -> Mapping[str, Coded]:
        """The slicing columns that the recipe names."""
        return self.pooled.slices

    def column(self, name: str) -> Coded:
        """Return the strata of a column."""
        if name != WINDOWS:
            return super().column(name)
        newest_last = from_numpy((len(self.order) - 1 - self.ages).astype(np.int32))
        return coded(name, pa.DictionaryArray.from_arrays(newest_last, pa.array(list(self.order), pa.string())))

    def rows(self, keep: Mask) -> WindowPool:
        """Return the pool of these rows only, with the windows that have one."""
        pooled = self.pooled
        slices = {name: column.rows(keep) for name, column in pooled.slices.items()}
        own, weight = (None if one is None else one[keep] for one in (pooled.own, pooled.weight))
        return WindowPool(replace(pooled, at=pooled.at[keep], weight=weight, slices=slices, own=own))

    def __len__(self) -> int:
        return len(self.pooled.at)

    @property
    def _codes(self) -> npt.NDArray[np.int32]:
        return self.pooled.rows.window[self.pooled.at]

    @cached_property
    def _present(self) -> Positions:
        return np.flatnonzero(np.bincount(self._codes, minlength=len(self.pooled.rows.windows)))
