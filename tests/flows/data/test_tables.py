"""Two plain tables: CSV and Parquet, folders and partitions, whatever stores them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.errors import DataError
from keepfit.flows.data.tables import TableColumns, diff_files
from keepfit.integrations import streams

BY_ID = TableColumns(key=("id",))


def put(path: Path, **columns: list[object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table(columns), path)
    return path


def test_whole_numbers_before_fractions_are_not_rounded(tmp_path):
    put(tmp_path / "folder" / "1.parquet", id=[1], x=[1])
    put(tmp_path / "folder" / "2.parquet", id=[2], x=[2.5])
    whole = put(tmp_path / "whole.parquet", id=[1, 2], x=[1.0, 2.5])
    assert not diff_files(whole, tmp_path / "folder", BY_ID).differs


def test_a_column_that_begins_in_a_later_file_is_nothing_before(tmp_path):
    put(tmp_path / "folder" / "1.parquet", id=[1])
    put(tmp_path / "folder" / "2.parquet", id=[2], x=[2.5])
    whole = put(tmp_path / "whole.parquet", id=[1, 2], x=[None, 2.5])
    assert not diff_files(whole, tmp_path / "folder", BY_ID).differs


def test_a_partition_is_a_column(tmp_path):
    put(tmp_path / "folder" / "m=01" / "part.parquet", id=[1])
    put(tmp_path / "folder" / "m=02" / "part.parquet", id=[2])
    whole = put(tmp_path / "whole.parquet", id=[1, 2], m=["01", "03"])
    found = diff_files(whole, tmp_path / "folder", BY_ID)
    assert [(one.name, one.rows) for one in found.columns] == [("m", 1)]


def test_a_large_csv_file_whose_types_change_on_the_way_is_read_once_more(tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "CSV_AT_ONCE", 100)
    monkeypatch.setattr(streams, "BLOCK", 1 << 10)
    rows = 2_000
    values = [str(n) if n < rows - 1 else "2.5" for n in range(rows)]
    (tmp_path / "long.csv").write_text("id,x\n" + "".join(f"{n},{value}\n" for n, value in enumerate(values)))
    whole = put(tmp_path / "whole.parquet", id=list(range(rows)), x=[float(value) for value in values])
    assert not diff_files(whole, tmp_path / "long.csv", BY_ID).differs


def test_odd_names_are_columns_like_any_other(tmp_path):
    names = ["a.b", 'say "x"', "it's", "select", "ü", "[1]", "{0}"]
    before = put(tmp_path / "before[1]*.parquet", id=[1], **{name: [1] for name in names})
    now = put(tmp_path / "it's now.parquet", id=[1], **{name: [2] for name in names})
    found = diff_files(before, now, BY_ID)
    assert (found.changed, sorted(one.name for one in found.columns)) == (1, sorted(names))


def test_a_folder_without_tables_is_one_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="the folder empty holds no table"):
        diff_files(tmp_path / "empty", tmp_path / "empty", BY_ID)


def test_two_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    before, now = put(tmp_path / "a" / "x.parquet", id=[1]), put(tmp_path / "b" / "x.parquet", id=[2])
    found = diff_files(before, now, BY_ID)
    assert (found.before, found.now) == (str(before), str(now))


def test_tables_without_a_column_in_common_are_no_two_states_of_one(tmp_path):
    before, now = put(tmp_path / "a.parquet", x=[1]), put(tmp_path / "b.parquet", y=[1])
    with pytest.raises(DataError, match=r"the tables share no column \(a.parquet, b.parquet\)"):
        diff_files(before, now, TableColumns())


def test_a_file_that_is_no_parquet_is_named(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"not Parquet at all")
    with pytest.raises(DataError, match=r"bad.parquet is not readable Parquet") as bad:
        diff_files(tmp_path / "bad.parquet", put(tmp_path / "b.parquet", y=[1]), TableColumns())
    assert bad.value.where == str(tmp_path / "bad.parquet")
