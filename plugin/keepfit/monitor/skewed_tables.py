"""Two tables for `skew.py`: rows that were logged online beside the offline row that holds for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from keepfit.monitor.skew import FeatureComparison, FeatureSkew, compare_feature, earlier_by, value_texts
from keepfit.tables.held_features import TIME, found_places

VALUE = "_value"


@dataclass(frozen=True)
class SkewSide:
    """A table, and the keys and moments of its rows."""

    table: pa.Table
    keys: pa.Table


@dataclass(frozen=True)
class RowPairs:
    """The online `rows` that have an offline row, and its `places`."""

    online: SkewSide
    offline: SkewSide
    rows: pa.Array
    places: pa.Array

    @classmethod
    def of(cls, online: SkewSide, offline: SkewSide, places: pa.Array) -> RowPairs:
        """Return the pairs, given the place of each online row's offline row, NULL without one."""
        return cls(online, offline, *found_places(places))

    def names(self, own: Sequence[str | None]) -> list[str]:
        """The features: what both tables have beside their `own` columns, in the order of the online one."""
        return [name for name in self.online.table.column_names if name in self.offline.table.column_names and name not in own]

    def compare(self, name: str, *, tolerance: float) -> FeatureComparison:
        """Return how a feature differs over the pairs."""
        return compare_feature(name, self._logged(name), _of(self.offline.table, name).take(self.places), tolerance=tolerance)

    def differing(self, found: FeatureComparison) -> pa.Table:
        """Keys and online value of the rows that differ, each with the moment since which the offline row held."""
        keys = self.online.keys.take(self.rows)
        since = _of(self.offline.keys, TIME).take(self.places)
        keys = keys.set_column(keys.column_names.index(TIME), TIME, since).append_column(VALUE, value_texts(self._logged(found.skew.name)))
        return keys.filter(found.differing)

    def said(self, name: str) -> pa.Table:
        """Keys, moments and values of all that the offline table says of a feature."""
        return self.offline.keys.append_column(VALUE, value_texts(_of(self.offline.table, name)))

    def with_earlier(self, found: FeatureComparison, differing: pa.Table, places: pa.Array) -> FeatureSkew:
        """Return the record, given the place where the online value of each differing row stood last, NULL where it never did."""
        stale, seconds = earlier_by(_of(differing, TIME), _of(self.offline.keys, TIME).take(places))
        return replace(found.skew, stale=stale, stale_seconds=seconds)

    def _logged(self, name: str) -> pa.Array:
        return _of(self.online.table, name).take(self.rows)


def _of(table: pa.Table, name: str) -> pa.Array:
    return table[name].combine_chunks()
