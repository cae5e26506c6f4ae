"""Two profiles as two rows of counts over the same cells: what chi-squared and PSI look at."""

from __future__ import annotations

import numpy as np

from keepfit.monitor.detectors.sides import no_texts, two_layouts
from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, TextProfile
from keepfit.stats.homogeneity import Counts


def cells(reference: ColumnProfile, current: ColumnProfile, column: str) -> tuple[Counts, Counts]:
    """Return both sides' counts over the bins, or over the categories and `other`, without cells that are empty on both.

    Raises `DataError` when the two were not counted on one layout, and for texts. Missing values are no cell: the detector `missing` looks at them.
    """
    if isinstance(reference, TextProfile) or isinstance(current, TextProfile):
        raise no_texts(column)
    sides = np.array([_counts(reference), _counts(current)], dtype=np.float64) if _alike(reference, current) else None
    if sides is None:
        raise two_layouts(column)
    kept = sides[:, sides.sum(axis=0) > 0]
    return kept[0], kept[1]


def _alike(a: ColumnProfile, b: ColumnProfile) -> bool:
    if isinstance(a, NumericProfile) and isinstance(b, NumericProfile):
        return a.edges == b.edges
    return isinstance(a, CategoricalProfile) and isinstance(b, CategoricalProfile) and a.categories == b.categories


def _counts(profile: NumericProfile | CategoricalProfile) -> tuple[int, ...]:
    return profile.counts if isinstance(profile, NumericProfile) else (*profile.counts, profile.other)
