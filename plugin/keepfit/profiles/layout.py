"""Layouts: what a reference's columns are counted on. Edges are its quantiles, categories its most frequent values.

A layout is learned in one pass over batches of any number, in memory that does not grow with the rows:

- **numbers**: minimum and maximum are exact, and so is every value of a column with at most `bins` different ones. The quantiles
  between are those of all rows up to `SAMPLE` rows, beyond of one row drawn from each of `SAMPLE` equal stretches of the table
  (fixed seed): an edge meant for the share p lies at p within about sqrt(p (1 - p) / SAMPLE), at most .0016 (one sd). Only the
  bins' widths feel that; every count on the edges is exact. Above `CELLS` / `SAMPLE` numeric columns the sample shrinks.
- **categories**: exact up to 100,000 different values in a column, beyond by a summary that never loses a frequent one (`category_sketch.py`).
- **texts**: the words that are known, in a filter of bounded size (`known_words.py`), and the quantiles of the texts' lengths in words.

Parts of a table are learned apart and joined: learners of neighbouring parts add up (`+`), to the layout of one learner over both.

Blind to order, to what happens within a bin, and beyond 500 different values to which values are new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.errors import UnknownNameError
from keepfit.profiles.category_sketch import CategorySketch
from keepfit.profiles.kernel import count_numbers
from keepfit.profiles.number_sketch import NumberSketch
from keepfit.profiles.text_sketch import TextSketch
from keepfit.profiles.texts import empty_texts
from keepfit.records import ColumnProfile, NumericProfile, Profile, Reference, TextProfile
from keepfit.tables.arrow import Kind, as_table, floats, tally

if TYPE_CHECKING:
    import pandas as pd

Layout = Mapping[str, ColumnProfile]
Sketch = NumberSketch | CategorySketch | TextSketch
BINS = 15
MAX_CATEGORIES = 50
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
    """Learns a layout from batches: `add` each in the table's order, then `layout()`. It can be pickled, and learners of neighbouring parts add up.

    `rows` is how many the whole table has at most; fewer make the sample smaller. `first_row` is how many of them lie before the part that is learned.
    `counted` gives the columns whose counts are known without a second pass.
    """

    def __init__(self, columns: Mapping[str, Kind], rows: int, *, first_row: int = 0, bins: int = BINS, max_categories: int = MAX_CATEGORIES) -> None:
        numbers = sum(kind == "numeric" for kind in columns.values())
        self._table_rows, self._sample = rows, min(SAMPLE, CELLS // max(numbers, 1))
        self._most = max_categories
        self._sketches = {name: _sketch(kind, rows, first_row, bins=bins, max_categories=max_categories) for name, kind in columns.items()}
        self.first_row, self.rows = first_row, 0

    def __add__(self, other: LayoutLearner) -> LayoutLearner:
        """Return the learner of this part and the next one; neither is changed."""
        found = copy(self)
        found._sketches = {name: _joined(sketch, other._sketches[name]) for name, sketch in self._sketches.items()}
        found.rows = self.rows + other.rows
        return found

    def add(self, table: pa.Table) -> None:
        """Take in the next rows; raises `UnknownNameError` for a column that is not there."""
        start, sampled = self.first_row + self.rows, sampled_rows(self._table_rows, self._sample)
        first, last = np.searchsorted(sampled, [start, start + table.num_rows])
        picked = sampled[first:last] - start
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

    def with_tallies(self, found: Mapping[str, Mapping[str | None, int]], columns: Sequence[str]) -> LayoutLearner:
        """Return the learner of categorical columns beside its own, given how often each text of them occurs in its rows; `columns`: all in their order."""
        learner = copy(self)
        learner._sketches = {name: _tallied(found[name], self._most) if name in found else self._sketches[name] for name in columns}  # noqa: SLF001 - its own kind
        return learner

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
            return count_numbers(sketch.sample(), column) if self._sample >= self._table_rows else None
        return sketch.profile() if isinstance(sketch, CategorySketch) and sketch.exact else None


def _sketch(kind: Kind, rows: int, first_row: int, *, bins: int, max_categories: int) -> Sketch:
    if kind == "text":
        return TextSketch(rows, bins, first_row=first_row)
    return NumberSketch(bins) if kind == "numeric" else CategorySketch(max_categories)


def _tallied(found: Mapping[str | None, int], max_categories: int) -> CategorySketch:
    sketch = CategorySketch(max_categories)
    sketch.add(found)
    return sketch


def _joined(before: Sketch, after: Sketch) -> Sketch:
    if isinstance(before, NumberSketch) and isinstance(after, NumberSketch):
        return before + after
    if isinstance(before, TextSketch) and isinstance(after, TextSketch):
        return before + after
    if isinstance(before, CategorySketch) and isinstance(after, CategorySketch):
        return before + after
    raise TypeError(f"{type(before).__name__} and {type(after).__name__} are of two kinds of columns")


@lru_cache(maxsize=2)
def sampled_rows(rows: int, size: int) -> npt.NDArray[np.int64]:
    """Return `size` row numbers in order, one drawn (fixed seed) from each equal stretch of the table; all when there are fewer.

    >>> sampled_rows(3, 10).tolist(), len(sampled_rows(1000, 10))
    ([0, 1, 2], 10)
    """
    if rows <= size:
        found = np.arange(rows)
    else:
        bounds = np.arange(size + 1) * rows // size
        found = bounds[:-1] + np.floor(np.random.default_rng(0).random(size) * np.diff(bounds)).astype(np.int64)
    found.flags.writeable = False  # the next caller gets the same array
    return found
