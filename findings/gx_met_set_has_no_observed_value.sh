#!/usr/bin/env bash
# One expects an aggregate to say what it observed, above all where it passes: observed_value is the evidence that something was looked at.
# expect_column_distinct_values_to_be_in_set answers observed_value None when it passes, and the very same (success, None, nothing unexpected)
# for a column in which every value is missing. Hurt: whoever takes an answer without evidence for no answer, or a pass for a look at data.
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

def judged(values):
    batch = gx.get_context(mode="ephemeral").data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b").get_batch({"dataframe": pd.DataFrame({"k": values}, dtype=object)})
    suite = gx.ExpectationSuite(name="s", expectations=[{"type": "expect_column_distinct_values_to_be_in_set", "kwargs": {"column": "k", "value_set": ["a", "b"]}}])
    (found,) = batch.validate(suite).results
    return bool(found.success), dict(found.result)

met, missing = judged(["a", "b", "a"]), judged([None, None, None])
print("a, b, a:    ", met)
print("all missing:", missing)
sys.exit(0 if met == missing and met[0] and met[1]["observed_value"] is None else 1)
PY
