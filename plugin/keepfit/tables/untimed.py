"""Rows without a time: the line of totals at the end of an export, a time that was left empty. They lie in no window and are set aside where they are few.

Few is one row of twenty or more, then one in a hundred: a source that often has no time is one to put right. A word is no time; a date that the
calendar does not have is one that somebody mistyped: it is left for `normalise_time` to refuse by name.

>>> timed_rows(pa.table({"t": ["2013-02-01"] * 20 + ["TOTAL"], "x": range(21)}), "t")[1]
Untimed(rows=1, words=('TOTAL',))
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.missing import MISSING_WORDS
from keepfit.tables.number_text import is_text, plain_texts

AT_LEAST, SHARE, EXAMPLES, WORD_CHARS = 20, 100, 3, 40
WORD = r"^\D"


@dataclass(frozen=True)
class Untimed:
    """How many rows of a table have no time, and some of the words that stand there instead."""

    rows: int = 0
    words: tuple[str, ...] = ()

    def sentence(self, source: str) -> str:
        """What a person is told of a source's rows.

        >>> Untimed(1, ("TOTAL",)).sentence("rows.csv"), Untimed(2).sentence("rows.csv")
        ("rows.csv: 1 row has no time ('TOTAL') and lies in no window", 'rows.csv: 2 rows have no time and lie in no window')
        """
        have, lie = ("1 row has", "lies") if self.rows == 1 else (f"{self.rows:,} rows have", "lie")
        shown = f" ({', '.join(repr(word) for word in self.words)})" if self.words else ""
        return f"{source}: {have} no time{shown} and {lie} in no window"


def timed_rows(table: pa.Table, column: str) -> tuple[pa.Table, Untimed]:
    """Return the table without the few rows that have no time, and what was set aside; more than few stay, as does a table without the column."""
    if column not in table.column_names:
        return table, Untimed()
    values = table[column].combine_chunks()
    values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    none = without_time(values)
    count = pc.sum(none).as_py() or 0
    if not count or not are_few(count, table.num_rows):
        return table, Untimed()
    words = pc.unique(pc.drop_null(values.filter(none))).to_pylist() if is_text(values.type) else []
    found = Untimed(count, tuple(word[:WORD_CHARS] for word in words if word.strip() not in MISSING_WORDS)[:EXAMPLES])
    return table.filter(pc.invert(none)), found


def are_few(untimed: int, rows: int) -> bool:
    """Whether so many of the rows may have no time and be set aside.

    >>> are_few(1, 21), are_few(2, 21), are_few(2, 200)
    (True, False, True)
    """
    return rows > AT_LEAST and untimed <= max(1, rows // SHARE)


def without_time(values: pa.Array) -> pa.Array:
    """Return which values say no time: NULL, a word for missing, or a text that begins with no digit."""
    if not is_text(values.type):
        return pc.is_null(values, nan_is_null=True)
    text = pc.utf8_trim_whitespace(plain_texts(values))
    missing = pc.is_in(text, value_set=pa.array(MISSING_WORDS))
    return pc.fill_null(pc.or_(missing, pc.match_substring_regex(text, WORD)), True)
