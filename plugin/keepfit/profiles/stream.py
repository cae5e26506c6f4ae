"""Tables read in batches: two passes over the reference (what to count on, then the counts), one over the current rows.

Memory is a batch, the layout's sample and the counts, whatever the number of rows. The second pass reads only what the first
could not count: numeric columns of more rows than the sample, and text of very many values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce

from keepfit.profiles.layout import Layout, LayoutLearner
from keepfit.profiles.profile import update, zero
from keepfit.records import Profile
from keepfit.tables.arrow import Kind
from keepfit.tables.batches import Rows


def profile_rows(rows: Rows, layout: Layout, window: str, *, own: bool = False) -> Profile:
    """Return the profile of all rows on a layout, in one pass a group of columns; `own`: it was learned from them."""
    add = partial(update, own=own)
    parts = [reduce(add, rows.batches(group), zero({name: layout[name] for name in group}, window)) for group in _groups(layout, rows)]
    return _side_by_side(parts)


def profile_reference(rows: Rows, kinds: Mapping[str, Kind], window: str) -> Profile:
    """Return the rows' profile on the layout learned from them; raises what `learn_layout` raises.

    >>> import pyarrow as pa
    >>> from keepfit.tables.batches import TableRows
    >>> profile_reference(TableRows(pa.table({"x": [1.0, 2.0, 2.0]})), {"x": "numeric"}, "ref").columns["x"].counts
    (0, 1, 2, 0)
    """
    return _side_by_side([_profile_group(rows, {name: kinds[name] for name in group}, window) for group in _groups(kinds, rows)])


def _profile_group(rows: Rows, kinds: Mapping[str, Kind], window: str) -> Profile:
    learner = LayoutLearner(kinds, rows.rows_at_most)
    for batch in rows.batches(list(kinds)):
        learner.add(batch)
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
