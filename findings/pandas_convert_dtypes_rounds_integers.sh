#!/usr/bin/env bash
# One expects convert_dtypes to find a type for whole numbers with a gap without changing one: that is what Int64 is for, and its answer is Int64.
# A column of Python integers above 2^53 goes by way of floats as soon as one value is missing: 9007199254740993 becomes 9007199254740992. Without a gap it stays.
# Hurt: ids and codes of 17 to 19 digits (customers, tweets, snowflakes) as categories or keys: neighbours become one, in the windows that have a gap only.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet pandas==3.1.1 numpy==2.4.6 >/dev/null
"$home/venv/bin/python" - <<'PY'
import sys
import pandas as pd

number = 2**53 + 1
gap, whole = (pd.Series([number, other], dtype=object).convert_dtypes() for other in (None, 7))
print("pandas", pd.__version__)
print("with a gap:   ", gap.dtype, gap.tolist())
print("without a gap:", whole.dtype, whole.tolist())
sys.exit(0 if (str(gap.dtype), gap[0], whole[0]) == ("Int64", number - 1, number) else 1)
PY
