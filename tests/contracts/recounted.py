"""What an engine should count, by hand: no Arrow, no NumPy, a value at a time."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

from tests.contracts.awkward_tables import Awkward

from keepfit.profiles.edges import readable_edges
from keepfit.records import CategoricalProfile, NumericProfile, PairProfile

BINS, CATEGORIES = 15, 50


def layout_of_numbers(values: Sequence[float]) -> tuple[float, ...] | None:
    """Return the edges of numbers of few values: one bin each, and an edge below them; None where they are more than there are bins."""
    different = sorted({value for value in values if math.isfinite(value)})
    if len(different) > BINS:
        return None
    return (math.nextafter(different[0], -math.inf), *different) if different else ()


def layout_of_categories(values: Sequence[str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the categories, most frequent first (then by name), and the rare ones by name."""
    seen = Counter(value for value in values if value is not None)
    ordered = sorted(seen, key=lambda text: (-seen[text], text))
    return tuple(ordered[:CATEGORIES]), tuple(sorted(ordered[CATEGORIES:]))


def recount_numbers(values: Sequence[float], edges: Sequence[float]) -> dict[str, object]:
    """Return what a profile says of numbers on these edges, but for the moments."""
    finite = [value for value in values if math.isfinite(value)]
    counts = [0] * (len(edges) + 1)
    for value in finite:
        counts[bisect_left(edges, value)] += 1
    return {
        "counts": tuple(counts),
        "n": len(finite),
        "missing": sum(math.isnan(value) for value in values),
        "nonfinite": sum(math.isinf(value) for value in values),
        "low": min(finite, default=None),
        "high": max(finite, default=None),
    }


def recount_categories(values: Sequence[str | None], layout: CategoricalProfile) -> dict[str, object]:
    """Return what a profile says of categories on this layout."""
    seen = Counter(values)
    known = {*layout.categories, *(layout.rare or ())}
    counts = tuple(seen[category] for category in layout.categories)
    n = len(values) - seen[None]
    new = 0 if layout.rare is None else sum(count for text, count in seen.items() if text is not None and text not in known)
    return {"counts": counts, "n": n, "missing": seen[None], "other": n - sum(counts), "new": new}


def recount(column: Awkward, layout: NumericProfile | CategoricalProfile) -> dict[str, object]:
    """Return what a profile says of a column on a layout."""
    return recount_numbers(column.counts_as, layout.edges) if isinstance(layout, NumericProfile) else recount_categories(column.counts_as, layout)


def recount_slices(column: Awkward, layout: NumericProfile | CategoricalProfile) -> list[int]:
    """Return how many rows each literal of a column has, by code: a bin or a category each, then (of categories) what is none of them, then missing."""
    if isinstance(layout, NumericProfile):
        edges = readable_edges(layout.edges)
        codes = Counter(len(edges) + 1 if math.isnan(value) else bisect_left(edges, value) for value in column.counts_as)
        return [codes[code] for code in range(len(edges) + 2)]
    seen = Counter(column.counts_as)
    known = [seen[category] for category in layout.categories]
    return [*known, len(column.counts_as) - seen[None] - sum(known), seen[None]]


def recount_pairs(columns: Mapping[str, Awkward], edges: Mapping[str, Sequence[float]]) -> list[PairProfile]:
    """Return the sums of each pair of the columns, in the order of `itertools.combinations`, a row at a time."""
    return [_pair(columns[a], columns[b], edges[a], edges[b]) for a, b in combinations(edges, 2)]


def _pair(a: Awkward, b: Awkward, a_edges: Sequence[float], b_edges: Sequence[float]) -> PairProfile:
    sums, quadrants = Counter[str](), [0, 0, 0, 0]
    for x, y in zip(a.counts_as, b.counts_as, strict=True):
        if math.isfinite(x) and math.isfinite(y):
            i, j = bisect_left(a_edges, x), bisect_left(b_edges, y)
            sums.update(a=i, b=j, aa=i * i, bb=j * j, ab=i * j)
            quadrants[2 * (i > len(a_edges) // 2) + (j > len(b_edges) // 2)] += 1
    return PairProfile(quadrants=tuple(quadrants), **{name: sums[name] for name in ("a", "b", "aa", "bb", "ab")})
