"""Tables read in batches: two passes over the reference (what to count on, then the counts), one over the current rows.

Memory is a batch, the layout's sample and the counts, whatever the number of rows. The second pass reads only what the first
could not count: numeric columns of more rows than the sample, and text of very many values. Both are passes that an engine can run where the rows are
(`passes.py`), with the same layout and the same counts however the rows are cut into parts and batches. The moments (`total`, `total_squared`) are sums of
floats: parts are joined in their order, and the last digits can differ from those of one part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from keepfit.profiles.kernel import categories_of
from keepfit.profiles.layout import Layout, LayoutLearner
from keepfit.profiles.profile import profile_table, zero
from keepfit.records import CategoricalProfile, ColumnProfile, Profile, TextProfile
from keepfit.tables.arrow import Kind
from keepfit.tables.batches import Rows
from keepfit.tables.passes import run_pass


@dataclass(frozen=True)
class ProfilePass:
    """Counts rows on a layout; `own`: it was learned from them. The states are profiles without the words that texts' layouts know.

    >>> from keepfit.profiles.layout import learn_layout
    >>> from keepfit.tables.batches import TableRows
    >>> table = pa.table({"x": [1.0, 2.0, 2.0]})
    >>> look = ProfilePass(learn_layout(table, {"x": "numeric"}), "w")
    >>> run_pass(TableRows(table), look).columns["x"].counts
    (0, 1, 2, 0)
    """

    layout: Layout
    window: str
    own: bool = False

    @property
    def columns(self) -> Sequence[str]:
        """The layout's."""
        return tuple(self.layout)

    def start(self, first_row: int) -> Profile:  # noqa: ARG002 - where a part starts is no matter to counts
        """Return the profile of no rows."""
        return zero({name: _without_words(column) for name, column in self.layout.items()}, self.window)

    def add(self, state: Profile, batch: pa.Table) -> Profile:
        """Count a batch."""
        return state + profile_table(batch, self.layout, self.window, own=self.own)

    def join(self, before: Profile, after: Profile) -> Profile:
        """Return the sum."""
        return before + after

    @property
    def by_value(self) -> Sequence[str]:
        """The categorical ones."""
        return [name for name, column in self.layout.items() if isinstance(column, CategoricalProfile)]

    def without(self, columns: Sequence[str]) -> ProfilePass:
        """Count the other columns."""
        return replace(self, layout={name: column for name, column in self.layout.items() if name not in columns})

    def with_tallies(self, state: Profile, found: Mapping[str, Mapping[str | None, int]]) -> Profile:
        """Return the profile of all columns."""
        counted = {name: categories_of(found[name], column) for name, column in self.layout.items() if isinstance(column, CategoricalProfile) and name in found}
        there = {**state.columns, **counted}
        return replace(state, columns={name: there[name] for name in self.layout if name in there})


def _without_words(column: ColumnProfile) -> ColumnProfile:
    return replace(column, seen="", shared="") if isinstance(column, TextProfile) else column


@dataclass(frozen=True)
class LayoutPass:
    """Learns what columns are counted on; `rows` is how many the table has at most, by which rows are sampled. Raises what `learn_layout` raises."""

    kinds: Mapping[str, Kind]
    rows: int

    @property
    def columns(self) -> Sequence[str]:
        """Those with a kind."""
        return tuple(self.kinds)

    def start(self, first_row: int) -> LayoutLearner:
        """Return a learner that saw nothing."""
        return LayoutLearner(self.kinds, self.rows, first_row=first_row)

    def add(self, state: LayoutLearner, batch: pa.Table) -> LayoutLearner:
        """Learn from a batch."""
        state.add(batch)
        return state

    def join(self, before: LayoutLearner, after: LayoutLearner) -> LayoutLearner:
        """Return the learner of both parts."""
        return before + after

    @property
    def by_value(self) -> Sequence[str]:
        """The categorical ones."""
        return [name for name, kind in self.kinds.items() if kind == "categorical"]

    def without(self, columns: Sequence[str]) -> LayoutPass:
        """Learn the other columns."""
        return replace(self, kinds={name: kind for name, kind in self.kinds.items() if name not in columns})

    def with_tallies(self, state: LayoutLearner, found: Mapping[str, Mapping[str | None, int]]) -> LayoutLearner:
        """Return the learner of all columns."""
        return state.with_tallies(found, list(self.kinds))


def profile_rows(rows: Rows, layout: Layout, window: str, *, own: bool = False) -> Profile:
    """Return the profile of all rows on a layout, in one pass a group of columns; `own`: it was learned from them."""
    parts = [run_pass(rows, ProfilePass({name: layout[name] for name in group}, window, own=own)) for group in _groups(layout, rows)]
    return zero(layout, window) + _side_by_side(parts)


def profile_reference(rows: Rows, kinds: Mapping[str, Kind], window: str) -> Profile:
    """Return the rows' profile on the layout learned from them; raises what `learn_layout` raises.

    >>> import pyarrow as pa
    >>> from keepfit.tables.batches import TableRows
    >>> profile_reference(TableRows(pa.table({"x": [1.0, 2.0, 2.0]})), {"x": "numeric"}, "ref").columns["x"].counts
    (0, 1, 2, 0)
    """
    return _side_by_side([_profile_group(rows, {name: kinds[name] for name in group}, window) for group in _groups(kinds, rows)])


def _profile_group(rows: Rows, kinds: Mapping[str, Kind], window: str) -> Profile:
    learner = run_pass(rows, LayoutPass(kinds, rows.rows_at_most))
    layout = learner.layout()
    counted = learner.counted(layout)
    left = {name: column for name, column in layout.items() if name not in counted}
    if left:
        counted |= profile_rows(rows, left, window, own=True).columns
    return Profile(window=window, rows=learner.rows, columns={name: counted[name] for name in layout})


def _groups(columns: Iterable[str], rows: Rows) -> list[list[str]]:
    names, size = list(columns), rows.columns_at_once
    return [names[start : start + size] for start in range(0, max(len(names), 1), size)]


def _side_by_side(parts: Sequence[Profile]) -> Profile:
    return replace(parts[0], columns={name: column for part in parts for name, column in part.columns.items()})
