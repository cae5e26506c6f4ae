"""What changed in a table's columns: missing, retyped, added. Upstream of everything: a missing column explains its drift.

Only kinds are compared (number, text, boolean, time …), so an int that became a float because a value is missing is no change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from keepfit.profiles.profile import Layout, fits
from keepfit.records import Evidence


def family_of(type_: Any) -> str:
    """Return the kind of a column's type that people speak of.

    >>> family_of(pa.int64()), family_of(pa.dictionary(pa.int32(), pa.string())), family_of(pa.null())
    ('number', 'text', 'empty')
    """
    types = pa.types
    if types.is_dictionary(type_):
        type_ = type_.value_type
    if types.is_null(type_):
        return "empty"
    if types.is_boolean(type_):
        return "boolean"
    if types.is_integer(type_) or types.is_floating(type_) or types.is_decimal(type_):
        return "number"
    if types.is_temporal(type_):
        return "time"
    return "text" if types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_) else str(type_)


def schema_changes(reference: pa.Schema, current: pa.Schema) -> tuple[Evidence, ...]:
    """Return the changes from one schema to another: removed, retyped (effect 1), then added columns (effect 0), by name.

    An empty column (all NULL) has no kind and is no change of kind.
    """
    before = {field.name: family_of(field.type) for field in reference}
    after = {field.name: family_of(field.type) for field in current}
    removed = [_change("removed", name, f"{before[name]} column is gone") for name in sorted(before.keys() - after.keys())]
    both = sorted(before.keys() & after.keys())
    moved = [name for name in both if before[name] != after[name] and "empty" not in (before[name], after[name])]
    retyped = [_change("retyped", name, f"was {before[name]}, is {after[name]}") for name in moved]
    added = [_change("added", name, f"new {after[name]} column") for name in sorted(after.keys() - before.keys())]
    return (*removed, *retyped, *added)


def schema_evidence(layout: Layout, table: pa.Table) -> tuple[Evidence, ...]:
    """Return what keeps a window from being compared: the layout's columns that the table lacks or holds as something else."""
    return tuple(_lacking(table, name) for name, column in sorted(layout.items()) if not fits(table, name, column.kind))


def _lacking(table: pa.Table, name: str) -> Evidence:
    if name not in table.column_names:
        return _change("removed", name, "the column is gone", n=table.num_rows)
    return _change("retyped", name, f"was number, is {family_of(table.schema.field(name).type)}", n=table.num_rows)


def _change(what: str, name: str, detail: str, *, n: int = 0) -> Evidence:
    effect: Mapping[str, float] = {"removed": 1.0, "retyped": 1.0, "added": 0.0}
    return Evidence(kind="schema", subject=name, detector=what, statistic=None, effect=effect[what], n=n, n_reference=0, detail=detail)
