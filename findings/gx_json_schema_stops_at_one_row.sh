#!/usr/bin/env bash
# One expects a row that is no JSON to fail a JSON schema, like any row that breaks it, and `mostly` to allow for some.
# One such row in a hundred makes expect_column_values_to_match_json_schema raise for the whole column: no counts, no rows, and `mostly: 0.5` changes nothing.
# Hurt: whoever watches payloads by schema; the row that is most wrong takes the answer about all others with it.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet great-expectations==1.24.1 pandas==3.1.1 >/dev/null
export GX_ANALYTICS_ENABLED=false
"$home/venv/bin/python" - 2>/dev/null <<'PY'
import logging, sys
import great_expectations as gx, pandas as pd
logging.disable(logging.CRITICAL)
print("great_expectations", gx.__version__)

def judged(last):
    frame = pd.DataFrame({"j": ['{"a": 1}'] * 99 + [last]})
    batch = gx.get_context(mode="ephemeral").data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b").get_batch({"dataframe": frame})
    kwargs = {"column": "j", "json_schema": {"type": "object", "required": ["a"]}, "mostly": 0.5}
    (found,) = batch.validate(gx.ExpectationSuite(name="s", expectations=[{"type": "expect_column_values_to_match_json_schema", "kwargs": kwargs}])).results
    return bool(found.success), found.result.get("unexpected_count")

wrong, broken = judged('{"b": 1}'), judged('{"a": 1')
print("one row breaks the schema:", wrong)
print("one row is no JSON:       ", broken)
sys.exit(0 if wrong == (True, 1) and broken == (False, None) else 1)
PY
