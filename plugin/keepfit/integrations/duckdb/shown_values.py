"""Values of rows that differ as a record holds them: the commonest changes of a column, and a few rows as examples; bounded on any data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from keepfit.integrations.duckdb.table_pair import TablePair
from keepfit.records.data_diff import CellChange, CellValue, RowExample, RowState, ValueKind, ValuePair

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PAIRS = 5
CELLS = 4
TEXT = 120
EXAMPLES = 5
STATES: tuple[RowState, ...] = ("changed", "removed", "added")


def value_pairs(connection: DuckDBPyConnection, place: int, *, kind: ValueKind, where: str) -> tuple[ValuePair, ...]:
    """Return the commonest (before, now) of a column in `differing`."""
    shown = [_cut(f"{side}{place}", kind) for side in "ab"]
    query = f"SELECT {shown[0]} AS old, {shown[1]} AS new, count(*) AS n FROM differing WHERE {where} GROUP BY a{place}, b{place}"
    found = connection.execute(f"{query} ORDER BY n DESC, old NULLS FIRST, new NULLS FIRST LIMIT {PAIRS}").fetchall()
    return tuple(ValuePair(before=cell(old), now=cell(new), rows=n) for old, new, n in found)


def cell(value: object) -> CellValue:
    """Return a value as a record holds it: bounded, without infinity.

    >>> cell(float("inf")), cell(datetime(2026, 1, 1)), cell(b"a")
    ('inf', '2026-01-01 00:00:00', "b'a'")
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= TEXT else text[: TEXT - 1] + "…"


def _cut(value: str, kind: ValueKind) -> str:
    return f"left(CAST({value} AS VARCHAR), {TEXT + 1})" if kind in ("text", "other") else value


def examples(connection: DuckDBPyConnection, pair: TablePair, *, ties: bool) -> tuple[RowExample, ...]:
    """Return five rows, the first of each state by key: one of each, then changed ones before those that went and came.

    `ties`: a key may be there more than once.
    """
    rows = {state: _rows(connection, pair, state, ties=ties or not pair.key) for state in STATES}
    shares = {state: min(len(rows[state]), 1) for state in STATES}
    for state in STATES:
        shares[state] += min(len(rows[state]) - shares[state], EXAMPLES - sum(shares.values()))
    return tuple(row for state in STATES for row in rows[state][: shares[state]])


def _rows(connection: DuckDBPyConnection, pair: TablePair, state: RowState, *, ties: bool) -> list[RowExample]:
    shown = [
        f"{_cut(f'a{place}', reading.kind)}, {_cut(f'b{place}', reading.kind)}, a{place} IS DISTINCT FROM b{place}"
        for place, reading in enumerate(pair.readings)
    ]
    keys = [f"k{place}" for place in range(len(pair.key))]
    order = [*keys, *(f"{side}{place}" for place in range(len(pair.names)) for side in "ab")] if ties else keys
    query = f"SELECT {', '.join([pair.key_text, 'coalesce(fb, fa)', *shown])} FROM differing WHERE state = '{state}'"
    found = connection.execute(f"{query} ORDER BY {', '.join(order)} LIMIT {EXAMPLES}").fetchall()
    return [_example(pair, state, row) for row in found]


def _example(pair: TablePair, state: RowState, row: Sequence[object]) -> RowExample:
    key, file, *values = row
    cells = [
        CellChange(column=name, before=cell(values[3 * place]), now=cell(values[3 * place + 1]))
        for place, (_, name) in enumerate(pair.names)
        if (values[3 * place + 2] if state == "changed" else place in pair.kept)
    ]
    named = pair.files[file] if isinstance(file, int) else None
    return RowExample(key="" if key is None else str(cell(key)), state=state, file=named, cells=tuple(cells[:CELLS]))
