"""Layouts: what a reference's columns are counted on. Edges are its quantiles, categories its most frequent values.

A layout is learned in one pass over batches of any number, in memory that does not grow with the rows:

- **numbers**: minimum and maximum are exact, and so is every value of a column with at most `bins` different ones. The quantiles
  between are those of all rows up to `SAMPLE` rows, beyond of one row drawn from each of `SAMPLE` equal stretches of the table
  (fixed seed): an edge meant for the share p lies at p within about sqrt(p (1 - p) / SAMPLE), at most .0016 (one sd). Only the
  bins' widths feel that; every count on the edges is exact. Above `CELLS` / `SAMPLE` numeric columns the sample shrinks.
- **categories**: exact up to `DISTINCT` different values in a column, beyond by Misra & Gries' summary (1982; merged as in
  Agarwal et al., *Mergeable summaries*, 2012): a value held by more than one row in `DISTINCT` / 2 is never lost, and which of
  the rarer ones are kept can depend on the batches.
- **texts**: the words that are known, in a filter of bounded size (`known_words.py`), and the quantiles of the texts' lengths in words.

Blind to order, to what happens within a bin, and beyond `KNOWN` different values to which values are new.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.errors import UnknownNameError
from keepfit.profiles.kernel import categories_of, count_numbers
from keepfit.profiles.number_sketch import NumberSketch
from keepfit.profiles.text_sketch import TextSketch
from keepfit.profiles.texts import empty_texts
from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, Profile, Reference, TextProfile
from keepfit.tables.arrow import Kind, as_table, floats, tally

if TYPE_CHECKING:
    import pandas as pd

Layout = Mapping[str, ColumnProfile]
BINS = 15
MAX_CATEGORIES = 50
KNOWN = 500
DISTINCT = 100_000
SAMPLE = 100_000
CELLS = 8_000_000


def learn_layout(
    data: pa.Table | pa.RecordBatch | pd.DataFrame, columns: Mapping[str, Kind], *, bins: int = BINS, max_categories: int = MAX_CATEGORIES
) -> dict[str, ColumnProfile]:
    """Return the layout of the columns of a table, batch or pandas frame.

    A number with at most `bins` different values gets one bin each, so that comparisons of it are exact. Raises
    `UnknownNameError` for a column that is not there and `DataError` for a numeric one that holds no numbers.

    >>> learn_layout(pa.table({"x": [3.0, 1.0, 1.0]}), {"x": "numeric"})["x"].edges
    (0.9999999999999999, 1.0, 3.0)
    """
    table = as_table(data)
    learner = LayoutLearner(columns, table.num_rows, bins=bins, max_categories=max_categories)
    learner.add(table)
    return learner.layout()


def layout_of(profile: Profile | Reference) -> dict[str, ColumnProfile]:
    """Return the layout that a profile (or a reference's first profile) was counted on."""
    first = profile.profiles[0] if isinstance(profile, Reference) and profile.profiles else profile
    if isinstance(first, Reference):
        return {}
    words = profile.words if isinstance(profile, Reference) else {}
    return {name: _with_words(emptied(column), words.get(name)) for name, column in first.columns.items()}


def _with_words(column: ColumnProfile, filter_: str | None) -> ColumnProfile:
    return replace(column, seen=filter_) if filter_ is not None and isinstance(column, TextProfile) else column


def words_of_layout(layout: Layout) -> dict[str, str]:
    """Return the words that each column of texts knows, as a reference keeps them once for all its profiles."""
    return {name: column.seen for name, column in layout.items() if isinstance(column, TextProfile)}


def emptied(column: ColumnProfile) -> ColumnProfile:
    """Return a column's layout: its profile with nothing counted."""
    if isinstance(column, TextProfile):
        return empty_texts(column)
    zeros = (0,) * len(column.counts)
    if isinstance(column, NumericProfile):
        return replace(column, counts=zeros, n=0, missing=0, nonfinite=0, total=0.0, total_squared=0.0, low=None, high=None)
    return replace(column, counts=zeros, n=0, missing=0, other=0, new=0)


class LayoutLearner:
    """Learns a layout from batches: `add` each in the table's order, then `layout()`.

    `rows` is how many will come at most; fewer make the sample smaller. `counted` gives the columns whose counts are known
    without a second pass.
    """

    def __init__(self, columns: Mapping[str, Kind], rows: int, *, bins: int = BINS, max_categories: int = MAX_CATEGORIES) -> None:
        numbers = sum(kind == "numeric" for kind in columns.values())
        self._picked = sampled_rows(rows, min(SAMPLE, CELLS // max(numbers, 1)))
        self._all = len(self._picked) == rows
        self._sketches = {name: _sketch(kind, rows, bins=bins, max_categories=max_categories) for name, kind in columns.items()}
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Take in the next rows; raises `UnknownNameError` for a column that is not there."""
        first, last = np.searchsorted(self._picked, [self.rows, self.rows + table.num_rows])
        picked = self._picked[first:last] - self.rows
        there = set(table.column_names)
        for name, sketch in self._sketches.items():
            if name not in there:
                raise UnknownNameError("column", name, known=table.column_names, where="the reference")
            if isinstance(sketch, NumberSketch):
                sketch.add(floats(table[name], name), picked)
            elif isinstance(sketch, TextSketch):
                sketch.add(table[name], picked)
            else:
                sketch.add(tally(table[name]))
        self.rows += table.num_rows

    def layout(self) -> dict[str, ColumnProfile]:
        """Return what was learned."""
        return {name: sketch.layout() for name, sketch in self._sketches.items()}

    def counted(self, layout: Layout) -> dict[str, ColumnProfile]:
        """Return the profiles of the columns of which nothing was left out: few different texts, few rows."""
        found = {name: self._counted(name, column) for name, column in layout.items()}
        return {name: column for name, column in found.items() if column is not None}

    def _counted(self, name: str, column: ColumnProfile) -> ColumnProfile | None:
        sketch = self._sketches[name]
        if isinstance(sketch, NumberSketch) and isinstance(column, NumericProfile):
            return count_numbers(sketch.sample(), column) if self._all else None
        return sketch.profile() if isinstance(sketch, CategorySketch) and sketch.exact else None


def _sketch(kind: Kind, rows: int, *, bins: int, max_categories: int) -> NumberSketch | CategorySketch | TextSketch:
    if kind == "text":
        return TextSketch(rows, bins)
    return NumberSketch(bins) if kind == "numeric" else CategorySketch(max_categories)


def sampled_rows(rows: int, size: int) -> npt.NDArray[np.int64]:
    """Return `size` row numbers in order, one drawn (fixed seed) from each equal stretch of the table; all when there are fewer.

    >>> sampled_rows(3, 10).tolist(), len(sampled_rows(1000, 10))
    ([0, 1, 2], 10)
    """
    if rows <= size:
        return np.arange(rows)
    bounds = np.arange(size + 1) * rows // size
    return bounds[:-1] + np.floor(np.random.default_rng(0).random(size) * np.diff(bounds)).astype(np.int64)


class CategorySketch:
    """How often each text of a column occurs; past `DISTINCT` texts the rarest are let go, and `exact` is False."""

    def __init__(self, max_categories: int) -> None:
        self._most = max_categories
        self._seen: dict[str | None, int] = {}
        self.exact = True

    def add(self, found: Mapping[str | None, int]) -> None:
        """Take in how often each text of a batch occurs."""
        for text, count in found.items():
            self._seen[text] = self._seen.get(text, 0) + count
        if len(self._seen) > DISTINCT:
            self._let_go()

    def _let_go(self) -> None:
        self.exact = False
        kept = DISTINCT // 2
        floor = heapq.nlargest(kept + 1, (count for text, count in self._seen.items() if text is not None))[-1]
        self._seen = {text: count - floor for text, count in self._seen.items() if text is not None and count > floor}

    def layout(self) -> CategoricalProfile:
        """Return the column's categories, most frequent first (then by name), and its rare values, with nothing counted."""
        known = [(text, count) for text, count in self._seen.items() if text is not None]
        categories = tuple(text for text, _ in heapq.nsmallest(self._most, known, key=lambda pair: (-pair[1], pair[0])))
        named = set(categories)
        rare = tuple(sorted(text for text, _ in known if text not in named)) if self.exact and len(known) <= KNOWN else None
        return CategoricalProfile(categories=categories, counts=(0,) * len(categories), n=0, missing=0, other=0, rare=rare)

    def profile(self) -> CategoricalProfile:
        """Return the counts of all that was taken in, on the own layout; right only while `exact`."""
        return categories_of(self._seen, self.layout())
