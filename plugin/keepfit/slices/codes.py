"""Columns as codes: what a slice can be made of. Each value is a small integer, each integer a literal such as `carrier=EV`.

Categories and edges are those of the reference's layout, so a slice means the same in every window; numbers are cut where the
literal says (`edges.py`), so a literal holds for exactly its rows.
Blind to what happens within a numeric bin, and to unions of bins: "above 3" is found as one or several of its bins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.profiles.edges import above, edge_text, readable_edges
from keepfit.profiles.profile import Layout, fits
from keepfit.records import CategoricalProfile, NumericProfile, TextProfile
from keepfit.tables.arrow import texts
from keepfit.tables.moment_texts import holds_moments, named_now
from keepfit.tables.nearest_floats import nearest_floats

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True)
class CodedColumn:
    """One column: `codes[row]` is the place of the row's literal in `literals`."""

    name: str
    literals: tuple[str, ...]
    codes: Codes

    def rows(self, keep: npt.NDArray[np.bool_]) -> CodedColumn:
        """Return the column of these rows only."""
        return CodedColumn(self.name, self.literals, self.codes[keep])


def code_columns(table: pa.Table, layout: Layout, *, columns: Iterable[str] | None = None) -> tuple[CodedColumn, ...]:
    """Return the codes of the layout's columns that the table holds (or of these only); texts make no slices.

    >>> from keepfit.profiles.profile import learn_layout
    >>> table = pa.table({"x": [1.0, 2.0, None], "c": ["a", "b", "z"]})
    >>> layout = learn_layout(table.slice(0, 2), {"x": "numeric", "c": "categorical"})
    >>> [[column.literals[code] for code in column.codes] for column in code_columns(table, layout)]
    [['x=1', 'x in (1, 2]', 'x is missing'], ['c=a', 'c=b', 'c is other']]
    """
    asked = ((name, layout[name]) for name in (layout if columns is None else columns) if name in layout)
    return tuple(_coded(table[name], name, column) for name, column in asked if not isinstance(column, TextProfile) and fits(table, name, column.kind))


def literals_of(name: str, column: NumericProfile | CategoricalProfile) -> tuple[str, ...]:
    """Return the literals of a column, by code: a bin or a category each, then what is none of them, then missing.

    >>> literals_of("c", CategoricalProfile(categories=("a",), counts=(0,), n=0, missing=0, other=0))
    ('c=a', 'c is other', 'c is missing')
    """
    if isinstance(column, NumericProfile):
        return (*_bins(name, readable_edges(column.edges)), f"{name} is missing")
    return (*(f"{name}={category}" for category in column.categories), f"{name} is other", f"{name} is missing")


def _coded(values: pa.ChunkedArray, name: str, column: NumericProfile | CategoricalProfile) -> CodedColumn:
    if isinstance(column, NumericProfile):
        return CodedColumn(name, literals_of(name, column), _number_codes(values, readable_edges(column.edges)))
    return CodedColumn(name, literals_of(name, column), _category_codes(values, column.categories))


def _number_codes(values: pa.ChunkedArray, edges: tuple[float, ...]) -> Codes:
    floats = np.asarray(nearest_floats(values).to_numpy(zero_copy_only=False), np.float64)
    return np.where(np.isnan(floats), len(edges) + 1, np.searchsorted(edges, floats, side="left")).astype(np.intp)


def _bins(name: str, edges: tuple[float, ...]) -> tuple[str, ...]:
    """The literals of the bins `edges[i-1] < x <= edges[i]`; the first of several edges lies just below the minimum."""
    if not edges:
        return (f"{name} is a number",)
    if len(edges) == 1:
        return (f"{name}<={edge_text(edges[0])}", f"{name}>{edge_text(edges[0])}")
    lowest = above(edges[0])
    first = f"{name}={edge_text(lowest)}" if lowest == edges[1] else f"{name} in [{edge_text(lowest)}, {edge_text(edges[1])}]"
    between = (f"{name} in ({edge_text(low)}, {edge_text(high)}]" for low, high in pairwise(edges[1:]))
    return (f"{name}<{edge_text(lowest)}", first, *between, f"{name}>{edge_text(edges[-1])}")


def _category_codes(values: pa.ChunkedArray, categories: tuple[str, ...]) -> Codes:
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    names = named_now(categories) if holds_moments(values.type) else categories
    written = texts(values)
    places = pc.index_in(written, value_set=pa.array(names, pa.string()))
    return np.asarray(pc.if_else(pc.is_null(written), len(categories) + 1, pc.coalesce(places, len(categories))).to_numpy(), np.intp)
