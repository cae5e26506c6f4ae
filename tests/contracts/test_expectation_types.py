"""Every expectation type that Great Expectations ships, found by asking it: judged right on a table that meets it and on one that does not, or refused.

The table in docs/expectations.md says the same.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import ExpectationError
from keepfit.expect.suites import ROW_TYPES, UNSUPPORTED
from keepfit.integrations.gx_suites import Roles, known_types, validate_suite

DOCS = Path(__file__).parents[2] / "docs" / "expectations.md"
N = 60
DAYS = pd.date_range("2024-01-01", periods=N)
EVEN, NUMBERS = np.arange(N) % 2 == 0, np.arange(N, dtype=float)

GOOD = pd.DataFrame(
    {
        "row_id": [f"r{place:03d}" for place in range(N)],
        "kind": np.where(EVEN, "a", "b"),
        "mostly_a": ["a"] * 50 + ["b"] * 10,
        "x": np.linspace(0, 1, N),
        "n": NUMBERS,
        "same": NUMBERS,
        "more": NUMBERS + 1,
        "rest": 100 - NUMBERS,
        "empty": pd.Series([None] * N, dtype=object),
        "full": 1.0,
        "time": DAYS,
        "day": DAYS.strftime("%Y-%m-%d"),
        "json": '{"a": 1}',
        "here": 1,
    }
)
BAD = pd.DataFrame(
    {
        "row_id": [f"r{place:03d}" for place in range(N)],
        "kind": np.where(EVEN, "a", "zz"),
        "mostly_a": ["z"] * 50 + ["b"] * 10,
        "x": np.where(EVEN, "many", "words"),
        "n": [10_000.0, *NUMBERS[1:]],
        "same": 7.0,
        "more": [10_000.0, *NUMBERS[1:]],
        "rest": NUMBERS,
        "empty": "value",
        "full": [None] * 5 + [1.0] * (N - 5),
        "time": DAYS - pd.Timedelta(days=9000),
        "day": "no day",
        "json": '{"b": 1}',
        "one": 1,
        "two": 2,
    }
).iloc[:-1]
WORSE = BAD.assign(x=np.linspace(5, 50, N - 1) ** 2, json="{")  # for what is counted of numbers, and for what is no JSON
COLUMNS = list(GOOD.columns)


def between(column, low, high):
    return {"column": column, "min_value": low, "max_value": high}


CASES = {
    "expect_column_distinct_values_to_be_in_set": {"column": "kind", "value_set": ["a", "b", "c"]},
    "expect_column_distinct_values_to_contain_set": {"column": "kind", "value_set": ["a", "b"]},
    "expect_column_distinct_values_to_equal_set": {"column": "kind", "value_set": ["a", "b"]},
    "expect_column_kl_divergence_to_be_less_than": {"column": "kind", "partition_object": {"values": ["a", "b"], "weights": [0.5, 0.5]}, "threshold": 0.1},
    "expect_column_max_to_be_between": between("time", "2024-01-31", "2024-12-31T23:59:59"),
    "expect_column_mean_to_be_between": between("x", 0, 1),
    "expect_column_median_to_be_between": between("x", 0, 1),
    "expect_column_min_to_be_between": between("time", "2024-01-01", None),
    "expect_column_most_common_value_to_be_in_set": {"column": "mostly_a", "value_set": ["a"]},
    "expect_column_pair_values_a_to_be_greater_than_b": {"column_A": "more", "column_B": "n"},
    "expect_column_pair_values_to_be_equal": {"column_A": "n", "column_B": "same"},
    "expect_column_pair_values_to_be_in_set": {"column_A": "kind", "column_B": "kind", "value_pairs_set": [["a", "a"], ["b", "b"]]},
    "expect_column_proportion_of_non_null_values_to_be_between": between("empty", 0, 0.5),
    "expect_column_proportion_of_unique_values_to_be_between": between("same", 0.9, 1),
    "expect_column_quantile_values_to_be_between": {
        "column": "x",
        "quantile_ranges": {"quantiles": [0.25, 0.5], "value_ranges": [[0, 0.5], [0.2, None]]},
    },
    "expect_column_stdev_to_be_between": between("x", 0, 1),
    "expect_column_sum_to_be_between": between("x", 0, 100),
    "expect_column_to_exist": {"column": "here"},
    "expect_column_type_to_be": {"column": "empty", "type_": "object"},
    "expect_column_unique_value_count_to_be_between": between("same", 50, 70),
    "expect_column_value_lengths_to_be_between": between("kind", 1, 1),
    "expect_column_value_lengths_to_equal": {"column": "day", "value": 10},
    "expect_column_value_z_scores_to_be_less_than": {"column": "n", "threshold": 3, "double_sided": True},
    "expect_column_values_to_be_between": between("time", "2024-01-01", "2024-12-31"),
    "expect_column_values_to_be_dateutil_parseable": {"column": "day"},
    "expect_column_values_to_be_decreasing": {"column": "rest"},
    "expect_column_values_to_be_in_set": {"column": "time", "value_set": [day.isoformat() for day in DAYS]},
    "expect_column_values_to_be_in_type_list": {"column": "x", "type_list": ["float64", "int64"]},
    "expect_column_values_to_be_increasing": {"column": "same", "strictly": True},
    "expect_column_values_to_be_json_parseable": {"column": "json"},
    "expect_column_values_to_be_null": {"column": "empty"},
    "expect_column_values_to_be_of_type": {"column": "x", "type_": "float64"},
    "expect_column_values_to_be_unique": {"column": "same"},
    "expect_column_values_to_match_json_schema": {"column": "json", "json_schema": {"type": "object", "required": ["a"]}},
    "expect_column_values_to_match_regex": {"column": "kind", "regex": "^[ab]$"},
    "expect_column_values_to_match_regex_list": {"column": "kind", "regex_list": ["^a$", "^b$"]},
    "expect_column_values_to_match_strftime_format": {"column": "day", "strftime_format": "%Y-%m-%d"},
    "expect_column_values_to_not_be_in_set": {"column": "time", "value_set": [(day - pd.Timedelta(days=9000)).isoformat() for day in DAYS]},
    "expect_column_values_to_not_be_null": {"column": "full"},
    "expect_column_values_to_not_be_outliers": {"column": "n", "method": "iqr", "multiplier": 1.5},
    "expect_column_values_to_not_match_regex": {"column": "kind", "regex": "z"},
    "expect_column_values_to_not_match_regex_list": {"column": "kind", "regex_list": ["y", "z"]},
    "expect_compound_columns_to_be_unique": {"column_list": ["same", "full"]},
    "expect_multicolumn_sum_to_equal": {"column_list": ["n", "rest"], "sum_total": 100},
    "expect_multicolumn_values_to_be_equal": {"column_list": ["n", "same"]},
    "expect_select_column_values_to_be_unique_within_record": {"column_list": ["n", "more"]},
    "expect_table_column_count_to_be_between": {"min_value": 1, "max_value": len(COLUMNS)},
    "expect_table_column_count_to_equal": {"value": len(COLUMNS)},
    "expect_table_columns_to_match_ordered_list": {"column_list": COLUMNS},
    "expect_table_columns_to_match_set": {"column_set": COLUMNS},
    "expect_table_row_count_to_be_between": {"min_value": N, "max_value": None},
    "expect_table_row_count_to_equal": {"value": N},
}
"""What GOOD meets and the other does not."""
LIKE = {"column": "kind", "like_pattern": "a", "like_pattern_list": ["a"]}
QUERY = {"unexpected_rows_query": "SELECT 1", "other_table_name": "t", "base_query": "SELECT 1", "comparison_query": "SELECT 1"}
OF_ONE_TYPE = ("expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list")
OF_WORDS = (*OF_ONE_TYPE, "expect_column_values_to_match_json_schema")
NO_BOUND = {"column", "column_A", "column_B", "strictly", "method", "multiplier"}
"""Where it looks, and how: what is no bound. The `column_list` of a type of several columns is where it looks and is asked for all the same."""
KINDS = sorted(known_types() - set(UNSUPPORTED))


def suite(kinds, *, level="batch"):
    entries = [{"type": kind, "kwargs": CASES[kind], "severity": "critical", "meta": {"id": kind, "level": level}} for kind in kinds]
    return json.dumps({"name": "rows", "expectations": entries})


@functools.cache
def judged(which, level):
    """All types on one of the tables, in one run."""
    kinds = [kind for kind in KINDS if level == "batch" or kind.startswith(ROW_TYPES)]
    frames = {"meets": [(GOOD, kinds)], "does not": [(BAD, [one for one in kinds if one in OF_WORDS]), (WORSE, [one for one in kinds if one not in OF_WORDS])]}
    results = [validate_suite(suite(some, level=level), "rows", frame, window="w", min_rows=20, roles=Roles(id="row_id")) for frame, some in frames[which]]
    return (
        {outcome.expectation: outcome for result in results for outcome in result.outcomes},
        {kind: rows for result in results for kind, rows in result.unexpected_rows.items()},
    )


def test_every_type_is_either_judged_or_refused():
    assert set(KINDS) == set(CASES), "a type that the library gained or lost: give it a case, or name why it is refused"
    assert set(UNSUPPORTED) < known_types()


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_that_meets_it_passes_and_one_that_does_not_fails(kind):
    passed, failed = judged("meets", "batch")[0][kind], judged("does not", "batch")[0][kind]
    assert (passed.status, passed.detail) == ("pass", "")
    assert failed.status == "fail", failed.detail
    assert "None" not in (passed.observed, failed.observed)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith(ROW_TYPES)])
def test_by_row_the_failing_rows_are_named(kind):
    passed, (failed, rows) = judged("meets", "row")[0][kind], judged("does not", "row")
    assert passed.status == "pass"
    if kind in OF_ONE_TYPE and kind not in rows:
        assert failed[kind].status == "error", "a column of one type fails as a whole"
        assert "no row" in failed[kind].detail
    else:
        assert failed[kind].status == "fail"
        assert set(rows[kind]) <= set(BAD["row_id"])
        assert rows[kind]


@pytest.mark.parametrize("kind", sorted(UNSUPPORTED))
def test_what_needs_a_database_is_refused_with_what_to_use_instead(kind):
    entry = {"type": kind, "kwargs": LIKE if "like" in kind else QUERY, "severity": "critical", "meta": {"id": "a"}}
    with pytest.raises(ExpectationError, match="cannot be run on a table") as refused:
        validate_suite(json.dumps({"name": "rows", "expectations": [entry]}), "rows", GOOD, window="w", min_rows=20)
    assert "in a database only" in refused.value.fix


@pytest.mark.parametrize("kind", [kind for kind in KINDS if set(CASES[kind]) - NO_BOUND])
def test_a_type_whose_bounds_are_left_out_or_null_is_refused_as_everything_would_pass(kind):
    """The library takes a bound that is not there for none."""
    left = {key: value for key, value in CASES[kind].items() if key in NO_BOUND}
    for kwargs in (left, left | dict.fromkeys(set(CASES[kind]) - NO_BOUND)):
        entry = {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": {"id": "a"}}
        with pytest.raises(ExpectationError):
            validate_suite(json.dumps({"name": "rows", "expectations": [entry]}), "rows", GOOD, window="w", min_rows=20)


def test_the_docs_name_every_type_and_what_becomes_of_it():
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\w ]+) \|", DOCS.read_text(), re.M))
    expected = {kind: "row or batch" if kind.startswith(ROW_TYPES) else "batch" for kind in KINDS}
    assert rows == expected | dict.fromkeys(UNSUPPORTED, "refused")
