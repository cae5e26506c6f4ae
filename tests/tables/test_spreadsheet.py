"""What goes to a spreadsheet is not computed there, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.tables.spreadsheet import guarded, is_formula, unguarded


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
