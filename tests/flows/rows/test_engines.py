"""A table is opened by an engine: by this process what it has always read."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from keepfit.errors import DataError
from keepfit.flows.rows.engines import open_rows

X = np.random.default_rng(0).normal(size=300)


def folder(path):
    for month in ("01", "02"):
        (path / f"m={month}").mkdir(parents=True)
        parquet.write_table(pa.table({"x": X, "c": ["a", "b", None] * 100}), path / f"m={month}" / "part.parquet")
    return path


@pytest.mark.parametrize("engine", ["local", "auto"])
def test_files_and_folders_are_read_in_this_process(tmp_path, engine):
    parquet.write_table(pa.table({"x": X}), tmp_path / "a.parquet")
    csv.write_csv(pa.table({"x": X}), tmp_path / "a.csv")
    for path in (tmp_path / "a.parquet", tmp_path / "a.csv", str(tmp_path / "a.csv")):
        opened = open_rows(path, engine=engine, where="REF")
        assert (opened.engine, opened.rows.schema.names, opened.remarks) == ("local", ["x"], ())
        np.testing.assert_array_equal(np.concatenate([batch["x"].to_numpy() for batch in opened.rows.batches(["x"])]), X)
    assert open_rows(folder(tmp_path / "months"), engine=engine, where="REF").rows.schema.names == ["x", "c", "m"]


def test_what_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(DataError, match=r"no file a\.parquet"):
        open_rows(tmp_path / "a.parquet", engine="local", where="REF")
