"""Tables one below the other, though they store a column in different ways: each later one is read as the first that says what the column holds."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from keepfit.errors import DataError
from keepfit.records.words import ValueForm
from keepfit.tables.values import form_of, in_form


def stacked(tables: Sequence[pa.Table], *, where: str) -> pa.Table:
    """Return the rows of all tables, columns by name (a missing one is NULL), numbers widened where they have to be.

    A column that Arrow cannot widen is read as the form of its first values, if that loses nothing; else one `DataError` names the column and what it holds.

    >>> stacked([pa.table({"v": [True, None]}), pa.table({"v": [1.0, 0.0]}), pa.table({"v": ["False"]})], where="data/windows")["v"].to_pylist()
    [True, None, True, False, False]
    """
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        names = dict.fromkeys(name for table in tables for name in table.column_names)
        for name in names:
            tables = _alike(tables, name, where=where)
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as bad:
        raise DataError(f"the tables do not fit together: {str(bad)[:200]}", where=where, fix="give a column the same type in every table") from bad


def in_order(table: pa.Table, column: str) -> pa.Table:
    """Return the rows in the order of a column's values."""
    return table.sort_by(column)


def _alike(tables: Sequence[pa.Table], name: str, *, where: str) -> list[pa.Table]:
    """The tables with one column stored one way, if its types do not go together."""
    holding = [table.select([name]) for table in tables if name in table.column_names]
    try:
        pa.concat_tables(holding, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        form = next((form for table in holding if (form := form_of(table[name], "categorical")) is not None), None)
        if form is not None and form != "text":
            if form == "integer" and any(in_form(table[name], form, kind="categorical").lost for table in holding):
                form = "number"
            return [_read(table, name, form, where=where) for table in tables]
    return list(tables)


def _read(table: pa.Table, name: str, form: ValueForm, *, where: str) -> pa.Table:
    if name not in table.column_names:
        return table
    reading = in_form(table[name], form, kind="categorical")
    if reading.lost:
        shown = f": {', '.join(map(repr, reading.examples))}" if reading.examples else ""
        what = f"the column {name!r} is {form} in one table, and {reading.lost:,} of {reading.known:,} values of another are none{shown}"
        raise DataError(what, where=where, fix="mend these values, or exclude the window (keepfit window exclude WINDOW --reason '…')")
    return table.set_column(table.column_names.index(name), name, reading.values)
