from __future__ import annotations

from datetime import date, datetime

import pytest

from keepfit.compose.curation.rules import Curation, curation_of
from keepfit.errors import KeepfitError

RULE = {"action": "exclude", "where": "distance > 9000", "author": "ann", "reason": "no such route", "expires": None}


def one(**changes):
    entry = {key: value for key, value in {**RULE, **changes}.items() if value != "gone"}
    return curation_of({"rules": {"far": entry}}).rules[0]


def test_a_rule_says_what_which_rows_who_why_and_until_when():
    rule = one(expires="2013-06-01")
    assert (rule.name, rule.action, rule.author, rule.reason, rule.expires) == ("far", "exclude", "ann", "no such route", date(2013, 6, 1))
    assert rule.when.columns == {"distance"}
    assert not rule.judging
    assert one(where="gone", rows=["b", 17, "b"]).rows == ("17", "b")


@pytest.mark.parametrize("entries", [{}, {"rules": None}, {"rules": {}}])
def test_a_file_without_rules_holds_none(entries):
    assert curation_of(entries) == Curation()


def test_a_rule_holds_for_data_that_ends_by_the_day_it_expires():
    rule = one(expires=date(2013, 6, 1))
    assert not rule.expired(datetime(2013, 6, 1))
    assert rule.expired(datetime(2013, 6, 1, 0, 0, 1))
    assert not one().expired(datetime(2999, 1, 1))


def test_the_order_of_the_rules_in_the_file_says_nothing():
    a, b = {"a": RULE, "b": RULE | {"where": "x == 1"}}, {"b": RULE | {"where": "x == 1"}, "a": RULE}
    assert curation_of({"rules": a}) == curation_of({"rules": b})


def test_the_columns_that_are_needed_are_those_of_all_conditions():
    assert curation_of({"rules": {"a": RULE, "b": RULE | {"where": "x == 1 or y is null"}}}).needed == {"distance", "x", "y"}


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        ({"action": "drop"}, ".action", "the action 'drop' is none"),
        ({"action": ["exclude"]}, ".action", "the action \"['exclude']\" is none"),
        ({"where": "gone"}, "", "the rule does not say which rows"),
        ({"rows": ["a"]}, "", "a rule has a condition or ids of rows, not both"),
        ({"where": "gone", "rows": []}, ".rows", "rows are a list of ids"),
        ({"where": "gone", "rows": "a"}, ".rows", "rows are a list of ids"),
        ({"where": "gone", "rows": [1.5]}, ".rows", "'1.5' was not written as an id"),
        ({"where": "gone", "rows": [True]}, ".rows", "'True' was not written as an id"),
        ({"where": "gone", "rows": ["a"] * 10_001}, ".rows", "10,001 ids, at most 10,000 are read"),
        ({"where": True}, ".where", "'True' is no condition"),
        ({"where": "distance = 3"}, ".where", "'=' stands at character 10"),
        ({"author": "gone"}, ".author", "the rule has no author"),
        ({"author": 7}, ".author", "the rule has no author"),
        ({"reason": " "}, ".reason", "the rule has no reason"),
        ({"reason": "why " * 100}, ".reason", "the reason has 399 characters"),
        ({"expires": "gone"}, ".expires", "the rule does not say when it expires"),
        ({"expires": "soon"}, ".expires", "'soon' is no date"),
        ({"expires": 2013}, ".expires", "'2013' is no date"),
        ({"expires": datetime(2013, 1, 1, 5)}, ".expires", "'2013-01-01 05:00:00' is no date"),
        ({"value": 1}, ".value", "exclude takes no value"),
        ({"action": "relabel"}, ".value", "relabel needs the label as its value"),
        ({"action": "relabel", "value": float("nan")}, ".value", "relabel needs the label as its value"),
        ({"action": "relabel", "value": [1]}, ".value", "relabel needs the label as its value"),
        ({"action": "weight"}, ".value", "the weight None is not above 0"),
        ({"action": "weight", "value": 0}, ".value", "the weight 0 is not above 0"),
        ({"action": "weight", "value": -1}, ".value", "the weight -1 is not above 0"),
        ({"action": "weight", "value": float("inf")}, ".value", "the weight inf is not above 0"),
        ({"action": "weight", "value": float("nan")}, ".value", "the weight nan is not above 0"),
        ({"action": "weight", "value": True}, ".value", "the weight True is not above 0"),
        ({"action": "weight", "value": "2"}, ".value", "the weight 2 is not above 0"),
        ({"action": "weight", "value": 2, "judging": True}, ".judging", "a row that judges has no weight"),
        ({"judging": "yes"}, ".judging", "'yes' is neither true nor false"),
        ({"becuase": "typo"}, "", "no key 'becuase'"),
    ],
)
def test_a_rule_that_is_none_is_refused_in_one_sentence_with_its_place(changes, where, said):
    with pytest.raises(KeepfitError) as bad:
        one(**changes)
    assert bad.value.what.startswith(said)
    assert bad.value.where == f"curation.yaml: rules.far{where}"
    assert "\n" not in bad.value.what
    assert bad.value.fix


@pytest.mark.parametrize(
    ("entries", "where"),
    [
        ({"rule": {}}, "curation.yaml"),
        ({"rules": ["far"]}, "curation.yaml: rules"),
        ({"rules": {"far": "exclude"}}, "curation.yaml: rules.far"),
        ({"rules": {17: RULE}}, "curation.yaml: rules.17"),
        ({"rules": {"": RULE}}, "curation.yaml: rules."),
        ({"rules": {str(number): RULE for number in range(201)}}, "curation.yaml: rules"),
    ],
)
def test_a_file_of_another_shape_is_refused(entries, where):
    with pytest.raises(KeepfitError) as bad:
        curation_of(entries)
    assert bad.value.where == where
