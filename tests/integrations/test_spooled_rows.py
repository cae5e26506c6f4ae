"""A stream that is given once can be read again, column by column, in the order in which it came."""

from __future__ import annotations

import errno
import tempfile

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.integrations import spooled_rows
from keepfit.integrations.spooled_rows import SpooledRows, spooled

QUERY = """select i, i / 7 as x, random() as r, chr((65 + i % 3)::int) as c, ['low', 'high'][1 + i % 2]::enum('low', 'high') as e, null as n
    from range(200000) t(i)"""


def stream():
    return duckdb.connect().sql(QUERY).to_arrow_reader(1 << 16)


def test_few_rows_stay_in_memory():
    table = spooled(stream(), side="reference", in_memory=1 << 30)
    assert isinstance(table, pa.Table)
    assert (table.num_rows, table.column_names) == (200_000, ["i", "x", "r", "c", "e", "n"])


def test_many_rows_are_the_same_each_time_they_are_read_whatever_the_columns():
    rows = spooled(stream(), side="reference", in_memory=1 << 20)
    assert isinstance(rows, SpooledRows)
    assert (rows.rows_at_most, rows.schema.names, rows.schema.field("e").type.value_type) == (200_000, ["i", "x", "r", "c", "e", "n"], pa.string())
    first, second = (pa.concat_tables(rows.batches(["r", "i"])) for _ in range(2))
    assert first.column_names == ["r", "i"]
    assert first.equals(second)  # a query with random() would give others
    np.testing.assert_array_equal(first["i"].to_numpy(), np.arange(200_000))
    texts = pa.concat_tables(rows.batches(["e", "c"]))
    assert [texts["e"].to_pylist()[:4], texts["c"].to_pylist()[:4]] == [["low", "high", "low", "high"], ["A", "B", "C", "A"]]


def test_two_readers_at_once_do_not_disturb_each_other():
    rows = spooled(stream(), side="reference", in_memory=1 << 20)
    assert all(one["i"].equals(two["i"]) for one, two in zip(rows.batches(["i"]), rows.batches(["i", "x"]), strict=True))


def test_nothing_is_left_in_the_folder_for_temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    rows = spooled(stream(), side="reference", in_memory=1 << 20)
    assert (rows.rows_at_most, list(tmp_path.iterdir())) == (200_000, [])


def test_a_full_disk_is_one_sentence(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spooled_rows, "_written", full)
    with pytest.raises(DataError, match="the disk is full: current is kept there to be read again"):
        spooled(stream(), side="current", in_memory=1)
