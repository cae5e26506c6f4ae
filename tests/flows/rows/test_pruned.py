from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.flows.rows.engines import local_rows, open_rows
from keepfit.flows.rows.pruned import Pruning
from keepfit.tables.period_rows import Clock, PeriodRows

HOURS = pa.array([datetime(2013, 1, 1) + timedelta(hours=hour) for hour in range(24 * 60)], pa.timestamp("us"))
WEEK = (datetime(2013, 2, 10), datetime(2013, 2, 17))
WITH_SLACK = (7 + 2 * 2) * 24


@pytest.fixture
def lake(tmp_path):
    """Sixty days in two files, a row group a day; the order of days is none."""
    table = pa.table({"t": HOURS, "x": pa.array(range(24 * 60))})
    for number, days in enumerate((range(0, 60, 2), range(1, 60, 2))):
        with parquet.ParquetWriter(tmp_path / f"{number}.parquet", table.schema) as out:
            for day in days:
                out.write_table(table.slice(24 * day, 24))
    return tmp_path


@pytest.mark.parametrize("engine", ["local", "duckdb"])
def test_only_row_groups_that_may_have_rows_of_the_period_are_read(lake, engine):
    rows = open_rows(lake, engine=engine, where="a test").rows
    near = Pruning("t", *WEEK).of(rows)
    assert (near.rows_at_most, near.schema) == (WITH_SLACK, rows.schema)
    found = [value for batch in PeriodRows(near, Clock("t"), *WEEK).batches(["x"]) for value in batch["x"].to_pylist()]
    assert sorted(found) == list(range(24 * 40, 24 * 47))


def test_a_file_and_an_open_period(lake):
    rows = local_rows(lake / "0.parquet")
    assert Pruning("t", None, datetime(2013, 1, 1)).of(rows).rows_at_most == 24
    assert Pruning("t", datetime(2014, 1, 1), None).of(rows).rows_at_most == 0
    assert list(Pruning("t", datetime(2014, 1, 1), None).of(rows).batches(["x"])) == []
    assert Pruning("t", None, None).of(rows) is rows


def test_what_a_footer_does_not_tell_is_read(lake):
    untold = parquet.read_table(lake / "0.parquet")
    parquet.write_table(untold, lake / "0.parquet", write_statistics=False)
    assert Pruning("t", *WEEK).of(local_rows(lake / "0.parquet")).rows_at_most == untold.num_rows
    parquet.write_table(untold.set_column(0, "t", untold["t"].cast(pa.string())), lake / "0.parquet")
    assert Pruning("t", *WEEK).of(local_rows(lake / "0.parquet")).rows_at_most == untold.num_rows
