"""Tables that an engine holds are compared where they are, in the same numbers."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

import keepfit
from keepfit.errors import DataError, UnknownNameError


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frames")
    for seed, name in enumerate(("before", "now")):
        rng = np.random.default_rng(seed)
        parquet.write_table(pa.table({"x": rng.normal(seed, 1, 500), "c": rng.choice(["a", "b"], 500)}), folder / f"{name}.parquet")
    return folder / "before.parquet", folder / "now.parquet"


def numbers(found):
    return {key: value for key, value in found.to_dict().items() if key not in ("reference", "current")}


def test_paths_are_read_by_the_engine_that_is_asked_for_and_what_auto_took_is_a_remark(files):
    here = keepfit.compare(*files)
    by_duckdb, auto = keepfit.compare(*files, engine="duckdb"), keepfit.compare(*map(str, files), engine="auto")
    assert here.to_dict() == by_duckdb.to_dict() == auto.to_dict()
    assert (here.remarks, by_duckdb.remarks) == ((), ())
    assert [line.partition(" (")[0] for line in auto.remarks] == ["reference: engine local", "current: engine local"]
    relation = duckdb.connect().read_parquet(str(files[1]))
    assert numbers(keepfit.compare(files[0], relation, engine="duckdb")) == numbers(here)


def test_an_engine_that_is_none_and_a_name_that_no_path_has_are_one_sentence(files):
    with pytest.raises(UnknownNameError, match="no engine 'duck'"):
        keepfit.compare(*files, engine="duck")
    with pytest.raises(DataError) as refused:
        keepfit.compare("lake.flights", files[1])
    assert refused.value.fix == "check the path; a table of that name is read by Spark: engine='spark'"


@pytest.mark.spark
def test_a_spark_frame_stays_in_spark(spark, files):
    frame = spark.read.parquet(str(files[1])).selectExpr("*", "make_dt_interval(1) as d")
    found = keepfit.compare(files[0], frame, columns=["x", "c"])
    assert numbers(found) == numbers(keepfit.compare(*files))
    assert (len(found.remarks), found.remarks[0].startswith("current: "), "'d'" in found.remarks[0]) == (1, True, True)
    with pytest.raises(DataError, match="current is a stream, which has no end"):
        keepfit.compare(files[0], spark.readStream.format("rate").load())
