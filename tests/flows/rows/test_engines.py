"""A table is opened by an engine: whatever reads it, the comparison's record is the same, and what is no table for it is one sentence."""

import json
import shutil
import sys

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet
from tests.flows.rows.test_table_formats import LOGS

from keepfit.errors import DataError, ProjectError
from keepfit.flows.compare import CompareAsked, compare_files, json_text
from keepfit.flows.rows import engine_choice
from keepfit.flows.rows.engines import open_rows

ALL = CompareAsked(pairs=True, slices=True, rows=["mmd"])


def lake(path, *, seed):
    """Two months in two files each: numbers with gaps, a number that is whole in the first file only, texts, and numbers as text."""
    rng = np.random.default_rng(seed)
    for month in ("01", "02"):
        (path / f"m={month}").mkdir(parents=True)
        for part in range(2):
            x = rng.normal(seed / 4, 1, 300)
            whole = rng.integers(0, 50, 300)
            table = {
                "x": pa.array(np.where(rng.random(300) < 0.1, np.nan, x)),
                "n": pa.array(whole, pa.int32()) if month == "01" else pa.array(whole + 0.5),
                "c": pa.array(rng.choice(["a", "b", "c "], 300)),
                "price": pa.array([f"${value:.2f}" for value in np.abs(x)]),
            }
            parquet.write_table(pa.table(table), path / f"m={month}" / f"part-{part}.parquet", row_group_size=100)
    return path


@pytest.fixture(scope="module")
def lakes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lakes")
    return lake(folder / "reference", seed=0), lake(folder / "current", seed=1)


@pytest.fixture(scope="module")
def by_local(lakes):
    return json.loads(json_text(compare_files(*lakes, ALL)))


@pytest.mark.parametrize("engine", ["local", "auto"])
def test_files_and_folders_are_read_in_this_process(tmp_path, lakes, engine):
    x = np.random.default_rng(0).normal(size=300)
    parquet.write_table(pa.table({"x": x}), tmp_path / "a.parquet")
    csv.write_csv(pa.table({"x": x}), tmp_path / "a.csv")
    for path in (tmp_path / "a.parquet", tmp_path / "a.csv", str(tmp_path / "a.csv")):
        opened = open_rows(path, engine=engine, where="REF")
        assert (opened.engine, opened.rows.schema.names, opened.remarks) == ("local", ["x"], ())
        np.testing.assert_array_equal(np.concatenate([batch["x"].to_numpy() for batch in opened.rows.batches(["x"])]), x)
    assert open_rows(lakes[0], engine=engine, where="REF").rows.schema.names == ["x", "n", "c", "price", "m"]


def test_by_duckdb_the_record_is_the_same_on_both_sides_or_on_one(lakes, by_local):
    assert by_local["verdict"] == "drift"
    assert json.loads(json_text(compare_files(*lakes, ALL, engine="duckdb"))) == by_local
    one = lakes[0] / "m=01" / "part-0.parquet"
    by_both = [json_text(compare_files(one, lakes[1], CompareAsked(columns=["x", "c"]), engine=engine)) for engine in ("local", "duckdb")]
    assert by_both[0] == by_both[1]


# -- what auto chooses --------------------------------------------------------------------------------------------------


def test_auto_goes_by_bytes_and_by_what_is_there(tmp_path, lakes, monkeypatch):
    (tmp_path / "a.csv").write_text("x\n1\n")
    said = []
    compare_files(tmp_path / "a.csv", tmp_path / "a.csv", engine="auto", say=said.append)
    assert said == ["engine: local (both: CSV of 4 bytes)"]
    monkeypatch.setattr(engine_choice, "LARGE", 1)
    monkeypatch.setattr(engine_choice, "session_is_active", lambda: False)
    engine, why = engine_choice.choose_engine(lakes[0])
    assert (engine, why.partition(" of ")[0]) == ("duckdb", "Parquet")
    monkeypatch.setattr(engine_choice, "find_spec", lambda _: None)
    engine, why = engine_choice.choose_engine(lakes[0])
    assert (engine, why.rpartition("; ")[2]) == ("local", "DuckDB is not installed")
    monkeypatch.setattr(engine_choice, "cores", lambda: 1)
    assert engine_choice.choose_engine(lakes[0])[1].endswith("; one core")


