"""How numeric columns go together, as counts that add up: the pairs of a window beside its profile.

Each value is replaced by the number of its bin on the layout's edges, the reference's quantiles: its rank, coarsened. The correlation of two
columns' bin numbers is then Spearman's rank correlation read from bins, and all that it needs of a window are six sums of whole
numbers a pair, exact in any order of rows and batches. The quadrants of each pair come along, for rules that want counts.

Blind to categorical columns, to how three columns go together, and to rows in which one of the two is missing. Cost: two matrix products
a batch, rows x columns squared.

>>> import pyarrow as pa
>>> from keepfit.profiles.profile import learn_layout
>>> table = pa.table({"x": [1.0, 2.0, 3.0, 4.0], "y": [2.0, 1.0, 4.0, 3.0]})
>>> found = count_pairs(table, learn_layout(table, {"x": "numeric", "y": "numeric"}), "w").pairs["x|y"]
>>> found.quadrants, round(correlation(found), 2)
((2, 0, 0, 2), 0.6)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from math import sqrt

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.errors import DataError
from keepfit.records import ColumnProfile, NumericProfile, PairProfile, Pairs
from keepfit.tables.batches import Rows, TableRows
from keepfit.tables.nearest_floats import nearest_floats
from keepfit.tables.passes import run_pass

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Sums = dict[str, npt.NDArray[np.int64]]
SUMS = ("n", "a", "aa", "ab", "high", "both")
BATCH = 65_536
SEPARATOR = "|"


def count_pairs(table: pa.Table, layout: Mapping[str, ColumnProfile], window: str) -> Pairs:
    """Count all pairs of the layout's numeric columns that the table holds as numbers; see `count_pairs_of`."""
    return count_pairs_of(TableRows(table), layout, window)


def count_pairs_of(rows: Rows, layout: Mapping[str, ColumnProfile], window: str) -> Pairs:
    """Count the pairs of a table that is read in batches: memory is a batch and six numbers a pair."""
    edges = {name: column.edges for name, column in layout.items() if isinstance(column, NumericProfile) and column.edges and _holds_numbers(rows.schema, name)}
    names = list(edges)
    if len(names) < 2:
        return Pairs(window=window, pairs={})
    sums = run_pass(rows, PairsPass(edges))
    return Pairs(window=window, pairs={key: _pair(sums, i, j) for key, (i, j) in zip(pair_keys(names), combinations(range(len(names)), 2), strict=True)})


@dataclass(frozen=True)
class PairsPass:
    """Counts the pairs of numeric columns, each on its edges: six matrices of whole numbers, columns x columns."""

    edges: Mapping[str, tuple[float, ...]]

    @property
    def columns(self) -> Sequence[str]:
        """Those with edges."""
        return tuple(self.edges)

    def start(self, first_row: int) -> Sums:  # noqa: ARG002 - where a part starts is no matter to counts
        """Return zeros."""
        return {name: np.zeros((len(self.edges),) * 2, np.int64) for name in SUMS}

    def add(self, state: Sums, batch: pa.Table) -> Sums:
        """Count a batch, as many rows at a time as keep the matrices small."""
        return reduce(_plus, (_sums(part, self.edges) for part in batch.to_batches(max_chunksize=BATCH)), state)

    def join(self, before: Sums, after: Sums) -> Sums:
        """Return the sums."""
        return _plus(before, after)


def merge_pairs(a: Pairs, b: Pairs) -> Pairs:
    """Add two windows' pairs, counted on one layout; associative and commutative in the counts, the first window's name stays.

    Raises `DataError` when the two do not hold the same pairs.
    """
    if a.pairs.keys() != b.pairs.keys():
        odd = sorted(a.pairs.keys() ^ b.pairs.keys())
        raise DataError(f"pairs of {a.window!r} and {b.window!r} do not have the same columns: {', '.join(odd[:5])}", fix="count both on one layout")
    return Pairs(window=a.window or b.window, pairs={key: _added(one, b.pairs[key]) for key, one in a.pairs.items()})


