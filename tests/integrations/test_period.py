"""Rows of a period from a Parquet file: only the row groups that may have some are read, and what is known of the others."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.errors import DataError
from keepfit.integrations.tables.period import AskedRows, read_period

DAYS = [datetime(2013, 1 + month, 10) for month in range(6) for _ in range(2)]
ROWS = pa.table({"id": range(12), "t": DAYS, "y": [float(n) for n in range(12)]})


def asked(start=datetime(2013, 3, 1), end=datetime(2013, 4, 1), *, id_="id", words=("y",)):
    return AskedRows(time="t", start=start, end=end, id=id_, words=words)


def written(folder, rows=ROWS, **options):
    path = folder / "rows.parquet"
    parquet.write_table(rows, path, row_group_size=2, **options)
    return path


def test_only_the_row_groups_of_the_period_are_read_and_the_rest_is_known_by_the_footer(tmp_path):
    found = read_period(written(tmp_path), asked())
    assert found.table["id"].to_pylist() == [4, 5]
    assert (found.rows, found.span) == (12, (DAYS[0], DAYS[-1]))
    assert found.unread.to_pylist() == [0, 1, 2, 3, 6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize("stored", [pa.timestamp("ms", "UTC"), pa.timestamp("ns"), pa.date32()])
def test_times_with_a_zone_and_dates_are_known_too_with_two_days_of_grace(tmp_path, stored):
    rows = ROWS.set_column(1, "t", ROWS["t"].cast(stored))
    near = asked(datetime(2013, 3, 12), datetime(2013, 4, 9))
    assert read_period(written(tmp_path, rows), near).table["id"].to_pylist() == [4, 5, 6, 7]
    assert read_period(tmp_path / "rows.parquet", asked()).span == (DAYS[0], DAYS[-1])


def test_a_period_that_is_open_takes_what_comes_before_or_after(tmp_path):
    path = written(tmp_path)
    assert read_period(path, asked(None, datetime(2013, 2, 1))).table["id"].to_pylist() == [0, 1]
    assert read_period(path, asked(datetime(2013, 6, 1), None, id_=None)).unread is None
    assert read_period(path, asked(datetime(2020, 1, 1), None)).table.num_rows == 0
    whole = read_period(path, asked(None, None))
    assert (whole.table.num_rows, whole.rows, whole.unread) == (12, None, None)


@pytest.mark.parametrize(
    "rows",
    [
        ROWS.set_column(1, "t", pa.array([day.isoformat() for day in DAYS])),
        ROWS.set_column(1, "t", pa.array([None, *DAYS[1:]])),
        ROWS.set_column(2, "y", pa.array([str(n) for n in range(12)])),
        ROWS.set_column(2, "y", pa.array([str(n) for n in range(12)]).dictionary_encode()),
        ROWS.drop_columns(["id"]),
        ROWS.slice(0, 0),
    ],
    ids=["times that are text", "a row without a time", "a target that is text", "a target that is words", "no id", "no rows"],
)
def test_what_the_footer_does_not_tell_is_read_whole(tmp_path, rows):
    found = read_period(written(tmp_path, rows), asked())
    assert (found.table.num_rows, found.rows) == (rows.num_rows, None)


def test_a_file_without_statistics_or_that_is_no_parquet_is_read_as_before(tmp_path):
    assert read_period(written(tmp_path, write_statistics=False), asked()).table.num_rows == 12
    (tmp_path / "rows.csv").write_text("t,y\n2013-01-01,1\n")
    assert read_period(tmp_path / "rows.csv", asked()).table.num_rows == 1
    (tmp_path / "rows.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match=r"rows\.parquet is not readable Parquet"):
        read_period(tmp_path / "rows.parquet", asked())
