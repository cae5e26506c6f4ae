"""Records without what is not to be seen: the values of named columns, wherever a record of the data quotes them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from keepfit.records import Composition
from keepfit.records.data_diff import ColumnChange, DataDiff, RowExample
from keepfit.slices.name import Slice

REDACTED = "(redacted)"


def redacted_diff(diff: DataDiff, names: Collection[str]) -> DataDiff:
    """Return the difference without the values of these columns: what is counted stays.

    >>> from keepfit.records.data_diff import CellChange
    >>> row = RowExample(key="p1", state="changed", cells=(CellChange(column="name", before="Ann", now="Bob"),))
    >>> diff = DataDiff(what="w", before="a", now="b", key=("part",), rows_before=1, rows_now=1, added=0, removed=0, changed=1, examples=(row,))
    >>> redacted_diff(diff, {"name"}).examples[0].cells
    (CellChange(column='name', before='(redacted)', now='(redacted)'),)
    """
    if not names:
        return diff
    by_hidden_key = any(name in names for name in diff.key)
    return replace(
        diff,
        columns=tuple(_column(one) if {one.name, one.was} & {*names} else one for one in diff.columns),
        slices=tuple(one for one in diff.slices if Slice.parse(one.slice).column not in names),
        examples=tuple(_example(one, names, whole=by_hidden_key) for one in diff.examples),
        repeated=replace(diff.repeated, examples=()) if diff.repeated is not None and by_hidden_key else diff.repeated,
    )


def _column(one: ColumnChange) -> ColumnChange:
    return replace(one, low=None, middle=None, high=None, factor=None, pairs=())


def _example(one: RowExample, names: Collection[str], *, whole: bool) -> RowExample:
    cells = tuple(replace(cell, before=REDACTED, now=REDACTED) if cell.column in names else cell for cell in one.cells)
    return replace(one, cells=cells, key=REDACTED if whole else one.key)


def redacted_composition(composition: Composition, names: Collection[str]) -> Composition:
    """Return the composition without slices of these columns, and without people's rules, whose conditions and reasons may quote any value."""
    if not names:
        return composition
    quoted = re.compile(rf"(?<!\w)({'|'.join(re.escape(name) for name in sorted(names))})=\S+")
    parts = tuple(replace(part, reason=quoted.sub(rf"\1={REDACTED}", part.reason)) for part in composition.parts)
    strata = tuple(one for one in composition.strata if Slice.parse(one.name).column not in names)
    return replace(composition, parts=parts, strata=strata, curation=None)
