"""A pass over a table: what is asked of its rows once, in batches, wherever they are.

An engine runs a pass over parts of the table, each from its first row on, and joins the states in the order of the parts. So the same counting
function runs in this process, behind DuckDB's reader and in Spark's workers, and gives the same counts: that a state does not depend on where the
rows were cut is what each pass promises.

>>> from dataclasses import dataclass
>>> from keepfit.tables.batches import TableRows
>>> @dataclass(frozen=True)
... class CountRows:
...     columns: tuple[str, ...] = ()
...     def start(self, first_row): return 0
...     def add(self, state, batch): return state + batch.num_rows
...     def join(self, before, after): return before + after
>>> run_pass(TableRows(pa.table({"x": [1, 2, 3]})), CountRows(("x",)))
3
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar, runtime_checkable

import pyarrow as pa

from keepfit.tables.batches import Rows

State = TypeVar("State")


class RowPass(Protocol[State]):
    """What is asked of rows: a value that can be pickled, and so can its states. States are never changed after they were returned or joined.

    A pass may have a method `done(state) -> bool`: whether no later row of the table can change the result; then the rest of the part is not read. Without it
    all rows are. Parts may run at once, so a later part is asked for its own state.
    """

    @property
    def columns(self) -> Sequence[str]:
        """The columns that it looks at: every batch has them, in this order, and no others."""

    def start(self, first_row: int) -> State:
        """Return the state before the first batch of a part; `first_row` is how many rows of the table lie before the part."""

    def add(self, state: State, batch: pa.Table) -> State:
        """Return the state with a batch taken in; batches of a part come in its order. May change and return `state` itself."""

    def join(self, before: State, after: State) -> State:
        """Return the state of two neighbouring parts, the earlier one first."""


@runtime_checkable
class TallyPass(RowPass[State], Protocol[State]):
    """A pass that asks of some columns only how often each text occurs: an engine that groups can count these in place of giving their rows."""

    @property
    def by_value(self) -> Sequence[str]:
        """Those of its columns of which it needs no more than how often each text occurs, whatever the order."""

    def without(self, columns: Sequence[str]) -> RowPass[State]:
        """Return the same pass without a look at some of the columns `by_value`: its batches do not have them."""

    def with_tallies(self, state: State, found: Mapping[str, Mapping[str | None, int]]) -> State:
        """Return the state of all columns: that of `without(found)` over all rows, and how many of them have each text in these (NULL: None)."""


@runtime_checkable
class PassingRows(Protocol):
    """Rows that run a pass where they are (a cluster, a database), in place of being read here."""

    def run(self, look: RowPass[State]) -> State:
        """Run the pass over all rows; of none, its `start(0)`."""


def run_pass(rows: Rows, look: RowPass[State]) -> State:
    """Run a pass over all rows: where they are if they can (`PassingRows`), else batch by batch here."""
    if isinstance(rows, PassingRows):
        return rows.run(look)
    return run_part(look, lambda: rows.batches(look.columns))


def run_part(look: RowPass[State], batches: Callable[[], Iterable[pa.Table]], *, first_row: int = 0) -> State:
    """Run a pass over one part of a table, which starts at `first_row`; `batches` is called only if the part must be read."""
    state = look.start(first_row)
    if is_done(look, state):
        return state
    for batch in batches():
        state = look.add(state, batch)
        if is_done(look, state):
            break
    return state


def is_done(look: RowPass[State], state: State) -> bool:
    """Whether no later row can change the result; of a pass without `done`, never."""
    done: Callable[[State], bool] | None = getattr(look, "done", None)
    return done is not None and done(state)
