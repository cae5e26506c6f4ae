import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.errors import DataError
from keepfit.flows.rows.duckdb_files import duckdb_rows
from keepfit.flows.rows.engines import local_rows, open_rows


def test_a_table_is_opened_by_duckdb_and_has_the_columns_that_it_has_here(tmp_path):
    (tmp_path / "m=01").mkdir()
    parquet.write_table(pa.table({"x": [1.0], "d": pa.array([1], pa.duration("s"))}), tmp_path / "m=01" / "a.parquet")
    opened = open_rows(tmp_path, engine="duckdb", where="REF")
    assert (opened.engine, opened.rows.schema) == ("duckdb", local_rows(tmp_path).schema)
    assert opened.remarks == ("DuckDB has no exact reading of 1 of the columns, which are read in this process: 'd'",)


def test_csv_alone_is_not_for_duckdb(tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n")
    for path in (tmp_path, tmp_path / "a.csv"):
        with pytest.raises(DataError, match=f"^{path.name} holds no Parquet file") as raised:
            duckdb_rows(path, local_rows(path), where="CUR")
        assert (raised.value.where, raised.value.fix) == ("CUR", "read it by the engine local")
