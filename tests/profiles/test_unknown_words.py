"""The words that a reference does not know, named from rows."""

import pyarrow as pa

from keepfit.profiles.layout import learn_layout
from keepfit.profiles.unknown_words import LONGEST, unknown_words

LAYOUT = learn_layout(pa.table({"t": ["the invoice is wrong"] * 3}), {"t": "text"})["t"]


def test_a_word_counts_once_a_text_and_equals_go_by_the_alphabet():
    found = unknown_words(pa.array(["voucher voucher", "a wallet", "the voucher", None]), LAYOUT)
    assert [(one.word, round(one.share, 2)) for one in found] == [("voucher", 0.67), ("a", 0.33), ("wallet", 0.33)]


def test_a_very_long_word_is_shown_by_its_beginning():
    found = unknown_words(pa.array(["x" * 90_000]), LAYOUT)
    assert len(found[0].said) == LONGEST


def test_nothing_new_names_nothing():
    assert unknown_words(pa.array(["the invoice", None, ""]), LAYOUT) == ()
    assert unknown_words(pa.array([None], pa.string()), LAYOUT) == ()
