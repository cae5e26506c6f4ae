"""Profiles: mergeable statistics of a window, one pass and one kernel over Arrow columns.

A *layout* (`profiles/layout.py`) is a profile's columns with nothing counted yet: the edges (the reference's quantiles) and the
categories (its most frequent). Every window of one reference is counted on the same layout by one kernel (`profiles/kernel.py`), so
profiles add up: `+` is associative and commutative and `zero` changes nothing. Every comparison is made from these counts alone.

Blind to order, to what happens within a bin, and to which of the rare categories a row has.

>>> import pyarrow as pa
>>> table = pa.table({"x": [1.0, 2.0, 2.0, None], "c": ["a", "b", "b", "b"]})
>>> layout = learn_layout(table, {"x": "numeric", "c": "categorical"})
>>> profile_table(table, layout, "2013-01").columns["c"].counts
(3, 1)
>>> halves = update(update(zero(layout, "2013-01"), table.slice(0, 2)), table.slice(2))
>>> halves == profile_table(table, layout, "2013-01")
True
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TYPE_CHECKING

import pyarrow as pa

from keepfit.errors import DataError
from keepfit.profiles.kernel import count_categories, count_column, count_numbers
from keepfit.profiles.layout import BINS, MAX_CATEGORIES, Layout, emptied, layout_of, learn_layout
from keepfit.records import Profile, Reference
from keepfit.tables.arrow import Kind, as_table, is_number, kind_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BINS",
    "MAX_CATEGORIES",
    "Kind",
    "Layout",
    "as_table",
    "count_categories",
    "count_numbers",
    "fits",
    "kind_of",
    "layout_of",
    "learn_layout",
    "merge",
    "profile_table",
    "reference_of",
    "total",
    "update",
    "zero",
]


def profile_table(data: pa.Table | pa.RecordBatch | pd.DataFrame, layout: Layout, window: str) -> Profile:
    """Count a window's rows on a layout.

    A column of the layout that the table lacks, or a numeric one that holds no numbers, is left out of the profile: the
    schema's evidence names it (`profiles/schema.py`). An empty table is a profile of zero rows.
    """
    table = as_table(data)
    types = dict(zip(table.schema.names, table.schema.types, strict=True))
    columns = dict(zip(table.schema.names, table.columns, strict=True))
    kept = {name: column for name, column in layout.items() if name in types and _counts_as(column.kind, types[name])}
    return Profile(window=window, rows=table.num_rows, columns={name: count_column(columns[name], name, column) for name, column in kept.items()})


def fits(table: pa.Table, name: str, kind: Kind) -> bool:
    """Whether the table has the column in a type that can be counted as this kind; a column of only NULLs fits all."""
    places = table.schema.get_all_field_indices(name)  # a look-up: `column_names` would make a list of all of them, for each
    return bool(places) and _counts_as(kind, table.schema.field(places[-1]).type)


def _counts_as(kind: Kind, type_: pa.DataType) -> bool:
    return kind == "categorical" or is_number(type_)


def zero(layout: Layout, window: str = "") -> Profile:
    """Return the profile of no rows: `zero(layout) + profile == profile`.

    >>> zero({}, "2013-01").rows
    0
    """
    return Profile(window=window, rows=0, columns={name: emptied(column) for name, column in layout.items()})


def update(profile: Profile, batch: pa.Table | pa.RecordBatch | pd.DataFrame) -> Profile:
    """Return the profile with a batch's rows counted too; raises `DataError` when the batch lacks or retypes a column."""
    return profile + profile_table(batch, profile.columns, profile.window)


def merge(a: Profile, b: Profile) -> Profile:
    """Return `a + b`; raises `DataError` on different layouts."""
    return a + b


def reference_of(tables: Iterable[tuple[str, pa.Table | pd.DataFrame]], layout: Layout) -> Reference:
    """Return the reference of (name, rows) pairs in time order: each a day's (or shorter) rows, counted on one layout."""
    return Reference(profiles=tuple(profile_table(rows, layout, name) for name, rows in tables))


def total(reference: Reference) -> Profile:
    """Return the sum of a reference's profiles; raises `DataError` when it has none."""
    if not reference.profiles:
        raise DataError("the reference holds no profile", fix="train again: models/candidate/profile.json is empty")
    return reduce(merge, reference.profiles)
