"""Files counted by Spark's workers: every row once, in its place, and whatever goes wrong there is one sentence here."""

import os
import sys
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.integrations.spark.looks import FailingLook, FirstBatch, LoadedModules, ValuesByRow

from keepfit.errors import DataError
from keepfit.integrations.parquet_pieces import parquet_pieces
from keepfit.integrations.spark import file_rows
from keepfit.integrations.spark.file_rows import SparkFileRows
from keepfit.integrations.streams import ParquetRows

pytestmark = pytest.mark.spark
TABLE = pa.table({"n": range(1000), "a.b": [f"é{i % 7}" if i % 5 else None for i in range(1000)]})


def read(piece):
    return ParquetRows(Path(piece.path), piece.groups)


def changed_meanwhile(piece, path):
    """Somebody writes the file again, with the same rows, while a worker is at it."""
    os.utime(path, ns=(1, 1))
    return read(piece)


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setattr(file_rows, "CELLS", 600)
    for name, start, stop in (("a", 0, 20), ("b", 20, 990), ("c", 990, 1000)):
        parquet.write_table(TABLE.slice(start, stop - start), tmp_path / f"{name}.parquet", row_group_size=100)
    return [tmp_path / f"{name}.parquet" for name in "abc"]


def rows_of(spark, files, read=read):
    return SparkFileRows(spark, parquet_pieces([(path, {}) for path in files], cells=600), TABLE.schema, read)


def test_each_row_is_read_once_in_the_order_of_the_table_and_a_part_knows_what_lies_before_it(spark, files):
    rows = rows_of(spark, files)
    found = rows.run(ValuesByRow(["a.b", "n"]))
    assert [values for _, _, part in found for values in part] == TABLE.select(["a.b", "n"]).to_pylist()
    assert [(first, many) for first, many, _ in found] == [(0, 320), (320, 300), (620, 300), (920, 80)]
    assert rows.rows_at_most == 1000
    assert rows.run(FirstBatch(["n"])) == 1
    assert pa.concat_tables(rows.batches(["n"])).column("n").to_pylist() == list(range(1000))
    assert rows_of(spark, []).run(ValuesByRow(["n"])) == [(0, 0, [])]


def test_workers_load_nothing_of_others_but_numpy_and_pyarrow(spark, files, monkeypatch):
    monkeypatch.setitem(spark.sparkContext.environment, "KEEPFIT_WORKERS", "new ones: those that are there have run other tests")
    found = rows_of(spark, files).run(LoadedModules())
    # not pandas: pyarrow imports it by itself, where there is one
    others = {"pydantic", "mlflow", "scipy", "sklearn", "yaml", "click", "rich", "duckdb", "cryptography", "sqlalchemy"}
    assert found & others == set()
    assert {"numpy", "pyarrow", "keepfit"} <= found
    assert "keepfit" in sys.modules


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("ours", r"^no such thing \(column n\)\n  fix: write it again$"),
        ("python", r"^a worker of Spark failed: ZeroDivisionError: division by zero \(.*b\.parquet\)$"),
        ("killed", r"^a worker of Spark died \(.*b\.parquet\)\n  fix: give a worker more memory"),
    ],
)
def test_a_failure_in_a_worker_is_one_sentence_and_the_session_goes_on(spark, files, how, sentence):
    with pytest.raises(DataError, match=sentence):
        rows_of(spark, files).run(FailingLook(how))
    assert spark.range(3).count() == 3


def test_a_file_that_is_replaced_or_missing_is_refused_before_or_after_it_was_read(spark, files):
    rows = rows_of(spark, files)
    meanwhile = rows_of(spark, files, partial(changed_meanwhile, path=files[2]))
    with pytest.raises(DataError, match=r"^c\.parquet was replaced while it was read"):
        meanwhile.run(ValuesByRow(["n"]))
    with pytest.raises(DataError, match=r"^c\.parquet was replaced while it was read"):
        rows.run(ValuesByRow(["n"]))
    files[2].unlink()
    with pytest.raises(DataError, match=r"^c\.parquet cannot be reached by a worker of Spark: No such file or directory .*\n  fix: put the files where"):
        rows.run(ValuesByRow(["n"]))
    with pytest.raises(DataError, match=r"^c\.parquet cannot be reached"):
        list(rows.batches(["n"]))
