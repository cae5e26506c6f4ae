from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from keepfit.compose.curation.expression import condition
from keepfit.errors import KeepfitError, ParamsError, UnknownNameError
from keepfit.evaluate.behaviour.declared import AboutModel
from keepfit.evaluate.behaviour.reading import TestReader, require_unlike

TWO = AboutModel(task="classification", features={"visib": "numeric", "carrier": "categorical", "note": "text"}, classes=("0", "1"))
MANY = replace(TWO, classes=("red", "green", "blue"), many=True)
NUMBER = AboutModel(task="regression", features=TWO.features)
TEST = {
    "type": "directional",
    "rows": "visib > 5",
    "change": {"add": {"visib": -4}},
    "expect": {"score": "must_not_fall"},
    "may_fail": 0.05,
    "author": "ann",
    "reason": "worse visibility lowers no risk",
}


def read(entry, about=TWO):
    reader = TestReader(condition=lambda text, where: condition(text, where=where), about=about)
    return reader.read({"tests": {"worse-visibility": entry}}, file="weather.yaml")[0]


def changed(**keys):
    return {**copy.deepcopy(TEST), **keys}


def test_a_test_says_itself_in_one_sentence():
    test = read(TEST)
    assert test.text == "the score must not fall, after adding -4 to visib: rows that judge where visib > 5"
    assert (test.may_fail, test.min_rows, test.severity) == (0.05, 1, "critical")
    assert test.where == "weather.yaml: tests.worse-visibility"


@pytest.mark.parametrize(
    ("type_", "change", "expect", "about", "says"),
    [
        ("invariance", {"case": {"carrier": "lower"}}, {"label": "same"}, TWO, "the label stays the same"),
        ("invariance", {"typo": {"note": 1}}, {"tolerance": 0.1}, MANY, "moves by at most 0.1"),
        ("invariance", {"append": {"note": "!"}}, {"tolerance": 0.1, "class": "red"}, MANY, "the probability of red moves"),
        ("directional", {"multiply": {"visib": 2}}, {"score": "must_fall", "by_at_least": 3}, NUMBER, "must fall by at least 3"),
        ("directional", {"swap": {"carrier": ["AA", "UA"]}}, {"score": "must_rise", "class": "blue"}, MANY, "the probability of blue must rise"),
        ("minimum_functionality", None, {"label": 1}, TWO, "the label is 1"),
        ("minimum_functionality", {"set": {"note": None}}, {"between": [0.1, 0.2]}, TWO, "is at least 0.1 and at most 0.2"),
    ],
)
def test_what_can_be_said(type_, change, expect, about, says):
    assert says in read(changed(type=type_, change=change, expect=expect), about).text


