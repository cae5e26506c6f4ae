"""The rows of named slices: as people write them (`carrier=HA`), and as a search found them (`dep_delay in (3, 9] & origin=JFK`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from keepfit.compose.strata import coded
from keepfit.errors import UnknownNameError
from keepfit.slices.masks import Mask
from keepfit.slices.name import Slice
from keepfit.slices.search import AND

if TYPE_CHECKING:
    from keepfit.slices.codes import CodedColumn


def slice_mask(name: str, table: pa.Table, columns: Sequence[CodedColumn], *, where: str) -> Mask:
    """Return which rows are of a slice: of all its literals, joined by ` & `.

    `columns` are the table's columns as the champion's reference codes them; a literal that is none of theirs is a column and its value.
    Raises `UnknownNameError` for a column that the table lacks and a value that no row has.
    """
    parts = [_literal(part.strip(), table, columns, where=where) for part in name.split(AND)]
    found: Mask = np.logical_and.reduce(parts)
    return found


def first_slice(names: Sequence[str], masks: Sequence[Mask], rows: int) -> list[str]:
    """Return for each row the first of the slices that it is of, '' where it is of none.

    >>> first_slice(["a=1", "b=2"], [np.array([True, False, False]), np.array([True, True, False])], 3)
    ['a=1', 'b=2', '']
    """
    found = [""] * rows
    for name, mask in reversed(list(zip(names, masks, strict=True))):
        for row in np.flatnonzero(mask):
            found[row] = name
    return found


def _literal(literal: str, table: pa.Table, columns: Sequence[CodedColumn], *, where: str) -> Mask:
    for column in columns:
        if literal in column.literals:
            return np.asarray(column.codes == column.literals.index(literal))
    wanted = Slice.parse(literal)
    known = [name for name in table.column_names if not name.startswith("_")]
    if wanted.column is None or wanted.column not in known:
        raise UnknownNameError("slicing column", wanted.column or literal, known=known, where=where)
    strata = coded(wanted.column, table[wanted.column])
    if wanted.name not in strata.names:
        raise UnknownNameError("slice", wanted.name, known=_shown(strata.names), where=where)
    return np.asarray(strata.codes == strata.names.index(wanted.name))


def _shown(names: Collection[str]) -> list[str]:
    return [name[:60] for name in names]
