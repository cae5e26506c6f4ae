"""What a cell means after a spreadsheet has had it."""

from __future__ import annotations

import unicodedata

import pytest

from keepfit.compose.answers.meant import class_meant, is_empty, number_meant


@pytest.mark.parametrize(
    ("text", "classes", "meant"),
    [
        ("TRUE", ("true", "false"), "true"),
        ("FALSE", ("0", "1"), "0"),
        ("1.0", ("1", "2", "3"), "1"),
        ("2,0", ("1", "2", "3"), "2"),
        ("01", ("1", "2"), "1"),
        ("Billing ", ("billing", "outage"), "billing"),
        ("new  York", ("New York", "Newark"), "New York"),
        (unicodedata.normalize("NFD", "Störung"), ("Störung", "Rechnung"), "Störung"),
        ("us", ("US", "us"), "us"),
        ("Us", ("US", "us"), None),
        ("1.0", ("1", "01"), None),
        ("maybe", ("no", "yes"), None),
        ("02. Jan", ("1-2", "3-4"), None),
    ],
)
def test_the_one_class_that_a_cell_can_mean(text, classes, meant):
    assert class_meant(text, classes) == meant


@pytest.mark.parametrize(
    ("text", "meant"), [("3,5", "3.5"), ("-0.25", "-0.25"), ("1E+05", "100000"), ("7.0", "7"), ("1,234,567", None), ("nan", None), ("x", None)]
)
def test_a_number_is_written_one_way(text, meant):
    assert number_meant(text) == meant


def test_a_word_for_a_missing_value_is_no_answer_unless_it_is_a_class():
    assert is_empty("", ("a",))
    assert is_empty("n/a", ("a",))
    assert not is_empty("None", ("None", "Some"))
