from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from keepfit.errors import UnknownNameError
from keepfit.tables.batches import SlicedRows, TableRows
from keepfit.tables.passes import run_pass
from keepfit.tables.period_rows import Clock, PeriodRows

HOURS = [datetime(2013, 1, 31) + timedelta(hours=hour) for hour in range(48)]
DAY = (datetime(2013, 2, 1), datetime(2013, 2, 2))


@dataclass(frozen=True)
class Values:
    """All values that a pass is handed, and the columns of its batches."""

    columns: tuple[str, ...] = ("x",)

    def start(self, first_row):
        return ()

    def add(self, state, batch):
        assert tuple(batch.column_names) == self.columns
        return (*state, *batch["x"].to_pylist())

    def join(self, before, after):
        return before + after


@dataclass(frozen=True)
class Pruned(TableRows):
    """Rows of an engine that leaves out what cannot lie in a period, and remembers what it was asked."""

    asked: list = field(default_factory=list)

    def limited(self, time, start, end):
        self.asked.append((time, start, end))
        return TableRows(self.table.slice(12))


@pytest.fixture
def table():
    return pa.table({"t": pa.array(HOURS, pa.timestamp("us")), "x": range(48)})


def test_a_pass_sees_the_rows_of_the_period_alone(table):
    assert run_pass(PeriodRows(SlicedRows(table), Clock("t"), *DAY), Values()) == tuple(range(24, 48))
    assert run_pass(PeriodRows(SlicedRows(table), Clock("t"), None, DAY[0]), Values()) == tuple(range(24))
    assert run_pass(PeriodRows(SlicedRows(table), Clock("t")), Values()) == tuple(range(48))


def test_batches_are_of_the_columns_that_are_asked_for(table):
    (batch,) = PeriodRows(TableRows(table), Clock("t"), *DAY).batches(["x"])
    assert batch.column_names == ["x"]
    assert batch["x"].to_pylist() == list(range(24, 48))


def test_days_are_on_the_clock_of_the_timezone(table):
    zoned = table.set_column(0, "t", table["t"].cast(pa.timestamp("us", "UTC")))
    in_tokyo = run_pass(PeriodRows(TableRows(zoned), Clock("t", "Asia/Tokyo"), *DAY), Values())
    assert in_tokyo == tuple(range(15, 39)), "midnight there is 15 o'clock of the day before"


@pytest.mark.parametrize("write", [lambda time: time.isoformat(), lambda time: int((time - datetime(1970, 1, 1)).total_seconds())])
def test_times_are_read_in_any_storage(table, write):
    stored = table.set_column(0, "t", pa.array([write(time) for time in HOURS]))
    assert run_pass(PeriodRows(TableRows(stored), Clock("t"), *DAY), Values()) == tuple(range(24, 48))


def test_a_row_that_says_no_time_lies_in_no_period(table):
    missing = table.set_column(0, "t", pa.array([None, *HOURS[1:]], pa.timestamp("us")))
    assert run_pass(PeriodRows(TableRows(missing), Clock("t")), Values()) == tuple(range(1, 48))


def test_an_engine_is_asked_for_what_may_lie_in_it(table):
    rows = Pruned(table)
    assert run_pass(PeriodRows(rows, Clock("t"), *DAY), Values()) == tuple(range(24, 48))
    assert rows.asked == [("t", *DAY)]
    assert run_pass(PeriodRows(rows, Clock("t")), Values()) == tuple(range(48))
    assert len(rows.asked) == 1, "all rows are no period"
    run_pass(PeriodRows(rows, Clock("t", "Asia/Tokyo"), *DAY), Values())
    assert rows.asked[-1] == ("t", datetime(2013, 1, 31), datetime(2013, 2, 3)), "an engine's times are UTC"


def test_a_table_without_the_column_is_refused_by_name(table):
    with pytest.raises(UnknownNameError, match="no column 'time'"):
        PeriodRows(TableRows(table), Clock("time"))