def correlation(pair: PairProfile) -> float | None:
    """Return the correlation of both columns' bin numbers, -1 to 1; None where one of them lies in a single bin."""
    n = pair.n
    spread = (n * pair.aa - pair.a**2) * (n * pair.bb - pair.b**2)
    return max(-1.0, min(1.0, (n * pair.ab - pair.a * pair.b) / sqrt(spread))) if spread > 0 else None


def _added(x: PairProfile, y: PairProfile) -> PairProfile:
    quadrants = tuple(one + other for one, other in zip(x.quadrants, y.quadrants, strict=True))
    return PairProfile(quadrants=quadrants, a=x.a + y.a, b=x.b + y.b, aa=x.aa + y.aa, bb=x.bb + y.bb, ab=x.ab + y.ab)


def pair_keys(names: Sequence[str]) -> Iterator[str]:
    """Yield the name of each pair of columns, in the order of `itertools.combinations`."""
    escaped = [name.replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}") for name in names]
    return (SEPARATOR.join(pair) for pair in combinations(escaped, 2))


def _sums(batch: pa.RecordBatch, edges: Mapping[str, tuple[float, ...]]) -> Sums:
    coded = [_coded(batch[name], edges[name]) for name in edges]
    bins, known = (np.column_stack(parts) for parts in zip(*coded, strict=True))
    high = (bins > [len(edges[name]) // 2 for name in edges]) & known
    return _products(bins, known.astype(np.float64), high.astype(np.float64))


def _plus(one: Sums, other: Sums) -> Sums:
    return {name: one[name] + other[name] for name in SUMS}


def _products(bins: Floats, known: Floats, high: Floats) -> Sums:
    """Sums over pairwise complete rows, columns x columns; whole numbers below 2**53, so floats hold them exactly."""
    whole = {
        "n": known.T @ known,
        "a": bins.T @ known,
        "aa": (bins**2).T @ known,
        "ab": bins.T @ bins,
        "high": high.T @ known,
        "both": high.T @ high,
    }
    return {name: np.rint(matrix).astype(np.int64) for name, matrix in whole.items()}


def _pair(sums: Sums, i: int, j: int) -> PairProfile:
    n, first, second, both = (int(value) for value in (sums["n"][i, j], sums["high"][i, j], sums["high"][j, i], sums["both"][i, j]))
    return PairProfile(
        quadrants=(n - first - second + both, second - both, first - both, both),
        a=int(sums["a"][i, j]),
        b=int(sums["a"][j, i]),
        aa=int(sums["aa"][i, j]),
        bb=int(sums["aa"][j, i]),
        ab=int(sums["ab"][i, j]),
    )


def _coded(values: pa.Array, edges: tuple[float, ...]) -> tuple[Floats, Bools]:
    """Each value's bin number, 0 where it is missing or infinite, and where it is not."""
    floats = _plain(values)
    known = np.isfinite(floats)
    return np.where(known, np.searchsorted(edges, floats, side="left"), 0).astype(np.float64), np.asarray(known, dtype=np.bool_)


def _plain(values: pa.Array) -> Floats:
    """Floats with NaN for NULL, read from Arrow's buffer: `to_numpy` would import pandas."""
    whole = nearest_floats(values)
    _, data = whole.buffers()
    if data is None or not len(whole):
        return np.full(len(whole), np.nan)
    floats = np.frombuffer(data, np.float64)[whole.offset : whole.offset + len(whole)]
    return np.where(_valid(whole), floats, np.nan) if whole.null_count else floats


def _valid(whole: pa.Array) -> Bools:
    bits = np.unpackbits(np.frombuffer(whole.buffers()[0], np.uint8), bitorder="little")
    return bits[whole.offset : whole.offset + len(whole)].astype(np.bool_)


def _holds_numbers(schema: pa.Schema, name: str) -> bool:
    types = pa.types
    if name not in schema.names:
        return False
    kind = schema.field(name).type
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind) or types.is_boolean(kind) or types.is_null(kind))
