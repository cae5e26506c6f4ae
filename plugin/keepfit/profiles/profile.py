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
from keepfit.profiles.kernel import count_categories, count_numbers
from keepfit.profiles.layout import BINS, MAX_CATEGORIES, Layout, emptied, layout_of, learn_layout, words_of_layout
from keepfit.profiles.texts import count_texts
from keepfit.records import ColumnProfile, NumericProfile, Profile, Reference, TextProfile
from keepfit.tables.arrow import Kind, as_table, floats, is_number, kind_of
from keepfit.tables.number_text import is_text

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


def profile_table(data: pa.Table | pa.RecordBatch | pd.DataFrame, layout: Layout, window: str, *, own: bool = False) -> Profile:
    """Count a window's rows on a layout; `own`: they are rows that it was learned from, which is no news of their words (`known_words.py`).

    A column of the layout that the table lacks, or a numeric one that holds no numbers, is left out of the profile: the
    schema's evidence names it (`profiles/schema.py`). An empty table is a profile of zero rows.
    """
    table = as_table(data)
    types = dict(zip(table.schema.names, table.schema.types, strict=True))
    columns = dict(zip(table.schema.names, table.columns, strict=True))
    kept = {name: column for name, column in layout.items() if name in types and _counts_as(column.kind, types[name])}
    counted = {name: count_column(columns[name], name, column, own=own) for name, column in kept.items()}
    return Profile(window=window, rows=table.num_rows, columns=counted)


def fits(table: pa.Table, name: str, kind: Kind) -> bool:
    """Whether the table has the column in a type that can be counted as this kind; a column of only NULLs fits all."""
    places = table.schema.get_all_field_indices(name)  # a look-up: `column_names` would make a list of all of them, for each
    return bool(places) and _counts_as(kind, table.schema.field(places[-1]).type)


def _counts_as(kind: Kind, type_: pa.DataType) -> bool:
    return kind == "categorical" or (is_number(type_) if kind == "numeric" else is_text(type_) or pa.types.is_null(type_))


def count_column(values: pa.ChunkedArray, name: str, layout: ColumnProfile, *, own: bool = False) -> ColumnProfile:
    """Return the counts of one Arrow column on its layout; raises `DataError` for text where numbers are expected."""
    if isinstance(layout, NumericProfile):
        return count_numbers(floats(values, name), layout)
    return count_texts(values, layout, own=own) if isinstance(layout, TextProfile) else count_categories(values, layout)


def zero(layout: Layout, window: str = "") -> Profile:
    """Return the profile of no rows: `zero(layout) + profile == profile`.

    >>> zero({}, "2013-01").rows
    0
    """
    return Profile(window=window, rows=0, columns={name: emptied(column) for name, column in layout.items()})


def update(profile: Profile, batch: pa.Table | pa.RecordBatch | pd.DataFrame, *, own: bool = False) -> Profile:
    """Return the profile with a batch's rows counted too; raises `DataError` when the batch lacks or retypes a column."""
    return profile + profile_table(batch, profile.columns, profile.window, own=own)


def merge(a: Profile, b: Profile) -> Profile:
    """Return `a + b`; raises `DataError` on different layouts."""
    return a + b


def reference_of(tables: Iterable[tuple[str, pa.Table | pd.DataFrame]], layout: Layout) -> Reference:
    """Return the reference of (name, rows) pairs in time order: each a day's (or shorter) rows, counted on the one layout that was learned from all of them."""
    profiles = tuple(profile_table(rows, layout, name, own=True) for name, rows in tables)
    return Reference(profiles=profiles, words=words_of_layout(layout))


def total(reference: Reference) -> Profile:
    """Return the sum of a reference's profiles; raises `DataError` when it has none."""
    if not reference.profiles:
        raise DataError("the reference holds no profile", fix="train again: models/candidate/profile.json is empty")
    return reduce(merge, reference.profiles)