@pytest.mark.parametrize(
    ("keys", "at", "says"),
    [
        ({"type": "invariant"}, ".type", "no type 'invariant'"),
        ({"severty": "warning"}, "", "no key 'severty'"),
        ({"severity": "fatal"}, ".severity", "no severity 'fatal'"),
        ({"expect": None}, ".expect", "the test expects nothing"),
        ({"expect": {}}, ".expect", "the test expects nothing"),
        ({"expect": {"scor": "must_rise"}}, ".expect", "no key 'scor'"),
        ({"expect": {"tolerance": 0.1}}, ".expect", "which way the score must go"),
        ({"expect": {"score": "must_not_fall", "by_at_least": 0.1}}, ".by_at_least", "contradict each other"),
        ({"expect": {"score": "must_rise", "by_at_least": 2}}, ".expect", "a probability"),
        ({"expect": {"score": "must_rise", "class": "red"}}, ".class", "no class 'red'"),
        ({"type": "invariance", "expect": {"tolerance": -1}}, ".tolerance", "at least 0"),
        ({"type": "invariance", "expect": {"tolerance": float("nan")}}, ".tolerance", "no number"),
        ({"type": "invariance", "expect": {"tolerance": 0.1, "label": "same"}}, ".expect", "a tolerance of the score or the same label"),
        ({"type": "minimum_functionality", "expect": {"between": [0.8, 0.2]}}, ".between", "the ends contradict"),
        ({"type": "minimum_functionality", "expect": {"between": [None, None]}}, ".between", "two ends"),
        ({"type": "minimum_functionality", "expect": {"between": [0.5, 1.5]}}, ".expect", "a probability"),
        ({"type": "minimum_functionality", "expect": {"label": "late"}}, ".label", "no class 'late'"),
        ({"change": None}, "", "nothing is changed"),
        ({"change": {"ad": {"visib": 1}}}, ".change", "no key 'ad'"),
        ({"change": {"add": {"visb": 1}}}, ".visb", "no feature 'visb'"),
        ({"change": {"add": {"visib": 0}}}, ".visib", "changes nothing"),
        ({"change": {"multiply": {"visib": 1}}}, ".visib", "changes nothing"),
        ({"change": {"add": {"carrier": 1}}}, ".carrier", "carrier is categorical: add does not apply"),
        ({"change": {"typo": {"carrier": 1}}}, ".carrier", "typo does not apply"),
        ({"change": {"typo": {"note": 0}}}, ".note", "1 to 20"),
        ({"change": {"swap": {"carrier": ["AA", "AA"]}}}, ".carrier", "two different values"),
        ({"change": {"swap": {"carrier": ["AA"]}}}, ".carrier", "two different values"),
        ({"change": {"set": {"visib": float("inf")}}}, ".visib", "a value is"),
        ({"change": {"case": {"carrier": "camel"}}}, ".carrier", "lower, upper, title"),
        ({"rows": None}, ".rows", "does not say which rows"),
        ({"rows": []}, ".rows", "does not say which rows"),
        ({"rows": "visib >"}, ".rows", "the condition ends"),
        ({"rows": "import os"}, ".rows", "'os' stands at character 8"),
        ({"rows": {"file": "../secret.csv"}}, ".file", "without a folder"),
        ({"rows": {"path": "rows.csv"}}, ".rows", "no key 'path'"),
        ({"rows": [{"visb": 1}]}, ".rows[0]", "no feature 'visb'"),
        ({"rows": [{"visib": [1]}]}, ".rows[0]", "neither a text nor a number"),
        ({"may_fail": 1}, ".may_fail", "refuses nothing"),
        ({"may_fail": -0.1}, ".may_fail", "at least 0"),
        ({"may_fail": True}, ".may_fail", "no number"),
        ({"min_rows": 0}, ".min_rows", "at least 1"),
        ({"author": ""}, ".author", "no author"),
        ({"reason": "x" * 400}, ".reason", "400 characters"),
    ],
)
def test_what_is_odd_is_refused_with_its_place(keys, at, says):
    with pytest.raises((ParamsError, UnknownNameError)) as caught:
        read(changed(**keys))
    assert says in str(caught.value)
    assert (caught.value.where or "").startswith("weather.yaml: tests.worse-visibility")
    assert (caught.value.where or "").endswith(at)
    assert caught.value.fix


@pytest.mark.parametrize("missing", ["type", "rows", "expect", "may_fail", "author", "reason"])
def test_what_a_test_must_say(missing):
    entry = changed()
    del entry[missing]
    with pytest.raises(ParamsError):
        read(entry)


@pytest.mark.parametrize(
    ("about", "expect", "says"),
    [
        (NUMBER, {"label": "same"}, "a regression has no labels"),
        (MANY, {"label": "same", "class": "red"}, "whatever it is"),
        (TWO, {"tolerance": 0.1, "class": "1"}, "the positive one's probability"),
    ],
)
def test_what_a_model_of_another_task_cannot_answer_is_refused(about, expect, says):
    with pytest.raises(ParamsError, match=says):
        read(changed(type="invariance", expect=expect), about)


def test_of_many_classes_a_direction_names_one():
    with pytest.raises(ParamsError, match="of many classes each has a score"):
        read(TEST, MANY)


@pytest.mark.parametrize("name", ["", "a=b", "*", "a b", "x" * 61, 7, None])
def test_a_name_that_a_rule_could_not_tell_from_a_pattern_is_refused(name):
    reader = TestReader(condition=lambda text, where: condition(text, where=where))
    with pytest.raises(ParamsError, match="no name of a test"):
        reader.read({"tests": {name: TEST}}, file="weather.yaml")


@pytest.mark.parametrize("entries", [{"test": {}}, {"tests": [TEST]}, {"tests": {"a": "b"}}])
def test_a_file_that_is_no_map_of_tests_is_refused(entries):
    with pytest.raises(KeepfitError):
        TestReader(condition=lambda text, where: condition(text, where=where)).read(entries, file="weather.yaml")


def test_an_empty_file_has_no_tests():
    reader = TestReader(condition=lambda text, where: condition(text, where=where))
    assert reader.read({}, file="weather.yaml") == reader.read({"tests": None}, file="weather.yaml") == ()


def test_two_files_cannot_name_one_test():
    with pytest.raises(ParamsError, match="two tests are called 'worse-visibility'"):
        require_unlike((read(TEST), read(TEST)))
