"""Profiles: mergeable statistics of a window, one pass and one kernel over Arrow columns.

A *layout* is a profile's columns with nothing counted yet: the edges (the reference's quantiles) and the categories (its
most frequent). Every window of one reference is counted on the same layout, so profiles add up: `merge` is associative and
commutative, and the empty profile is its zero. Every comparison is made from these counts alone.

Blind to order, to what happens within a bin, and to which of the rare categories a row has.

>>> import pyarrow as pa
>>> table = pa.table({"x": [1.0, 2.0, 2.0, None], "c": ["a", "b", "b", "b"]})
>>> layout = learn_layout(table, {"x": "numeric", "c": "categorical"})
>>> profile_table(table, layout, "2013-01").columns["c"].counts
(3, 1)
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import DataError, UnknownNameError
from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, Profile, Reference

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["numeric", "categorical"]
Layout = Mapping[str, ColumnProfile]
Floats = npt.NDArray[np.float64]
BINS = 15
MAX_CATEGORIES = 50
ZERO_WINDOW = ""


# -- layouts ------------------------------------------------------------------------------------------------------------


def learn_layout(
    data: pa.Table | pd.DataFrame, columns: Mapping[str, Kind], *, bins: int = BINS, max_categories: int = MAX_CATEGORIES
) -> dict[str, ColumnProfile]:
    """Return the layout of the reference's columns: quantile edges for numbers, the most frequent values for categories.

    A number with at most `bins` different values gets one bin each, so that comparisons of it are exact. Raises
    `UnknownNameError` for a column that is not there and `DataError` for a numeric one that holds no numbers.
    """
    table = as_table(data)
    for name in columns:
        if name not in table.column_names:
            raise UnknownNameError("column", name, known=table.column_names, where="the reference")
    return {
        name: _numeric_layout(_floats(table[name], name), bins) if kind == "numeric" else _categorical_layout(_texts(table[name]), max_categories)
        for name, kind in columns.items()
    }


def layout_of(profile: Profile | Reference) -> dict[str, ColumnProfile]:
    """Return the layout that a profile (or a reference's first profile) was counted on."""
    first = profile.profiles[0] if isinstance(profile, Reference) and profile.profiles else profile
    return {} if isinstance(first, Reference) else {name: _emptied(column) for name, column in first.columns.items()}


def _emptied(column: ColumnProfile) -> ColumnProfile:
    zeros = (0,) * len(column.counts)
    if isinstance(column, NumericProfile):
        return replace(column, counts=zeros, n=0, missing=0, nonfinite=0, total=0.0, total_squared=0.0, low=None, high=None)
    return replace(column, counts=zeros, n=0, missing=0, other=0)


def _numeric_layout(values: Floats, bins: int) -> NumericProfile:
    edges = _edges(np.sort(values[np.isfinite(values)]), bins)
    return NumericProfile(edges=edges, counts=(0,) * (len(edges) + 1), n=0, missing=0, nonfinite=0, total=0.0, total_squared=0.0, low=None, high=None)


def _edges(ordered: Floats, bins: int) -> tuple[float, ...]:
    """Just below the minimum, then quantiles up to the maximum; or every value, when there are few."""
    if not len(ordered):
        return ()
    different = ordered[np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])]
    if len(different) > bins:
        different = np.unique(ordered[np.ceil(np.arange(1, bins + 1) * len(ordered) / bins).astype(np.int64) - 1])
    below = math.nextafter(ordered[0], -math.inf)
    return tuple(float(edge) for edge in ((below, *different) if math.isfinite(below) else different))


