"""The first known values of columns of text, by which a column's kind is guessed: the same ones however the rows are cut into parts and batches.

Only what starts the table is read: a part that begins behind the first `within` rows is done before it is opened.

>>> from keepfit.tables.batches import TableRows
>>> rows = TableRows(pa.table({"t": ["a", None, "n/a", "b", "c"]}))
>>> {name: texts.to_pylist() for name, texts in first_values(rows, ["t"], most=3).items()}
{'t': ['a', 'n/a', 'b']}
>>> {name: texts.to_pylist() for name, texts in first_values(rows, ["t"], most=3, missing_words=False).items()}
{'t': ['a', 'b', 'c']}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.batches import Rows
from keepfit.tables.number_text import plain_texts, say_missing
from keepfit.tables.passes import run_pass

LOOKED_AT = 1_000
WITHIN = 20_000


@dataclass(frozen=True)
class FirstTexts:
    """Each column's first texts so far, and how many rows of the table lie before the next batch."""

    rows: int
    found: Mapping[str, pa.Array]


@dataclass(frozen=True)
class FirstValuesPass:
    """Takes the first `most` texts of each column from the table's first `within` rows; `missing_words`: words for a missing value are texts like others."""

    columns: tuple[str, ...]
    most: int = LOOKED_AT
    within: int = WITHIN
    missing_words: bool = True

    def start(self, first_row: int) -> FirstTexts:
        """Return none."""
        return FirstTexts(first_row, {name: pa.nulls(0, pa.string()) for name in self.columns})

    def add(self, state: FirstTexts, batch: pa.Table) -> FirstTexts:
        """Take what a batch has of them."""
        rows = max(self.within - state.rows, 0)
        found = {name: self._more(texts, batch[name].slice(0, rows)) for name, texts in state.found.items()}
        return FirstTexts(state.rows + batch.num_rows, found)

    def join(self, before: FirstTexts, after: FirstTexts) -> FirstTexts:
        """Return the first ones of both parts."""
        both = {name: pa.concat_arrays([texts, after.found[name]]).slice(0, self.most) for name, texts in before.found.items()}
        return FirstTexts(after.rows, both)

    def done(self, state: FirstTexts) -> bool:
        """Whether no later row can be one of the first."""
        return state.rows >= self.within or all(len(texts) == self.most for texts in state.found.values())

    def _more(self, texts: pa.Array, values: pa.ChunkedArray) -> pa.Array:
        """The texts with as many of the values as there is place for; few are taken out of their dictionary at a time."""
        parts = [texts]
        for start in range(0, len(values), self.most):
            missing = self.most - sum(map(len, parts))
            if missing <= 0:
                break
            known = plain_texts(values.slice(start, self.most).combine_chunks()).drop_null()
            if not self.missing_words:
                known = known.filter(pc.invert(say_missing(known)))
            parts.append(known.slice(0, missing))
        return pa.concat_arrays(parts)


def first_values(rows: Rows, columns: Sequence[str], *, most: int = LOOKED_AT, missing_words: bool = True) -> dict[str, pa.Array]:
    """Return the first known texts of columns of text, at most `most` each, from the table's first 20,000 rows."""
    size, found = rows.columns_at_once, dict[str, pa.Array]()
    for start in range(0, len(columns), size):
        found |= run_pass(rows, FirstValuesPass(tuple(columns[start : start + size]), most, missing_words=missing_words)).found
    return found
