"""What goes to a spreadsheet is not computed there, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.tables.spreadsheet import guarded, id_cell, id_of_cell, is_formula, unguarded


@given(st.text(alphabet="'=+-@\t\r\n0123456789.eEab", max_size=8) | st.text(max_size=20))
def test_what_was_guarded_comes_back_as_it_was_and_is_no_formula(text):
    assert unguarded(guarded(text)) == text
    assert not is_formula(guarded(text))


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "＝1+1", '=HYPERLINK("http://x")'])
def test_a_formula_gets_an_apostrophe(text):
    assert is_formula(text)
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+3.5", "-1e-7", "yes", "'quoted'", "", "a=b"])
def test_a_number_or_a_word_stays_as_it_is(text):
    assert guarded(text) == text


@given(st.text(max_size=20) | st.from_regex(r"(id:)*[-+.0-9eE/:]{0,9}", fullmatch=True))
def test_an_id_comes_back_as_it_was_and_is_no_formula(text):
    assert id_of_cell(id_cell(text)) == text
    assert not is_formula(id_cell(text))


@pytest.mark.parametrize(
    "text", ["007", "12345678901234567890", "1e5", "2013-02-01", "1/2", "10:30", "MAR1", "Sept-2", "TRUE", "9f3e", "-5", "=A1", "", " x", "½"]
)
def test_an_id_that_a_spreadsheet_would_turn_into_something_else_is_marked(text):
    assert id_cell(text) == f"id:{text}"


@pytest.mark.parametrize("text", ["r00017", "UA-1545", "abc", "ticket_9", "f9e1"])
def test_an_id_that_is_a_word_stays_as_it_is(text):
    assert id_cell(text) == text