def _categorical_layout(texts: pa.Array, max_categories: int) -> CategoricalProfile:
    found = pc.value_counts(texts.drop_null())
    counted = sorted(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
    categories = tuple(name for name, _ in counted[:max_categories])
    return CategoricalProfile(categories=categories, counts=(0,) * len(categories), n=0, missing=0, other=0)


# -- the kernel ---------------------------------------------------------------------------------------------------------


def profile_table(data: pa.Table | pd.DataFrame, layout: Layout, window: str) -> Profile:
    """Count a window's rows on a layout.

    A column of the layout that the table lacks, or a numeric one that holds no numbers, is left out of the profile: the
    schema's evidence names it (`monitor/schema.py`). An empty table is a profile of zero rows.
    """
    table = as_table(data)
    kept = {name: column for name, column in layout.items() if fits(table, name, column.kind)}
    counted = {name: _counted(table[name], name, column) for name, column in kept.items()}
    return Profile(window=window, rows=table.num_rows, columns=counted)


def fits(table: pa.Table, name: str, kind: Kind) -> bool:
    """Whether the table has the column in a type that can be counted as this kind; a column of only NULLs fits all."""
    if name not in table.column_names:
        return False
    return kind == "categorical" or _is_number(table.schema.field(name).type)


def _counted(values: pa.ChunkedArray, name: str, column: ColumnProfile) -> ColumnProfile:
    if isinstance(column, NumericProfile):
        return count_numbers(_floats(values, name), column)
    return count_categories(_texts(values), column)


def count_numbers(values: Floats, layout: NumericProfile) -> NumericProfile:
    """Return the counts of float values on the layout's edges; NaN is missing, infinities are counted apart."""
    missing = int(np.isnan(values).sum())
    finite = values[np.isfinite(values)]
    counts = np.bincount(np.searchsorted(layout.edges, finite, side="left"), minlength=len(layout.edges) + 1)
    with np.errstate(over="ignore"):
        total, squared = float(finite.sum()), float(np.square(finite).sum())
    return NumericProfile(
        edges=layout.edges,
        counts=tuple(counts.tolist()),
        n=len(finite),
        missing=missing,
        nonfinite=len(values) - missing - len(finite),
        total=_bounded(total),
        total_squared=_bounded(squared),
        low=float(finite.min()) if len(finite) else None,
        high=float(finite.max()) if len(finite) else None,
    )


def count_categories(texts: pa.Array, layout: CategoricalProfile) -> CategoricalProfile:
    """Return the counts of text values on the layout's categories; `other` counts every value that is none of them."""
    found = pc.value_counts(texts)
    seen = dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True))
    missing = seen.pop(None, 0)
    counts = tuple(seen.get(category, 0) for category in layout.categories)
    n = len(texts) - missing
    return CategoricalProfile(categories=layout.categories, counts=counts, n=n, missing=missing, other=n - sum(counts))


def _bounded(value: float) -> float:
    """A record holds no infinity: a sum that overflows stays at the largest float."""
    return min(max(value, -sys.float_info.max), sys.float_info.max) if value == value else 0.0


# -- the algebra --------------------------------------------------------------------------------------------------------


def merge(a: Profile, b: Profile) -> Profile:
    """Add two profiles on one layout; the window's name becomes `first..last`. Raises `DataError` on different layouts.

    >>> merge(Profile(window="2013-02", rows=2, columns={}), Profile(window="2013-01", rows=3, columns={})).window
    '2013-01..2013-02'
    """
    if a.columns.keys() != b.columns.keys():
        odd = sorted(a.columns.keys() ^ b.columns.keys())
        raise DataError(f"profiles of {a.window!r} and {b.window!r} do not have the same columns: {', '.join(odd[:5])}", fix="profile both on one layout")
    columns = {name: _merged(column, b.columns[name], name) for name, column in a.columns.items()}
    return Profile(window=_span(a.window, b.window), rows=a.rows + b.rows, columns=columns)


def reference_of(tables: Iterable[tuple[str, pa.Table | pd.DataFrame]], layout: Layout) -> Reference:
    """Return the reference of (name, rows) pairs in time order: each a day's (or shorter) rows, counted on one layout."""
    return Reference(profiles=tuple(profile_table(rows, layout, name) for name, rows in tables))


def total(reference: Reference) -> Profile:
    """Return the sum of a reference's profiles; raises `DataError` when it has none."""
    if not reference.profiles:
        raise DataError("the reference holds no profile", fix="train again: models/candidate/profile.json is empty")
    return reduce(merge, reference.profiles)


