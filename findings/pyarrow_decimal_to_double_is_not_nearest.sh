#!/usr/bin/env bash
# One expects a decimal cast to a double to be the double that is nearest, as float(Decimal) in Python, a CSV reader and DuckDB have it: 0.35 becomes 0.35.
# Arrow multiplies the digits by a power of ten that is rounded itself: 0.35 becomes 0.35000000000000003, and so do 14 % of all amounts of two digits.
# Hurt: whoever joins, groups or cuts into bins prices of which one side is DECIMAL and the other double: equal amounts differ, and lie in two bins.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet pyarrow==25.0.1 duckdb==2.0.1 >/dev/null
"$home/venv/bin/python" - <<'PY'
import sys
from decimal import Decimal
import duckdb
import pyarrow as pa

prices = [Decimal(cents) / 100 for cents in range(100_000)]
nearest = [float(price) for price in prices]
table = pa.table({"price": pa.array(prices, pa.decimal128(20, 2))})
arrow = table["price"].cast(pa.float64()).to_pylist()
duck = [one for (one,) in duckdb.from_arrow(table).project("price::DOUBLE").fetchall()]
odd = sum(one != other for one, other in zip(arrow, nearest))
print("pyarrow", pa.__version__, "duckdb", duckdb.__version__)
print("0.35 by Arrow, DuckDB and Python:", arrow[35], duck[35], nearest[35])
print(f"not the nearest double: {odd} of {len(prices)} by Arrow, {sum(one != other for one, other in zip(duck, nearest))} by DuckDB")
sys.exit(0 if arrow[35] == 0.35000000000000003 and duck == nearest and odd == 13929 else 1)
PY
