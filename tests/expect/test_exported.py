"""A suite as Great Expectations writes it is read, and held to the same checks as one of ours."""

import json

import pytest

from keepfit.errors import ExpectationError
from keepfit.expect.suites import parse_suite

BETWEEN = "expect_column_values_to_be_between"
META = {"great_expectations_version": "1.24.1"}


def entry(**changes):
    return {"type": BETWEEN, "kwargs": {"column": "x", "min_value": 0}, "meta": {}, "severity": "warning", "id": None} | changes


def read(*entries, **changes):
    data = {"name": "rows", "id": None, "expectations": list(entries), "meta": META, "notes": None} | changes
    return parse_suite(json.dumps(data), "rows", known={BETWEEN, "expect_compound_columns_to_be_unique"}).expectations


def test_entries_are_named_by_columns_and_type_and_notes_are_the_reason():
    unique = entry(type="expect_compound_columns_to_be_unique", kwargs={"column_list": ["a", "b"]}, id="60fbbf86-d9fc-4061-ab3d-13800605d78d")
    found = read(entry(notes="why"), entry(), unique, entry(meta={"id": "own", "level": "row", "owner": "me"}))
    assert {one.id: (one.level, one.reason) for one in found} == {
        "x_values_to_be_between": ("batch", "why"),
        "x_values_to_be_between_2": ("batch", ""),
        "a_b_compound_columns_to_be_unique": ("batch", ""),
        "own": ("row", ""),
    }


def test_a_name_that_an_own_id_has_taken_is_counted_on():
    assert [one.id for one in read(entry(meta={"id": "x_values_to_be_between"}), entry())] == ["x_values_to_be_between", "x_values_to_be_between_2"]


def test_a_condition_that_the_library_wrapped_is_a_text_again():
    wrapped = {"column": "x", "min_value": 0, "condition_parser": "pandas", "row_condition": {"type": "pass_through", "pass_through_filter": "y == 1"}}
    assert read(entry(kwargs=wrapped))[0].kwargs["row_condition"] == "y == 1"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"type": "expect_nothing"}, "no expectation type"),
        ({"severity": "fatal"}, "the severity 'fatal'"),
        ({"kwargs": {"column": "x"}}, "neither min_value nor max_value"),
        ({"kwargs": None}, "has no kwargs"),
        ({"windows": [1]}, "no key 'windows'"),
    ],
)
def test_what_could_not_do_what_it_says_is_refused_all_the_same(change, says):
    with pytest.raises(ExpectationError, match=says):
        read(entry(**change))


@pytest.mark.parametrize("entries", [[], None, ["text"]])
def test_a_broken_export_is_one_sentence(entries):
    with pytest.raises(ExpectationError):
        parse_suite(json.dumps({"name": "rows", "expectations": entries, "meta": META}), "rows", known={BETWEEN})


def test_without_the_librarys_mark_an_id_is_asked_for():
    with pytest.raises(ExpectationError, match="has no id"):
        parse_suite(json.dumps({"name": "rows", "expectations": [entry()]}), "rows", known={BETWEEN})
