"""A pass over rows that are changed on the way: text read as numbers, a file in its folder's types. It travels to where the rows are, and changes them there.

>>> from functools import partial
>>> from keepfit.tables.batches import TableRows
>>> from keepfit.tables.passes import run_pass
>>> from keepfit.tables.sample import PickedPass
>>> table = pa.table({"x": [1, 2, 3]})
>>> look = MappedPass(PickedPass(table.schema, (0, 2)), partial(pa.Table.rename_columns, names=["x"]))
>>> run_pass(TableRows(table), look).table["x"].to_pylist()
[1, 3]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic

import pyarrow as pa

from keepfit.tables.passes import RowPass, State, TallyPass, is_done


@dataclass(frozen=True)
class MappedPass(Generic[State]):
    """The pass `look`, of which each batch comes by `change`, a function that can be pickled.

    `read` are the columns that are read for it (None: those of `look`), `shift` how many rows of the table lie before the rows that run it. `changes` are the
    columns that may come changed (None: all): how often each text of another occurs can still be counted apart from the rows (`TallyPass`).
    """

    look: RowPass[State]
    change: Callable[[pa.Table], pa.Table]
    read: tuple[str, ...] | None = None
    shift: int = 0
    changes: frozenset[str] | None = None

    @property
    def columns(self) -> Sequence[str]:
        """What is read."""
        return self.look.columns if self.read is None else self.read

    def start(self, first_row: int) -> State:
        """Return the state of the pass below where the part starts in the whole table."""
        return self.look.start(first_row + self.shift)

    def add(self, state: State, batch: pa.Table) -> State:
        """Take in the changed batch."""
        return self.look.add(state, self.change(batch))

    def join(self, before: State, after: State) -> State:
        """Join as the pass below does."""
        return self.look.join(before, after)

    def done(self, state: State) -> bool:
        """Whether the pass below is."""
        return is_done(self.look, state)

    @property
    def by_value(self) -> Sequence[str]:
        """Those of the pass below that come as they are stored."""
        return [name for name in self.look.by_value if name not in self.changes] if self.changes is not None and isinstance(self.look, TallyPass) else []

    def without(self, columns: Sequence[str]) -> MappedPass[State]:
        """Run the pass below without them."""
        return replace(self, look=self.look.without(columns)) if isinstance(self.look, TallyPass) else self

    def with_tallies(self, state: State, found: Mapping[str, Mapping[str | None, int]]) -> State:
        """Return the state of all columns of the pass below."""
        return self.look.with_tallies(state, found) if isinstance(self.look, TallyPass) else state


@dataclass(frozen=True)
class CountedPass(Generic[State]):
    """The pass `look` and how many rows it saw: where in the table the next rows stand."""

    look: RowPass[State]

    @property
    def columns(self) -> Sequence[str]:
        """What the pass below looks at."""
        return self.look.columns

    def start(self, first_row: int) -> tuple[int, State]:
        """Return no rows."""
        return 0, self.look.start(first_row)

    def add(self, state: tuple[int, State], batch: pa.Table) -> tuple[int, State]:
        """Count a batch, too."""
        return state[0] + batch.num_rows, self.look.add(state[1], batch)

    def join(self, before: tuple[int, State], after: tuple[int, State]) -> tuple[int, State]:
        """Return both parts' rows."""
        return before[0] + after[0], self.look.join(before[1], after[1])

    def done(self, state: tuple[int, State]) -> bool:
        """Whether the pass below is."""
        return is_done(self.look, state[1])
