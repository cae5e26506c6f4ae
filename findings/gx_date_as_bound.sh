#!/usr/bin/env bash
# One expects a date as the bound of a column of times to bound it: "2024-01-01" is what a suite's JSON can hold, and the kwargs are declared to take dates.
# The text becomes a date, a pandas time is not compared with a date, and the expectation raises, whatever the data; "2024-01-01T00:00:00" works.
# Hurt: suites that bound times by days; validated with catch_exceptions they are "failed" for every table, also a right one.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet great-expectations==1.24.1 pandas==3.1.1 >/dev/null
export GX_ANALYTICS_ENABLED=false
"$home/venv/bin/python" - 2>/dev/null <<'PY'
import logging, sys
import great_expectations as gx, pandas as pd
logging.disable(logging.CRITICAL)
frame = pd.DataFrame({"t": pd.date_range("2024-01-02", periods=5)})
print("great_expectations", gx.__version__)

def judged(low):
    batch = gx.get_context(mode="ephemeral").data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name="s", expectations=[{"type": "expect_column_values_to_be_between", "kwargs": {"column": "t", "min_value": low}}])
    (found,) = batch.validate(suite).results
    raised = [one["exception_message"] for one in [found.exception_info, *found.exception_info.values()] if isinstance(one, dict) and one.get("raised_exception")]
    return bool(found.success), bool(raised), "".join(raised)[:90]

date, time = judged("2024-01-01"), judged("2024-01-01T00:00:00")
print("2024-01-01:         ", date)
print("2024-01-01T00:00:00:", time)
sys.exit(0 if date[:2] == (False, True) and time[:2] == (True, False) else 1)
PY
