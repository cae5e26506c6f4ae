from dataclasses import dataclass

import pyarrow as pa
import pytest

from keepfit.tables.batches import SlicedRows
from keepfit.tables.passes import run_part, run_pass


@dataclass(frozen=True)
class FirstRows:
    """The number of the first row of each part, and the sum of all values."""

    columns: tuple[str, ...] = ("x",)

    def start(self, first_row):
        return ([first_row], 0)

    def add(self, state, batch):
        return (state[0], state[1] + sum(batch["x"].to_pylist()))

    def join(self, before, after):
        return (before[0] + after[0], before[1] + after[1])


class TwoParts:
    """Rows that run a pass themselves, in two parts."""

    def __init__(self, table):
        self.table = table

    def run(self, look):
        half = self.table.num_rows // 2
        parts = [look.add(look.start(first), self.table.slice(first, size)) for first, size in ((0, half), (half, self.table.num_rows - half))]
        return look.join(*parts)


def test_rows_are_read_here_in_their_order():
    table = pa.table({"x": range(70_000), "y": range(70_000)})
    assert run_pass(SlicedRows(table), FirstRows()) == ([0], sum(range(70_000)))


def test_rows_that_run_a_pass_themselves_are_not_read_here():
    assert run_pass(TwoParts(pa.table({"x": range(5)})), FirstRows()) == ([0, 2], 10)


def test_of_no_rows_the_state_is_the_first_one():
    assert run_pass(SlicedRows(pa.table({"x": pa.array([], pa.int64())})), FirstRows()) == ([0], 0)


@dataclass(frozen=True)
class FirstFew(FirstRows):
    """The sum of the table's values until it is above 10."""

    def done(self, state):
        return state[1] > 10


def test_a_pass_that_is_done_reads_no_further():
    read = []

    def batches():
        for start in range(0, 100, 5):
            read.append(start)
            yield pa.table({"x": range(start, start + 5)})

    assert run_part(FirstFew(), batches) == ([0], 45)
    assert read == [0, 5]


def test_a_pass_that_is_done_before_it_starts_opens_nothing():
    class Done(FirstRows):
        def done(self, state):
            return True

    assert run_part(Done(), lambda: pytest.fail("the part was opened"), first_row=7) == ([7], 0)
