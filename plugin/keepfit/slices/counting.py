"""Rows of slices counted where the rows are: how many each slice has, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from keepfit.profiles.profile import Layout
from keepfit.slices.codes import code_columns
from keepfit.slices.moves import rows_of
from keepfit.slices.scan import Literals


@dataclass(frozen=True)
class SlicePass:
    """Counts the rows of slices of columns coded on a layout; the literals' numbers are the columns' places. The state is the counts, then all rows.

    >>> from keepfit.profiles.profile import learn_layout
    >>> from keepfit.tables.batches import TableRows
    >>> from keepfit.tables.passes import run_pass
    >>> table = pa.table({"c": ["a", "b", "b", "b"]})
    >>> run_pass(TableRows(table), SlicePass(learn_layout(table, {"c": "categorical"}), ("c",), (((0, 0),), ((0, 1),))))
    (3, 1, 4)
    """

    layout: Layout
    columns: tuple[str, ...]
    slices: Sequence[Literals]

    def start(self, first_row: int) -> tuple[int, ...]:  # noqa: ARG002 - where a part starts is no matter to counts
        """Return zeros."""
        return (0,) * (len(self.slices) + 1)

    def add(self, state: tuple[int, ...], batch: pa.Table) -> tuple[int, ...]:
        """Count a batch."""
        coded = code_columns(batch, self.layout, columns=self.columns)
        return self.join(state, (*(rows_of(coded, literals) for literals in self.slices), batch.num_rows))

    def join(self, before: tuple[int, ...], after: tuple[int, ...]) -> tuple[int, ...]:
        """Return the sums."""
        return tuple(one + other for one, other in zip(before, after, strict=True))
