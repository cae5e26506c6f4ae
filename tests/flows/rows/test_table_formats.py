"""A folder whose log says which files count is no folder of files: it is refused, as reading all files would bring back deleted rows."""

import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.errors import DataError
from keepfit.flows.compare import compare_files
from keepfit.flows.rows.folders import table_files
from keepfit.flows.rows.table_formats import table_format

LOGS = {"Delta": "_delta_log/00000000000000000000.json", "Iceberg": "metadata/00000-3f2a.metadata.json", "Hudi": ".hoodie/hoodie.properties"}


def table_of(folder, log=None):
    for month in ("01", "02"):
        (folder / f"m={month}").mkdir(parents=True)
        parquet.write_table(pa.table({"x": range(200)}), folder / f"m={month}" / "part-0.parquet")
    if log is not None:
        (folder / log).parent.mkdir()
        (folder / log).write_text("{}")
    return folder


@pytest.mark.parametrize("kind", LOGS)
def test_a_table_with_a_log_is_known_by_it_and_so_are_its_partitions(tmp_path, kind):
    folder = table_of(tmp_path / "flights", LOGS[kind])
    assert [table_format(one) for one in (folder, folder / "m=01")] == [kind, kind]


@pytest.mark.parametrize("kind", LOGS)
def test_its_files_are_not_read_as_if_they_were_all_there_is(tmp_path, kind):
    folder = table_of(tmp_path / "flights", LOGS[kind])
    for read in (table_files, lambda path: compare_files(path, path)):
        with pytest.raises(DataError, match=f"flights is a table of {kind}: its log says which of its files count") as refused:
            read(folder)
        assert "by the engine spark" in str(refused.value)


def test_a_folder_of_files_is_read_as_before_whatever_its_folders_are_called(tmp_path):
    folder = table_of(tmp_path / "flights", "metadata/notes.json")
    assert table_format(folder) is None
    assert [file.name for file in table_files(folder)] == ["m=01/part-0.parquet", "m=02/part-0.parquet"]
