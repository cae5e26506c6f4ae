"""A race for people and for programs."""

from __future__ import annotations

import json

import pytest

from keepfit.report.race import race_json, race_sentence, race_table
from keepfit.report.race_page import race_page
from keepfit.update.bounded_value import BoundedValue
from keepfit.update.race import race

NAMES = [f"2013-{month:02}" for month in range(2, 11)]


def gains(*values):
    return [BoundedValue(value=value, low=value - 0.01, high=value + 0.01, n=100) for value in values]


def rows(**values):
    return [(name, 100, {"all": 0.7, **values}) for name in NAMES]


FOUND = race({"decay2": gains(*[0.0, 0.01, -0.01] * 3), "last3": gains(*[0.05, 0.04, 0.06] * 3)}, confidence=0.95)
UNSURE = race({"last1": gains(*[0.05] * 6, 0.3, -0.2, 0.1)}, confidence=0.95)
ROWS = rows(decay2=0.7, last3=0.75)


def test_a_row_a_recipe_the_reference_first_then_by_rank():
    lines = race_table("auc", FOUND, ROWS).splitlines()
    assert lines[0] == "| recipe | mean auc | gain over all, first 6 windows | gain, last 3 windows | at least | at most | p (Holm) |"
    assert [line.split(" | ")[0].strip("| ") for line in lines[2:]] == ["all", "last3", "decay2"]
    assert lines[2] == "| all | 0.7000 | – | – | – | – | – |"
    assert lines[3].startswith("| last3 | 0.7500 | +0.0500 | +0.0500 | +0.0331 | +0.0669 | 0.0131 |")


def test_the_sentence_says_who_led_and_that_it_was_not_sure():
    said = race_sentence("auc", UNSURE, NAMES, confidence=0.95)
    assert said.startswith("last1 led on 2013-02 to 2013-07, but is not surely better than all on 2013-08 to 2013-10: +0.0667 auc (95% bounds -0.")
    assert said.endswith("it stays with all")


def test_where_nobody_was_better_all_history_led():
    found = race({"last1": gains(*[-0.05] * 9)}, confidence=0.95)
    assert race_sentence("auc", found, NAMES, confidence=0.95) == "all history led on 2013-02 to 2013-07: no other recipe was better there in the mean"


def test_json_says_which_windows_ranked_and_which_told():
    told = json.loads(race_json("auc", FOUND, ROWS, left_out={"mine": "one class"}, said="so"))
    assert (told["leader"], told["chosen"], told["left_out"], told["said"]) == ("last3", "last3", {"mine": "one class"}, "so")
    assert (told["ranked_on"], told["valued_on"]) == (NAMES[:6], NAMES[6:])
    assert told["recipes"]["last3"]["gain"] == pytest.approx(0.05)
    assert told["recipes"]["last3"]["windows"][0] == {"window": "2013-02", "rows": 100, "value": 0.75}
    assert (told["recipes"]["all"]["gain"], told["recipes"]["all"]["mean"]) == (None, 0.7)


def test_the_page_stands_alone_and_escapes_what_it_is_told():
    page = race_page("flights", "auc", FOUND, ROWS, left_out={"mine": "<b>one class</b>"}, said="last3 led")
    assert "last3 led" in page
    assert "&lt;b&gt;one class" in page
    assert "<b>one class" not in page
    assert "src=" not in page
    assert "The first 6 windows rank, the last 3 tell the value" in page
