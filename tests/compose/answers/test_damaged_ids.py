"""Which id a spreadsheet turned into something else, where only one can have been."""

from __future__ import annotations

import pytest

from keepfit.compose.answers.damaged_ids import meant_id


@pytest.mark.parametrize(
    ("text", "ids", "meant"),
    [
        ("1.23457E+19", ["12345678901234567890", "7"], "12345678901234567890"),
        ("1,23457E+19", ["12345678901234567890", "7"], "12345678901234567890"),
        ("12345678901234600000", ["12345678901234567890", "7"], "12345678901234567890"),
        ("1.00E+05", ["1e5", "7"], "1e5"),
        ("7", ["007", "8"], "007"),
        ("7", ["007", "07"], None),
        ("TRUE", ["true", "x"], "true"),
        ("ABC", ["abc", "x"], "abc"),
        ("zebra", ["abc", "7"], None),
        ("7", [], None),
    ],
)
def test_the_one_id_that_it_can_have_been(text, ids, meant):
    assert meant_id(text, ids) == meant
