"""What makes rows comparable, from their columns, one column in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.draws import Hashes
from keepfit.compose.quality.keys import Positions, keys
from keepfit.compose.quality.near import TOLERANCE, Comparable, scaled
from keepfit.compose.quality.screened import Screened
from keepfit.compose.quality.text_signatures import signatures
from keepfit.tables.columns import JUDGED, WEIGHT, WINDOW, id_column
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.time_features import DERIVED
from keepfit.tables.written_targets import WRITTEN

if TYPE_CHECKING:
    from keepfit.params import Params
    from keepfit.records import TimeFeature

OWN = frozenset((WINDOW, WEIGHT, JUDGED, WRITTEN))


@dataclass(frozen=True, kw_only=True)
class ColumnsOfRows:
    """The columns of rows: all that a person sees but id and target (`all_names`), and those that a model reads, with their kinds (`inputs`).

    `time` is the column that says when. Of a project that names no features every column but the time counts as one. `stored` reads a column in the order
    in which rows lie, and `place` says where each row lies: so keys of all rows are made without putting columns in order.
    """

    all_names: Sequence[str]
    inputs: Mapping[str, str]
    time: str
    stored: Callable[[str], pa.ChunkedArray]
    place: Positions
    tolerance: float = TOLERANCE

    @classmethod
    def of(
        cls, params: Params, names: Sequence[str], stored: Callable[[str], pa.ChunkedArray], place: Positions, *, tolerance: float = TOLERANCE
    ) -> ColumnsOfRows:
        """Return the columns of a project's rows: `names` are all that the rows have, keepfit's own among them."""
        aside = {*OWN, id_column(params), params.model.target}
        inputs = {name: kind for name, kind in params.data.inputs.items() if name in names or name in DERIVED}
        seen = [name for name in names if name not in aside]
        inputs = inputs or dict.fromkeys((name for name in seen if name != params.data.time), "categorical")
        return cls(stored=stored, place=place, all_names=seen, inputs=inputs, time=params.data.time, tolerance=tolerance)

    def column(self, name: str, at: Positions) -> pa.ChunkedArray:
        """Return a column of the rows at these positions, one that is derived from the time too."""
        return self._lying(name).take(from_numpy(self.place[at]))

    def _lying(self, name: str) -> pa.ChunkedArray:
        if name in self.all_names or name not in DERIVED:
            return self.stored(name)
        return DERIVED[cast("TimeFeature", name)](self.stored(self.time))

    def comparable(self, at: Positions) -> Comparable:
        """Return the features of the rows at these positions as they are held against each other."""
        kinds = self.inputs
        same = keys(len(at), (self.column(name, at) for name, kind in kinds.items() if kind not in ("numeric", "text")))
        numbers = [scaled(_floats(self.column(name, at)), self.tolerance) for name, kind in kinds.items() if kind == "numeric"]
        texts = [signatures(self.column(name, at)) for name, kind in kinds.items() if kind == "text"]
        return Comparable(same=same, numbers=np.stack(numbers, axis=1) if numbers else np.zeros((len(at), 0), np.float32), texts=texts)

    def screened(self, side: npt.NDArray[np.uint8], label: npt.NDArray[np.float64], order: Positions, *, numbers: bool) -> Screened:
        """Return the rows as they are screened."""

        @lru_cache(maxsize=1)  # eight bytes a row: only the last are kept
        def hashed(names: tuple[str, ...]) -> Hashes:
            return keys(len(side), (self._lying(name) for name in names))[self.place]

        return Screened(
            side=side,
            label=label,
            order=order,
            whole=lambda: hashed(tuple(self.all_names)),
            inputs=lambda: hashed(tuple(self.inputs)),
            near=self.comparable,
            numbers=numbers,
        )


def _floats(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """A column of numbers, also of those that are stored as text; what is none is missing."""
    values = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    try:
        found = pc.cast(values, pa.float64(), safe=False).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return np.full(len(values), np.nan)
    return np.asarray(found, dtype=np.float64)