def _span(a: str, b: str) -> str:
    ends = sorted(part for name in (a, b) for part in name.split("..") if part)
    if not ends:
        return ZERO_WINDOW
    return ends[0] if ends[0] == ends[-1] else f"{ends[0]}..{ends[-1]}"


def _merged(a: ColumnProfile, b: ColumnProfile, name: str) -> ColumnProfile:
    if isinstance(a, NumericProfile) and isinstance(b, NumericProfile) and a.edges == b.edges:
        return replace(
            a,
            counts=_added(a.counts, b.counts),
            n=a.n + b.n,
            missing=a.missing + b.missing,
            nonfinite=a.nonfinite + b.nonfinite,
            total=_bounded(a.total + b.total),
            total_squared=_bounded(a.total_squared + b.total_squared),
            low=min((low for low in (a.low, b.low) if low is not None), default=None),
            high=max((high for high in (a.high, b.high) if high is not None), default=None),
        )
    if isinstance(a, CategoricalProfile) and isinstance(b, CategoricalProfile) and a.categories == b.categories:
        return replace(a, counts=_added(a.counts, b.counts), n=a.n + b.n, missing=a.missing + b.missing, other=a.other + b.other)
    raise DataError(f"profiles of the column {name!r} are counted on different edges or categories", fix="profile both on one layout")


def _added(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(x + y for x, y in zip(a, b, strict=True))


# -- Arrow --------------------------------------------------------------------------------------------------------------


def as_table(data: pa.Table | pd.DataFrame) -> pa.Table:
    """Return an Arrow table as it is, a pandas frame as one; raises `DataError` for columns of mixed types."""
    if isinstance(data, pa.Table):
        return data
    try:
        return pa.Table.from_pandas(data, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as bad:
        raise DataError(f"the table has a column of mixed types: {str(bad).splitlines()[0][:200]}", fix="give each column one type") from bad


def kind_of(type_: pa.DataType) -> Kind | None:
    """Return how a column of this type is profiled: numbers numeric; text, booleans and dictionaries categorical; times and lists not at all.

    >>> kind_of(pa.int8()), kind_of(pa.bool_()), kind_of(pa.timestamp("us"))
    ('numeric', 'categorical', None)
    """
    if pa.types.is_null(type_) or pa.types.is_boolean(type_) or _is_text(type_):
        return "categorical"
    return "numeric" if _is_number(type_) else None


def _is_number(type_: Any) -> bool:
    types = pa.types
    return bool(types.is_integer(type_) or types.is_floating(type_) or types.is_decimal(type_) or types.is_null(type_) or types.is_boolean(type_))


def _is_text(type_: Any) -> bool:
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def _floats(values: pa.ChunkedArray, name: str) -> Floats:
    """Float64 values, NULL as NaN; read from Arrow's buffers, because `to_numpy`, `scalar` and `fill_null` import pandas."""
    if not _is_number(values.type):
        raise DataError(f"the numeric column {name!r} holds {values.type}", fix="declare it categorical (params.yaml: data.features)")
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    whole = values.cast(pa.float64(), safe=False).combine_chunks()
    validity, data = whole.buffers()
    if data is None or not len(whole):
        return np.full(len(whole), np.nan)
    here = slice(whole.offset, whole.offset + len(whole))
    floats = np.frombuffer(data, np.float64)[here]
    if not whole.null_count:
        return floats
    known = np.unpackbits(np.frombuffer(validity, np.uint8), bitorder="little")[here]
    return np.where(known, floats, np.nan)


def _texts(values: pa.ChunkedArray) -> pa.Array:
    """Text of each value as one array: 1.0 and 1 read the same, booleans are false and true, NaN is NULL."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.nulls(len(values), values.type), values)
    if pa.types.is_nested(values.type):
        values = pa.chunked_array([pa.array([None if value is None else repr(value) for value in values.to_pylist()], pa.string())])
    return values.cast(pa.string()).combine_chunks()
