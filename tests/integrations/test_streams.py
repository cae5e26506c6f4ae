"""Files in batches: the same rows and types as read whole, and any trouble is one sentence or a reason to read whole."""

import gzip
from datetime import datetime

import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from keepfit.errors import DataError
from keepfit.integrations import streams
from keepfit.integrations.streams import CsvRows, ParquetRows, TypesChange, is_streamed
from keepfit.integrations.tables import read_table

N = 5_000
TABLE = pa.table({"x": [float(i) if i % 7 else None for i in range(N)], "a.b": [f"é{i % 9}" if i % 5 else None for i in range(N)], "n": list(range(N))})


@pytest.fixture
def path(tmp_path):
    parquet.write_table(TABLE, tmp_path / "a.parquet", row_group_size=700)
    return tmp_path / "a.parquet"


def test_parquet_comes_in_batches_across_row_groups_with_texts_as_dictionaries(path, monkeypatch):
    monkeypatch.setattr("keepfit.tables.batches.BATCH_ROWS", 512)
    rows = ParquetRows(path)
    batches = list(rows.batches(["a.b", "x"]))
    assert (rows.rows_at_most, rows.schema, max(batch.num_rows for batch in batches)) == (N, TABLE.schema, 512)
    assert [value for batch in batches for value in batch["a.b"].to_pylist()] == TABLE["a.b"].to_pylist()
    assert pa.types.is_dictionary(batches[0].schema.field("a.b").type)


@pytest.mark.parametrize("keep", [0, 3, 100, -3])
def test_a_truncated_file_is_one_sentence(path, keep):
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"a\.parquet is not readable Parquet: .*\n?.*dvc pull"):
        ParquetRows(path)


def test_a_file_damaged_within_is_one_sentence(path):
    content = bytearray(path.read_bytes())
    content[10:2_000] = b"\xff" * 1_990
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.parquet is not readable Parquet"):
        list(ParquetRows(path).batches(["x"]))


def test_no_columns_still_say_how_many_rows(path):
    assert sum(batch.num_rows for batch in ParquetRows(path).batches([])) == N


def test_a_column_with_a_dot_is_no_field_of_a_record(tmp_path):
    parquet.write_table(pa.table({"a.b": [1.0], "a": [{"b": 2}]}), tmp_path / "a.parquet")
    (batch,) = ParquetRows(tmp_path / "a.parquet").batches(["a.b"])
    assert batch.to_pydict() == {"a.b": [1.0]}


def test_times_as_spark_writes_them_are_read_beyond_the_end_of_nanoseconds(tmp_path):
    times = pa.table({"t": pa.array([datetime(9999, 12, 31), None, datetime(2013, 2, 1, 6, 0, 0, 1)], pa.timestamp("us"))})
    parquet.write_table(times, tmp_path / "a.parquet", use_deprecated_int96_timestamps=True)
    rows = ParquetRows(tmp_path / "a.parquet")
    assert (rows.schema, pa.concat_tables(rows.batches(["t"]))) == (times.schema, times)


@pytest.mark.parametrize("zipped", [False, True])
def test_csv_comes_in_blocks_with_the_types_it_has_read_whole(tmp_path, zipped, monkeypatch):
    content = b"\xef\xbb\xbfx,c\n" + b"".join(b'%d,"a, \xc3\xa9\n%d"\n' % (i, i) for i in range(N))
    path = tmp_path / ("a.csv.gz" if zipped else "a.csv")
    path.write_bytes(gzip.compress(content) if zipped else content)
    monkeypatch.setattr(streams, "BLOCK", 4096)
    rows, whole = CsvRows(path), read_table(path)
    batches = list(rows.batches(["c", "x"]))
    assert rows.schema == whole.schema
    assert len(batches) > 5
    assert pa.concat_tables(batches) == whole.select(["c", "x"])
    assert rows.rows_at_most >= N


@pytest.mark.parametrize(
    "first", ["", "1", "true", "2013-01-01", "01:00:00", "2013-01-01 00:00:00", "2013-01-01T00:00:00Z", "2013-01-01T00:00:00.5", "1.5", "a"]
)
@pytest.mark.parametrize("later", ["2", "false", "2013-01-02", "02:00:00", "2013-01-01 00:00:00.5", "2013-01-01T00:00:00.5Z", "2.5", "b", "ä, ö"])
def test_what_does_not_fit_the_first_block_gets_the_type_it_has_read_whole(tmp_path, first, later, monkeypatch):
    monkeypatch.setattr(streams, "BLOCK", 4096)
    path = tmp_path / "a.csv"
    path.write_text("c,x,y\n" + f"v,{first},1\n" * N + f'v,"{later}",1.5\n', encoding="utf-8")
    rows, whole = CsvRows(path), read_table(path)
    with pytest.raises(TypesChange):
        list(rows.batches(["y", "c"]))
    settled = rows.settled()
    assert settled.schema == whole.schema
    assert pa.concat_tables(settled.batches(["x", "y", "c"])) == whole.select(["x", "y", "c"])


def test_a_type_that_changes_beside_an_index_without_a_name_is_the_right_columns(tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "BLOCK", 4096)
    path = tmp_path / "a.csv"
    path.write_text(",x,c,y\n" + "".join(f"{i},1,v,2,\n" for i in range(N)) + f"{N},1.5,v,word,\n")
    assert read_table(path).schema == CsvRows(path).settled().schema == pa.schema([("x", pa.float64()), ("c", pa.string()), ("y", pa.string())])


@pytest.mark.parametrize(
    ("end", "says"), [(b"1\n", "not readable CSV"), (b"1,\xff\n", "not text in UTF-8"), (b"1,\x00\n", "NUL bytes"), (b"1,\xc3", "not text in UTF-8")]
)
def test_what_is_no_csv_is_one_sentence_without_reading_it_whole(tmp_path, end, says, monkeypatch):
    monkeypatch.setattr(streams, "BLOCK", 4096)
    path = tmp_path / "a.csv"
    path.write_bytes(b"x,c\n" + b"1,a\n" * N + end)
    with pytest.raises(DataError, match=says):
        list(CsvRows(path).batches(["x", "c"]))


def test_small_csv_files_are_not_streamed(tmp_path, path, monkeypatch):
    (tmp_path / "a.csv").write_text("x\n1\n")
    assert (is_streamed(tmp_path / "a.csv"), is_streamed(path), is_streamed(tmp_path / "gone.parquet")) == (False, True, False)
    monkeypatch.setattr(streams, "CSV_AT_ONCE", 2)
    assert is_streamed(tmp_path / "a.csv")


def test_a_column_that_is_there_twice_is_named(tmp_path):
    parquet.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"]), tmp_path / "a.parquet")
    with pytest.raises(DataError, match="'x' is there twice"):
        ParquetRows(tmp_path / "a.parquet")


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
@pytest.mark.parametrize("when", ["between two passes", "within one"])
def test_a_file_that_is_replaced_is_noticed_and_never_mixed(tmp_path, suffix, when, monkeypatch):
    monkeypatch.setattr(streams, "BLOCK", 4096)
    monkeypatch.setattr("keepfit.tables.batches.BATCH_ROWS", 512)
    path, other = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    for target, table in ((path, TABLE), (other, TABLE.slice(7))):
        parquet.write_table(table, target) if suffix == "parquet" else csv.write_csv(table, target)
    rows = ParquetRows(path) if suffix == "parquet" else CsvRows(path)
    seen = rows.batches(["x", "n"])
    if when == "within one":
        next(seen)
    other.replace(path)
    with pytest.raises(DataError, match=rf"a\.{suffix} changed while it was read"):
        list(seen)