def test_auto_takes_spark_for_what_only_spark_reads(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for kind, log in LOGS.items():
        (tmp_path / kind / log).parent.mkdir(parents=True)
        (tmp_path / kind / log).write_text("{}")
        assert engine_choice.choose_engine(kind) == ("spark", f"a table of {kind}, which only Spark reads")
    for name in ("lake.flights", "prod.lake.flights", "delta.`s3://bucket/flights`"):
        assert engine_choice.choose_engine(name) == ("spark", "a table's name, which only Spark reads")
    for lost in ("flights", "flights.parquet", "lake/flights", "s3://bucket/flights"):  # no JVM is started for a slip of the keyboard
        assert engine_choice.choose_engine(lost)[0] == "local"


# -- what is no table for it --------------------------------------------------------------------------------------------


def test_what_is_not_there_is_one_sentence_by_every_engine_and_a_name_leads_to_spark(tmp_path):
    for engine in ("local", "duckdb", "spark", "auto"):
        with pytest.raises(DataError, match=r"no file a\.parquet"):
            open_rows(tmp_path / "a.parquet", engine=engine, where="REF")
    for engine in ("local", "duckdb"):
        with pytest.raises(DataError, match=r"no file lake\.flights") as refused:
            open_rows("lake.flights", engine=engine, where="REF")
        assert refused.value.fix == "check the path; a table of that name is read by Spark: --engine spark"


def test_csv_stays_with_this_process(tmp_path, lakes):
    (tmp_path / "a.csv").write_text("x\n1\n")
    mixed = shutil.copytree(lakes[0], tmp_path / "mixed")
    (mixed / "more.csv").write_text("x\n1\n")
    for path, engine, said in (
        (tmp_path / "a.csv", "duckdb", r"a\.csv holds no Parquet file, which is what DuckDB reads"),
        (tmp_path / "a.csv", "spark", r"a\.csv is not Parquet, which is what Spark's workers read of files"),
        (mixed, "spark", r"more\.csv is not Parquet"),
    ):
        with pytest.raises(DataError, match=said) as refused:
            open_rows(path, engine=engine, where="REF")
        assert "by the engine local" in refused.value.fix


@pytest.mark.parametrize("kind", LOGS)
def test_a_table_with_a_log_is_refused_by_who_reads_files(tmp_path, kind):
    (tmp_path / LOGS[kind]).parent.mkdir()
    (tmp_path / LOGS[kind]).write_text("{}")
    for engine in ("local", "duckdb", *(["spark"] if kind != "Delta" else [])):
        with pytest.raises(DataError, match=f"a table of {kind}: its log says which of its files count"):
            open_rows(tmp_path, engine=engine, where="REF")


def test_an_engine_that_is_not_installed_is_named_with_its_extra(lakes, monkeypatch):
    for engine, module in (("duckdb", "duckdb"), ("spark", "pyspark")):
        for name in [name for name in sys.modules if name.partition(".")[0] == module]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(ProjectError, match=r"(DuckDB|PySpark) is not installed") as missing:
            compare_files(*lakes, engine=engine)
        assert f"pip install 'keepfit[{engine}]'" in missing.value.fix


# -- Spark --------------------------------------------------------------------------------------------------------------


@pytest.mark.spark
def test_by_spark_the_record_is_the_same_of_files_and_of_tables(spark, lakes, by_local, monkeypatch):
    assert json.loads(json_text(compare_files(*lakes, ALL, engine="spark"))) == by_local
    spark.read.schema("x double, n double, c string, price string, m string").parquet(str(lakes[1])).createOrReplaceGlobalTempView("now")
    said = []
    record = without_sums(json.loads(json_text(compare_files(lakes[0], "global_temp.now", engine="auto", say=said.append))))
    assert record == {**without_sums(json.loads(json_text(compare_files(*lakes)))), "current": "global_temp.now"}
    assert len(said) == 1
    assert said[0].startswith("engine: local for REF (Parquet of ")
    assert said[0].endswith(", spark for CUR (a table's name, which only Spark reads)")
    monkeypatch.setattr(engine_choice, "LARGE", 1)
    assert open_rows(lakes[0], engine="auto", where="REF").why.endswith(", and a Spark session is active")


@pytest.mark.spark
def test_what_spark_does_not_know_is_one_sentence(spark, tmp_path):
    assert spark.version
    for name in ("lake.flights", "prod.lake.flights"):
        with pytest.raises(DataError, match=f"Spark knows no table {name}"):
            open_rows(name, engine="spark", where="REF")
    (tmp_path / LOGS["Delta"]).parent.mkdir()
    (tmp_path / LOGS["Delta"]).write_text("{}")
    for source in (tmp_path, f"delta.`{tmp_path}`"):
        with pytest.raises(DataError, match="or has no reader of its format") as refused:
            open_rows(source, engine="spark", where="REF")
        assert "io.delta:delta-spark_2.13" in refused.value.fix


def without_sums(record):
    """The record but for sums of values, whose last digit goes by the order in which they were added."""
    if isinstance(record, dict):
        return {key: without_sums(value) for key, value in record.items() if key not in ("total", "total_squared", "mean", "std")}
    return [without_sums(one) for one in record] if isinstance(record, list) else record
