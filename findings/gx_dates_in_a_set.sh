#!/usr/bin/env bash
# One expects of a column of times and a set of ISO dates, as a suite's JSON can only write them, that "in the set" and "not in the set" are opposites.
# Both fail on every row: no time equals a text, yet the second finds all of them. With a time zone it is the other way round: none is in the set, and
# "not in the set" passes. Hurt: whoever forbids dates (holidays, a day of broken sensors) or lists the only ones allowed; the first is never met,
# the second is met by data that holds the forbidden days.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet great-expectations==1.24.1 pandas==3.1.1 >/dev/null
export GX_ANALYTICS_ENABLED=false
"$home/venv/bin/python" - 2>/dev/null <<'PY'
import logging, sys
import great_expectations as gx, pandas as pd
logging.disable(logging.CRITICAL)
days = pd.date_range("2024-01-01", periods=5)
listed = [str(day.date()) for day in days]
print("great_expectations", gx.__version__)

def judged(column):
    batch = gx.get_context(mode="ephemeral").data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b").get_batch({"dataframe": pd.DataFrame({"t": column})})
    kinds = "expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set"
    suite = gx.ExpectationSuite(name="s", expectations=[{"type": kind, "kwargs": {"column": "t", "value_set": listed}} for kind in kinds])
    return {one.expectation_config.type: (bool(one.success), one.result["unexpected_count"]) for one in batch.validate(suite).results}

plain, zoned = judged(days), judged(days.tz_localize("UTC"))
print("times without a zone:", plain)
print("times with a zone:   ", zoned)
both = {"expect_column_values_to_be_in_set": (False, 5), "expect_column_values_to_not_be_in_set": (False, 5)}
second = {"expect_column_values_to_be_in_set": (False, 5), "expect_column_values_to_not_be_in_set": (True, 0)}
sys.exit(0 if (plain, zoned) == (both, second) else 1)
PY
