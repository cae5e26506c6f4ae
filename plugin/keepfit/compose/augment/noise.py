"""How much a number varies between rows that are alike otherwise: its measured noise, within which a copy of a row may differ from the row.

A row's neighbour is the one that is nearest in all *other* features (Gower's distance, 1971: numbers by their ranks, others by whether they are equal). The
noise is the median, over rows, of how far the number of a row is from that of its neighbour. A number that the others determine (a route's length, by origin
and destination) has none. Blind to what no other feature tells: where rows are few or features many, neighbours are far and the noise nears the spread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.augment.augmentation import SomeRows
from keepfit.compose.draws import lowest, ranks
from keepfit.compose.quality.admissible import Floats

MOST = 1500
"""Rows that are compared, each with each."""
FEWEST = 10
Single = npt.NDArray[np.float32]


def measured_noise(rows: SomeRows, columns: Sequence[str]) -> dict[str, float]:
    """Return the noise of these numeric columns, 0 for one that has none or too few values; drawn from the rows by their hashes, whatever their order.

    >>> from keepfit.compose.draws import row_hashes
    >>> rows = np.arange(2000)
    >>> table = pa.table({"x": rows % 40, "twice": 2.0 * (rows % 40), "read": rows % 40 + np.sin(rows)})
    >>> found = measured_noise(SomeRows(features=table, label=np.zeros(2000), hashes=row_hashes(rows)), ["twice", "read"])
    >>> found["twice"], 0.5 < found["read"] < 1.2
    (0.0, True)
    """
    some = lowest(ranks(rows.hashes, "rows to measure noise on"), np.arange(len(rows)), MOST)
    some = some[np.argsort(rows.hashes[some], kind="stable")]
    table = rows.features.take(pa.array(some))
    apart = np.zeros((len(some), len(some)), np.float32)
    for _, distance in _distances(table, table.column_names):
        apart += distance
    np.fill_diagonal(apart, np.inf)
    found = {}
    for name, distance in _distances(table, columns):
        nearest = np.argmin(np.round(apart - distance, 4), axis=1) if len(some) > 1 else np.arange(len(some))
        found[name] = _typical(as_floats(table[name]), nearest)
    return found


def as_floats(column: pa.ChunkedArray) -> Floats:
    """Return numbers as floats, NULL as NaN."""
    values: Floats = pc.cast(column, pa.float64(), safe=False).to_numpy()
    return values


def _typical(values: Floats, nearest: npt.NDArray[np.int64]) -> float:
    with np.errstate(invalid="ignore"):
        apart = np.abs(values - values[nearest])
    finite = apart[np.isfinite(apart)]
    return float(np.median(finite)) if len(finite) >= FEWEST else 0.0


def _distances(table: pa.Table, columns: Sequence[str]) -> Iterator[tuple[str, Single]]:
    """For each column how far each row is from each, from 0 to 1."""
    for name in columns:
        column = table[name]
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            place = _places(as_floats(column))
            yield name, np.abs(place[:, None] - place[None, :])
        else:
            texts = pc.cast(column, pa.string(), safe=False) if not pa.types.is_string(column.type) else column
            codes = texts.combine_chunks().dictionary_encode(null_encoding="encode").indices.to_numpy(zero_copy_only=False)
            yield name, (codes[:, None] != codes[None, :]).astype(np.float32)


def _places(values: Floats) -> Single:
    """Where each value stands among all, from 0 to 1, equal ones alike; one that is missing is two away from all but its like."""
    known = np.isfinite(values)
    found = np.full(len(values), 2.0, np.float32)
    _, code, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2
    found[known] = middle[code] / max(1, int(known.sum()) - 1)
    return found
