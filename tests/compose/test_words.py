"""A word for each row, as codes."""

from __future__ import annotations

import numpy as np

from keepfit.compose.words import Words

TEXTS = np.array(["new", "old", "new", "odd"], dtype=object)


def test_texts_go_into_codes_and_come_back():
    said = Words.of(TEXTS)
    assert (said.names, said.codes.dtype, said.codes.tolist()) == (("new", "old", "odd"), np.uint16, [0, 1, 0, 2])
    assert said.texts.tolist() == TEXTS.tolist()


def test_other_words_for_some_rows_leave_what_was_said_as_it_is():
    said = Words.of(TEXTS)
    other = said.but(TEXTS == "new", "late").but(TEXTS == "odd", "old")
    assert other.texts.tolist() == ["late", "old", "late", "old"]
    assert said.texts.tolist() == TEXTS.tolist()


def test_words_in_the_order_in_which_they_come_are_those_of_their_texts():
    said = Words(np.array([3, 1, 3, 0], np.uint16), ("a", "b", "nobody's", "d")).in_order()
    assert said.names == ("d", "b", "a") == Words.of(said.texts).names
    assert said.texts.tolist() == ["d", "b", "d", "a"]


def test_rows_are_found_by_any_of_several_words_also_by_one_that_no_row_has():
    assert Words.of(TEXTS).among("old", "odd", "none").tolist() == [False, True, False, True]


def test_no_rows_have_no_words():
    said = Words.of(TEXTS[:0])
    assert (len(said), said.texts.tolist(), said.among("a").tolist(), said.in_order().names) == (0, [], [], ())
