"""Columns of text that hold true and false only, and how these are written; a column is looked at until it says another word.

>>> from keepfit.tables.batches import TableRows
>>> table = pa.table({"a": ["TRUE", "false"], "b": ["true", "no"]})
>>> {name: sorted(words) for name, words in boolean_words(TableRows(table), ["a", "b"]).items()}
{'a': ['TRUE', 'false']}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.batches import Rows
from keepfit.tables.passes import run_pass
from keepfit.tables.values import SPELT, plain_of

GLANCE = 100
"""Most columns of other words are found out by so many rows of a batch."""
Words = Mapping[str, frozenset[str] | None]


@dataclass(frozen=True)
class BooleanWordsPass:
    """Collects the words of columns while they are true and false only; None of a column that says another one."""

    columns: tuple[str, ...]

    def start(self, first_row: int) -> Words:  # noqa: ARG002 - where a part starts is no matter to words
        """Return none."""
        return dict.fromkeys(self.columns, frozenset())

    def add(self, state: Words, batch: pa.Table) -> Words:
        """Look at a batch's words."""
        glance = {name: _both(words, _words(batch[name].slice(0, GLANCE))) for name, words in state.items()}
        return {name: words if words is None else _both(words, _words(batch[name])) for name, words in glance.items()}

    def join(self, before: Words, after: Words) -> Words:
        """Return the words of both parts."""
        return {name: _both(words, after[name]) for name, words in before.items()}

    def done(self, state: Words) -> bool:
        """Whether every column says another word."""
        return all(words is None for words in state.values())


def _words(values: pa.ChunkedArray) -> frozenset[str] | None:
    """The different words; None if one is neither true nor false."""
    found = frozenset(pc.unique(plain_of(values)).drop_null().to_pylist())
    return found if {word.lower() for word in found} <= SPELT else None


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other


def boolean_words(rows: Rows, columns: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the words of the columns of text that hold true and false only, or nothing."""
    size, found = rows.columns_at_once, dict[str, frozenset[str]]()
    for start in range(0, len(columns), size):
        words = run_pass(rows, BooleanWordsPass(tuple(columns[start : start + size])))
        found |= {name: known for name, known in words.items() if known is not None}
    return found
