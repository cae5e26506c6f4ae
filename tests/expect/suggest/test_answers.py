"""What facts answer, Great Expectations answers too: each type that is suggested, on windows that meet it and on broken ones."""

from __future__ import annotations

import json

import pytest
from tests.expect.suggest import streams

from keepfit.expect.suggest.answers import answer, observed
from keepfit.expect.suggest.proposed import from_windows
from keepfit.integrations.gx_suites import validate_suite
from keepfit.tables.frames import to_frame

CHANGES = (None, streams.without_gap, streams.other_unit, streams.renamed, streams.stuck, streams.doubled, streams.cut)
BY_HAND = [
    {"type": "expect_column_to_exist", "kwargs": {"column": "x"}, "severity": "critical", "meta": {"id": "there"}},
    {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "x", "min_value": 20, "max_value": 90},
        "severity": "critical",
        "meta": {"id": "range"},
    },
    {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "of", "value_set": ["a", "b", "c"]}, "severity": "critical", "meta": {"id": "set"}},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: "as ever" if change is None else change.__name__)
def test_great_expectations_says_the_same(change):
    entries = [*(dict(one.entry) for one in from_windows(streams.past(), [], "rows").found), *BY_HAND]
    rows = streams.rows_of(40, change=change)
    facts = streams.facts(40, change=change)
    result = validate_suite(json.dumps({"name": "rows", "expectations": entries}), "rows", to_frame(rows), window="w", min_rows=1)
    theirs = {one.expectation: one.status == "pass" for one in result.outcomes}
    assert {one.status for one in result.outcomes} <= {"pass", "fail"}
    assert {one["meta"]["id"]: answer(one["type"], one["kwargs"], facts) for one in entries} == theirs
    assert {one["type"] for one in entries} >= {f"expect_{name}" for name in ("table_row_count_to_be_between", "compound_columns_to_be_unique")}
    assert all(theirs.values()) == (change is None)


def test_what_the_facts_do_not_tell_is_left_to_the_library():
    facts = streams.facts(1)
    assert answer("expect_column_values_to_match_regex", {"column": "of", "regex": "a"}, facts) is None
    assert answer("expect_column_mean_to_be_between", {"column": "x", "min_value": 0, "row_condition": "of == 'a'"}, facts) is None
    assert answer("expect_column_mean_to_be_between", {"column": "nothing", "min_value": 0}, facts) is None
    assert observed("expect_column_values_to_be_between", {"column": "x", "min_value": "2013-01-01"}, facts) is None
