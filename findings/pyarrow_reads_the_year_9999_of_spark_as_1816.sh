#!/usr/bin/env bash
# One expects a time that Spark wrote to Parquet to be read back, also 9999-12-31, which says "valid until further notice" in every other warehouse.
# Spark writes times as INT96 (still its default); pyarrow and pandas read those as nanoseconds, which end in 2262, and wrap without a word: 1816-03-29.
# Hurt: whoever reads such a table outside Spark: what is valid for ever ended 200 years ago. coerce_int96_timestamp_unit="us" reads it right.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet pyarrow==25.0.1 pandas==3.1.1 >/dev/null
"$home/venv/bin/python" - "$home" <<'PY'
import sys
from datetime import datetime
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

path = f"{sys.argv[1]}/valid.parquet"  # the bytes that Spark writes for TIMESTAMP '9999-12-31'
parquet.write_table(pa.table({"until": [datetime(9999, 12, 31)]}), path, use_deprecated_int96_timestamps=True)
print("pyarrow", pa.__version__, "pandas", pd.__version__, "stored as", parquet.ParquetFile(path).schema.column(0).physical_type)
default = parquet.read_table(path)["until"].cast(pa.timestamp("us"), safe=False)[0].as_py()
frame = pd.read_parquet(path)["until"][0]
right = parquet.read_table(path, coerce_int96_timestamp_unit="us")["until"][0].as_py()
print("pyarrow:", default, "| pandas:", frame, '| coerce_int96_timestamp_unit="us":', right)
sys.exit(0 if default.year == frame.year == 1816 and right == datetime(9999, 12, 31) else 1)
PY
