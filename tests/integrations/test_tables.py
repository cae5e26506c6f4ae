from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.errors import DataError, UnknownNameError
from keepfit.integrations.tables import columns_of, read_columns, read_table, write_parquet


def write(path, content: bytes):
    path.write_bytes(content)
    return path


def test_a_csv_is_read_with_types_inferred_from_all_of_it(tmp_path):
    lines = ["x,t"] + ["1,2013-01-01T00:00:00"] * 300_000 + ["1.5,2013-01-01T00:00:01"]
    table = read_table(write(tmp_path / "a.csv", "\n".join(lines).encode()))
    assert table["x"].type == pa.float64()
    assert table["t"].type == pa.timestamp("s")


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    assert read_table(write(tmp_path / "a.csv", b"\xef\xbb\xbfx,y\n1,2\n")).column_names == ["x", "y"]


def test_quotes_keep_a_text_that_looks_like_a_missing_value(tmp_path):
    table = read_table(write(tmp_path / "a.csv", b'land,x\n"NA",1\nNA,2\nDE,3\n'))
    assert table["land"].to_pylist() == ["NA", None, "DE"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"x,y\n1,2\n3\n", "not readable CSV"),
        ("a.csv", b"x,\n1,2\n", "a column has no name"),
        ("a.csv", b"x,x\n1,2\n", "'x' is there twice"),
        ("a.csv", b"x,y\n1,\x00\n", "NUL"),
        ("a.csv", "x,y\n1,2\n".encode("utf-16"), "UTF-8"),
        ("a.csv", b"x,y\n1,\xff\xfe\xfa\n", "UTF-8"),
        ("a.csv.gz", b"x,y\n1,2\n", "cannot be read"),
        ("a.parquet", b"x,y\n1,2\n", "not readable Parquet"),
        ("a.xlsx", b"", "neither CSV nor Parquet"),
    ],
)
def test_an_unusable_file_is_one_sentence_that_names_it(tmp_path, name, content, says):
    with pytest.raises(DataError, match=says) as caught:
        read_table(write(tmp_path / name, content))
    assert name in str(caught.value)
    assert "fix:" in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"no file a\.csv"):
        read_table(tmp_path / "a.csv")


def test_the_same_table_gives_the_same_bytes_whatever_metadata_it_carries(tmp_path):
    table = pa.table({"x": [1, 2], "y": ["a", None]})
    write_parquet(table, tmp_path / "a.parquet")
    write_parquet(table.replace_schema_metadata({"made": "by another"}), tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.parquet"]


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    write_parquet(pa.table({"x": [1]}), tmp_path / "a.parquet")
    before = (tmp_path / "a.parquet").read_bytes()
    with pytest.raises(AttributeError):
        write_parquet("no table", tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_columns_of_a_parquet_file_are_read_in_the_order_asked_and_a_missing_one_is_named(tmp_path):
    write_parquet(pa.table({"x": [1], "t": [2], "id": ["a"]}), tmp_path / "rows.parquet")
    assert read_columns(tmp_path / "rows.parquet", ["id", "t"]).to_pydict() == {"id": ["a"], "t": [2]}
    with pytest.raises(UnknownNameError, match="'time'"):
        read_columns(tmp_path / "rows.parquet", ["time"])
    (tmp_path / "rows.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"rows\.parquet is not readable Parquet"):
        read_columns(tmp_path / "rows.parquet", ["t"])


def test_the_columns_of_a_parquet_file_are_told_without_its_rows(tmp_path):
    write_parquet(pa.table({"b": [1], "a": ["x"]}), tmp_path / "rows.parquet")
    assert columns_of(tmp_path / "rows.parquet") == ("b", "a")
    (tmp_path / "broken.parquet").write_bytes(b"no")
    with pytest.raises(DataError, match="not readable Parquet"):
        columns_of(tmp_path / "broken.parquet")
