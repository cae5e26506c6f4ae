#!/usr/bin/env bash
# One expects a filter to find the same rows whoever wrote the Parquet file: for Spark NaN is larger than any number, so `x > 5` finds NaN, and does on its own files.
# pyarrow and Polars leave NaN out of a row group's minimum and maximum, as the format's page says; Spark skips row groups by them: the NaN rows are lost.
# Hurt: whoever counts what lies above a limit, or `x = double('NaN')`, in Spark over files of pyarrow, pandas or Polars: rows are missing, without a word.
# `isnan(x)` finds them, as it is not compared with a minimum, and so does everything with spark.sql.parquet.filterPushdown=false.
# Needs a Java runtime (17 or later) beside Python.
set -eu
java -version >/dev/null 2>&1 || { echo "no Java runtime: apt-get install openjdk-17-jre-headless"; exit 1; }
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet pyspark==4.3.0 pyarrow==25.0.1 polars==2.1.0 >/dev/null
SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON="$home/venv/bin/python" "$home/venv/bin/python" - "$home" 2>/dev/null <<'PY'
import sys
import polars
import pyarrow as pa
import pyspark
from pyarrow import parquet
from pyspark.sql import SparkSession

home, values = sys.argv[1], [1.0, 2.0, float("nan"), float("nan")]
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
parquet.write_table(pa.table({"x": values}), f"{home}/pyarrow.parquet")
polars.DataFrame({"x": values}).write_parquet(f"{home}/polars.parquet")
spark.sql("SELECT explode(array(1D, 2D, double('NaN'), double('NaN'))) AS x").coalesce(1).write.parquet(f"{home}/spark.parquet")
print("pyspark", pyspark.__version__, "pyarrow", pa.__version__, "polars", polars.__version__)
filters = ("x > 5", "x = double('NaN')", "isnan(x)")
found = {}
for writer in ("spark", "pyarrow", "polars"):
    frame = spark.read.parquet(f"{home}/{writer}.parquet")
    found[writer] = [frame.where(one).count() for one in filters]
    print(f"written by {writer:8}", ", ".join(f"{one}: {rows}" for one, rows in zip(filters, found[writer])))
spark.conf.set("spark.sql.parquet.filterPushdown", "false")
kept = [spark.read.parquet(f"{home}/pyarrow.parquet").where(one).count() for one in filters]
print("written by pyarrow, spark.sql.parquet.filterPushdown=false:", kept)
sys.exit(0 if found["spark"] == kept == [2, 2, 2] and found["pyarrow"][:2] == found["polars"][:2] == [0, 0] else 1)
PY
