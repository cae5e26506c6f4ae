"""Columns that are known to hold numbers, read as numbers where a file holds them as text; what is none is set beside them.

Blind to a column that is text for the most part: it stays text, and the schema's evidence says so.

>>> table, strange = taken_apart(with_numbers(pa.table({"x": ["$1.5", "TOTAL", "2"]}), ["x"]))
>>> table["x"].to_pylist(), strange["x"].to_pylist()
([1.5, None, 2.0], [None, 'TOTAL', None])
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.number_text import as_numbers, is_text, plain_texts, signs_of, unread
from keepfit.tables.unreadable import beside, taken_apart

__all__ = ["number_columns", "taken_apart", "with_numbers"]


def with_numbers(table: pa.Table, names: Collection[str]) -> pa.Table:
    """Return the table with those of the columns as float64 that are text and mostly numbers; unreadable texts stand beside them."""
    for name in names:
        if name not in table.column_names or not is_text(table.schema.field(name).type):
            continue
        values = table[name].combine_chunks()
        signs = signs_of(values)
        if signs.known and not signs.mostly_numbers:
            continue
        numbers = as_numbers(values, comma=signs.comma)
        strange = unread(values, numbers)
        table = table.set_column(table.column_names.index(name), name, numbers)
        if pc.any(strange).as_py():
            texts = plain_texts(values)
            table = beside(table, name, pc.if_else(strange, texts, pa.nulls(len(texts), pa.string())))
    return table


def number_columns(table: pa.Table) -> list[str]:
    """Return the names of the text columns that hold numbers, where nobody has said so: no codes, no categories with some digits.

    >>> number_columns(pa.table({"amount": ["$1.5", "$2"], "zip": ["01234", "98765"], "size": ["S", "38"]}))
    ['amount']
    """
    return [field.name for field in table.schema if is_text(field.type) and signs_of(table[field.name]).are_numbers]
