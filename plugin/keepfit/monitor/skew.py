"""Training-serving skew: features as they were logged online beside the same features recomputed offline, row by row.

Numbers differ when they are further apart than the tolerance, relative to the larger of the two and to 1; anything else when its text does. NULL and NaN are
missing. Blind to what both sides get wrong alike, and to rows that were never logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.ids import key_texts

Verdict = Literal["no skew", "skew", "nothing compared"]
TOLERANCE, MAX_SHARE = 1e-6, 0.01
SECOND = 1_000_000


@dataclass(frozen=True, kw_only=True)
class FeatureSkew:
    """One feature over the rows that have an offline row: how many differ, by how much, how many are `missing` on one side alone.

    `typical` is the median distance of numbers that differ; `stale` of the differing rows say what the offline table said earlier,
    `stale_seconds` (the median) earlier than what held.
    """

    name: str
    rows: int
    differ: int
    missing_online: int
    missing_offline: int
    typical: float | None = None
    online: str | None = None
    offline: str | None = None
    stale: int | None = None
    stale_seconds: float | None = None

    @property
    def unlike(self) -> int:
        """The rows that are not the same on both sides."""
        return self.differ + self.missing_online + self.missing_offline

    @property
    def share(self) -> float:
        """Their share of the rows."""
        return self.unlike / self.rows if self.rows else 0.0


@dataclass(frozen=True, kw_only=True)
class Skew:
    """What comparing an online table with an offline one found; features by their share of unlike rows, the largest first.

    `matched` of the online rows have an offline row. `repeated` offline rows share key and time with another, of which the first was taken.
    """

    names: tuple[str, str]
    key: tuple[str, ...]
    time: str | None
    rows_online: int
    rows_offline: int
    matched: int
    repeated: int
    features: tuple[FeatureSkew, ...]
    only_online: tuple[str, ...]
    only_offline: tuple[str, ...]
    tolerance: float
    max_share: float

    @property
    def skewed(self) -> tuple[FeatureSkew, ...]:
        """The features of which more rows are unlike than are allowed."""
        return tuple(one for one in self.features if one.unlike > self.max_share * one.rows)

    @property
    def verdict(self) -> Verdict:
        """Skew, none, or that no row or no feature could be compared."""
        if not self.matched or not self.features:
            return "nothing compared"
        return "skew" if self.skewed else "no skew"


@dataclass(frozen=True, kw_only=True)
class FeatureComparison:
    """A feature's record, and which of the rows differ with a value on both sides."""

    skew: FeatureSkew
    differing: pa.Array


def compare_feature(name: str, online: pa.Array, offline: pa.Array, *, tolerance: float) -> FeatureComparison:
    """Return how a feature differs, given its values of the same rows in the same order.

    >>> compare_feature("x", pa.array([1.0, 2.0, None]), pa.array([1, 4, 5]), tolerance=1e-6).skew.typical
    2.0
    """
    gone, other_gone = (pc.is_null(_decoded(side), nan_is_null=True) for side in (online, offline))
    there = pc.invert(pc.or_(gone, other_gone))
    numeric = _is_number(online.type) and _is_number(offline.type)
    apart, distance = _distance(online, offline, tolerance) if numeric else (_unlike_texts(online, offline), None)
    differing = pc.and_(there, apart)
    first = pc.index(differing, True).as_py()
    found = FeatureSkew(
        name=name,
        rows=len(online),
        differ=_count(differing),
        missing_online=_count(pc.and_(gone, pc.invert(other_gone))),
        missing_offline=_count(pc.and_(other_gone, pc.invert(gone))),
        typical=None if distance is None or first < 0 else _median(distance[differing.to_numpy(zero_copy_only=False)]),
        online=None if first < 0 else _shown(online[first]),
        offline=None if first < 0 else _shown(offline[first]),
    )
    return FeatureComparison(skew=found, differing=differing)


def value_texts(values: pa.Array) -> pa.Array:
    """Return each value as a text by which an earlier one is found: of numbers seven digits, as a model that computes in float32 sees them."""
    if _is_number(values.type):
        return pc.cast(pc.cast(_floats(values), pa.float32(), safe=False), pa.string())
    return key_texts(values)


def earlier_by(at: pa.Array, since: pa.Array) -> tuple[int, float | None]:
    """Return for how many rows there is a moment `since` which something was said, and by how many seconds (the median) it is before `at`."""
    seconds = pc.drop_null(pc.subtract(at, since)).to_numpy() / SECOND
    return len(seconds), float(np.median(seconds)) if len(seconds) else None


def _distance(online: pa.Array, offline: pa.Array, tolerance: float) -> tuple[pa.Array, npt.NDArray[np.float64]]:
    one, other = (_floats(side).to_numpy(zero_copy_only=False) for side in (online, offline))
    with np.errstate(invalid="ignore"):
        distance = np.where(one == other, 0.0, np.abs(one - other))
        size = np.maximum(1.0, np.maximum(np.abs(one), np.abs(other)))
        apart = (one != other) & ~(distance <= tolerance * np.where(np.isfinite(size), size, 1.0))
    return pa.array(apart), distance


def _median(distances: npt.NDArray[np.float64]) -> float | None:
    """The median; None where it is infinite, which JSON does not know."""
    median = float(np.median(distances))
    return median if np.isfinite(median) else None


def _unlike_texts(online: pa.Array, offline: pa.Array) -> pa.Array:
    return pc.fill_null(pc.not_equal(key_texts(online), key_texts(offline)), False)


def _floats(values: pa.Array) -> pa.Array:
    return pc.cast(_decoded(values), pa.float64(), safe=False)


def _decoded(values: pa.Array) -> pa.Array:
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _is_number(type_: pa.DataType) -> bool:
    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_null)
    return any(is_one(type_) for is_one in kinds)


def _count(mask: pa.Array) -> int:
    return int(pc.sum(mask).as_py() or 0)


def _shown(value: pa.Scalar) -> str:
    return str(value.as_py())[:40]
