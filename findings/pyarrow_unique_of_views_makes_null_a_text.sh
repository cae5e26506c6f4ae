#!/usr/bin/env bash
# One expects NULL to stay NULL among the distinct values of a column, as it does for string and large_string.
# For string_view (what Polars, DuckDB and Velox hand over) unique and value_counts answer the empty text in its place; dictionary_encode keeps NULL.
# Hurt: whoever counts categories or missing values by value_counts: missing becomes a category '', and merges with real empty texts.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet pyarrow==25.0.1 >/dev/null
"$home/venv/bin/python" - <<'PY'
import sys
import pyarrow as pa
import pyarrow.compute as pc

found = {str(type_): pa.array(["a", None], type_) for type_ in (pa.string(), pa.large_string(), pa.string_view())}
print("pyarrow", pa.__version__)
for name, values in found.items():
    print(f"{name:13}", pc.unique(values).to_pylist(), pc.value_counts(values).field("values").to_pylist(), values.dictionary_encode().to_pylist())
view = found["string_view"]
plain = all(pc.unique(found[name]).to_pylist() == ["a", None] for name in ("string", "large_string"))
sys.exit(0 if plain and pc.unique(view).to_pylist() == ["a", ""] and view.dictionary_encode().to_pylist() == ["a", None] else 1)
PY
