from __future__ import annotations

import json

import pytest

from keepfit.errors import ExpectationError
from keepfit.expect.suites import parse_suite

BETWEEN, MEAN, EXIST = "expect_column_values_to_be_between", "expect_column_mean_to_be_between", "expect_column_to_exist"
IN_SET = "expect_column_values_to_be_in_set"
KNOWN = {BETWEEN, MEAN, EXIST, IN_SET}


def entry(**changes):
    return {"type": BETWEEN, "kwargs": {"column": "x", "min_value": 0}, "severity": "critical", "meta": {"id": "a"}} | changes


def suite(*entries, **changes):
    return json.dumps({"name": "rows", "expectations": list(entries)} | changes)


def test_a_good_suite_is_read_sorted_by_id_and_batch_level_by_default():
    read = parse_suite(suite(entry(meta={"id": "b", "level": "row", "reason": "why"}), entry()), "rows", known=KNOWN)
    assert [(one.id, one.level, one.column) for one in read.expectations] == [("a", "batch", "x"), ("b", "row", "x")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ('{"name": "rows", "expectations": [NaN]}', "NaN is no JSON number"),
        ("[]", "holds no JSON object"),
        (suite(), "expects nothing"),
        (suite(entry(), name="other"), "calls itself 'other'"),
        (suite(entry(), notes="x"), "no key 'notes'"),
        (suite("a"), "is a JSON object"),
        (suite(entry(type="expect_colum_to_exist")), r"no expectation type 'expect_colum_to_exist'[\s\S]*did you mean 'expect_column_to_exist'"),
        (suite(entry(severity="Critical")), "the severity 'Critical' is none of critical, warning, info"),
        (suite({key: value for key, value in entry().items() if key != "severity"}), "the severity None"),
        (suite(entry(meta={})), "has no id"),
        (suite(entry(), entry()), "the id 'a' is there 2 times"),
        (suite(entry(kwargs=None)), "has no kwargs"),
        (suite(entry(mostly=0.9)), "no key 'mostly'"),
        (suite(entry(meta={"id": "a", "lvel": "row"})), r"no key 'lvel'[\s\S]*did you mean 'level'"),
        (suite(entry(meta={"id": "a", "level": "table"})), "neither row nor batch"),
        (suite(entry(type=MEAN, meta={"id": "a", "level": "row"})), "speaks of the whole window"),
        (suite(entry(kwargs={"column": "x", "min_value": 0, "mostly": 0.9}, meta={"id": "a", "level": "row"})), "tolerates none"),
        (suite(entry(kwargs={"column": "x", "min_value": 5, "max_value": 1})), "min_value 5 is above max_value 1"),
        (suite(entry(kwargs={"column": "x"})), "it would always pass"),
        (suite(entry(type=IN_SET, kwargs={"column": "x", "value_set": []})), "value_set is empty"),
        (suite(entry(kwargs={"column": "x", "min_value": 0, "mostly": 98})), "mostly 98 is no share"),
    ],
)
def test_a_suite_that_could_not_do_what_it_says_is_refused(text, says):
    with pytest.raises(ExpectationError, match=says) as caught:
        parse_suite(text, "rows", known=KNOWN)
    assert caught.value.where.startswith("suite rows")
    assert caught.value.fix
