"""How much of a column that is compared as booleans is none.

>>> from keepfit.tables.batches import TableRows
>>> lost_booleans(TableRows(pa.table({"v": [0, 1, 1, 7]})), ["v"])["v"]
Lost(known=4, lost=1, examples=('7.0',))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from keepfit.tables.batches import Rows
from keepfit.tables.passes import run_pass
from keepfit.tables.values import in_form

MOSTLY = 0.5
SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Lost:
    """How many of the known values of a column are no booleans, and some of them."""

    known: int = 0
    lost: int = 0
    examples: tuple[str, ...] = ()

    def __add__(self, other: Lost) -> Lost:
        """Return what is lost of both."""
        examples = tuple(dict.fromkeys((*self.examples, *other.examples)))[:SHOWN]
        return Lost(known=self.known + other.known, lost=self.lost + other.lost, examples=examples)

    @property
    def mostly(self) -> bool:
        """Whether most values are no booleans: it is another column."""
        return self.lost > MOSTLY * self.known


@dataclass(frozen=True)
class LostPass:
    """Counts what columns hold beside booleans; `rows` is how many the table has at most. A column is counted until most of it is surely lost."""

    columns: tuple[str, ...]
    rows: int

    def start(self, first_row: int) -> Mapping[str, Lost]:  # noqa: ARG002 - where a part starts is no matter to counts
        """Return nothing lost."""
        return dict.fromkeys(self.columns, Lost())

    def add(self, state: Mapping[str, Lost], batch: pa.Table) -> Mapping[str, Lost]:
        """Count a batch."""
        return {name: found if self._surely(found) else found + _lost(batch[name]) for name, found in state.items()}

    def join(self, before: Mapping[str, Lost], after: Mapping[str, Lost]) -> Mapping[str, Lost]:
        """Return the sums."""
        return {name: found + after[name] for name, found in before.items()}

    def done(self, state: Mapping[str, Lost]) -> bool:
        """Whether most of every column is lost, whatever comes."""
        return all(self._surely(found) for found in state.values())

    def _surely(self, found: Lost) -> bool:
        return found.lost > MOSTLY * max(self.rows, 1)


def _lost(values: pa.ChunkedArray) -> Lost:
    reading = in_form(values, "boolean", kind="categorical")
    return Lost(known=reading.known, lost=reading.lost, examples=tuple(dict.fromkeys(reading.examples)))


def lost_booleans(rows: Rows, columns: Sequence[str]) -> dict[str, Lost]:
    """Return what each column holds beside booleans; of one that is mostly lost, only that it is."""
    size, found = rows.columns_at_once, dict[str, Lost]()
    for start in range(0, len(columns), size):
        lost = run_pass(rows, LostPass(tuple(columns[start : start + size]), rows.rows_at_most))
        found |= lost
    return found
