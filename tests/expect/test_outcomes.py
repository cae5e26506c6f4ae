from __future__ import annotations

import pytest

from keepfit.expect.outcomes import LibraryResult, judge, unanswered
from keepfit.expect.suites import Expectation


def status(measured, kind="expect_column_values_to_be_between", level="batch"):
    one = Expectation(id="a", type=kind, kwargs={"column": "x", "min_value": 0}, severity="critical", level=level)
    return judge(one, measured, suite="rows", window="w", min_rows=20).status


def measured(**changes):
    return LibraryResult(**{"success": True, "support": 100, "observed": "1", "unexpected": 0} | changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "pass"),
        ({"success": False}, "fail"),
        ({"success": None}, "error"),
        ({"failure": "no such column"}, "error"),
        ({"support": 0}, "error"),
        ({"support": None}, "error"),
        ({"finite": False}, "error"),
        ({"support": 19}, "undecided"),
        ({"support": 19, "success": False}, "undecided"),
    ],
)
def test_only_an_answer_with_evidence_passes_or_fails(changes, expected):
    assert status(measured(**changes)) == expected


def test_a_row_level_answer_needs_no_crowd_as_each_row_is_judged_for_itself():
    assert status(measured(support=1), level="row") == "pass"
    assert status(measured(support=1, success=False), level="row") == "fail"


def test_whether_a_column_is_there_needs_no_rows():
    assert status(measured(support=None), kind="expect_column_to_exist") == "pass"


def test_an_expectation_left_out_of_the_answer_is_an_error():
    one = Expectation(id="a", type="t", kwargs={}, severity="info", level="batch")
    assert unanswered(one, suite="rows", window=None).status == "error"


def test_at_most_five_rows_are_shown_and_only_for_a_failure():
    one = Expectation(id="a", type="t", kwargs={}, severity="info", level="batch")
    many = measured(success=False, sample=tuple("abcdefg"))
    assert judge(one, many, suite="s", window=None, min_rows=1).sample == tuple("abcde")
    assert judge(one, measured(sample=("a",)), suite="s", window=None, min_rows=1).sample == ()
