"""Files cut into pieces: read one by one they are the table, and each piece knows its place in it."""

import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.errors import DataError
from keepfit.flows.rows.folders import table_files
from keepfit.integrations.parquet_pieces import parquet_pieces
from keepfit.integrations.streams import ParquetRows


@pytest.fixture
def folder(tmp_path):
    """Four files in two partitions, one of them in seven row groups, one without rows."""
    for name, start, stop, group in (("m=2/a", 1000, 1010, 100), ("m=1/b", 50, 750, 100), ("m=1/c", 750, 750, 100), ("m=1/a", 0, 50, 100)):
        path = tmp_path / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        parquet.write_table(pa.table({"x": pa.array(range(start, stop), pa.int64()), "t": ["é"] * (stop - start)}), path, row_group_size=group)
    return tmp_path


def test_the_pieces_of_a_folder_are_its_rows_each_in_its_place(folder):
    pieces = parquet_pieces([(file.path, file.parts) for file in table_files(folder)], cells=500)
    read = [[x for batch in ParquetRows(folder / piece.path, piece.groups).batches(["x"]) for x in batch["x"].to_pylist()] for piece in pieces]
    assert [x for rows in read for x in rows] == [*range(750), *range(1000, 1010)]
    assert [piece.rows for piece in pieces] == [50, 300, 300, 100, 10] == [len(rows) for rows in read]
    assert [piece.first_row for piece in pieces] == [0, 50, 350, 650, 750]
    assert [piece.groups for piece in pieces] == [None, (0, 1, 2), (3, 4, 5), (6,), None]
    assert [piece.parts for piece in pieces] == [{"m": "1"}] * 4 + [{"m": "2"}]
    stat = (folder / "m=1/b.parquet").stat()
    assert {(piece.size, piece.changed_ns) for piece in pieces if piece.path.endswith("b.parquet")} == {(stat.st_size, stat.st_mtime_ns)}


def test_some_row_groups_say_how_many_rows_they_are(folder):
    rows = ParquetRows(folder / "m=1/b.parquet", (6, 0))
    assert rows.rows_at_most == 200 == sum(batch.num_rows for batch in rows.batches(["t"]))
    assert ParquetRows(folder / "m=1/b.parquet", ()).rows_at_most == 0
    assert not list(ParquetRows(folder / "m=1/b.parquet", ()).batches(["x"]))


def test_a_file_that_is_no_parquet_is_one_sentence(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"no")
    with pytest.raises(DataError, match=r"a\.parquet is not readable Parquet: .*"):
        parquet_pieces([(tmp_path / "a.parquet", {})])
