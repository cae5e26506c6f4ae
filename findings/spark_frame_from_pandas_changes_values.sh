#!/usr/bin/env bash
# One expects createDataFrame(pandas_frame) to hold the frame's values, or to say that it cannot: with Arrow on and with Arrow off.
# A uint64 beyond int64 becomes NULL, and a text that is missing becomes the text 'nan': without an error or a warning, in the setting that Spark starts with.
# Hurt: hashes and ids of 64 bits without sign are gone, and a missing category is one more category, which `isNull` does not find.
# Needs a Java runtime (17 or later) beside Python.
set -eu
java -version >/dev/null 2>&1 || { echo "no Java runtime: apt-get install openjdk-17-jre-headless"; exit 1; }
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet pyspark==4.3.0 pyarrow==25.0.1 pandas==3.1.1 >/dev/null
SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON="$home/venv/bin/python" "$home/venv/bin/python" - 2>/dev/null <<'PY'
import sys
import pandas as pd
import pyspark
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
frame = pd.DataFrame({"hash": pd.Series([2**64 - 1, 7], dtype="uint64"), "city": ["Oslo", None]})
print("pyspark", pyspark.__version__, "pandas", pd.__version__, dict(frame.dtypes.astype(str)))
print("in pandas:", frame.values.tolist(), "missing:", int(frame["city"].isna().sum()))
found = {}
for arrow in ("default", "true", "false"):
    if arrow != "default":
        spark.conf.set("spark.sql.execution.arrow.pyspark.enabled", arrow)
    try:
        there = spark.createDataFrame(frame)
        found[arrow] = [tuple(row) for row in there.collect()], there.where("city IS NULL").count()
    except Exception as bad:
        found[arrow] = type(bad).__name__
    print("in Spark, Arrow", arrow + ":", found[arrow])
sys.exit(0 if found["default"] == ([(None, "Oslo"), (7, "nan")], 0) else 1)
PY
