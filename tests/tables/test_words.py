"""What a word is: folded, composed, numbers alike, scripts without spaces by pairs; and its hash is the same for ever."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.tables.words import READ, hash_of, hashes_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, WORLD!", ["hello", "world"]),
        ("don't Don\u2019t", ["don't", "don't"]),
        ("caf\u00e9 cafe\u0301 CAF\u00c9", ["café"] * 3),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("order 4711 costs 1,299.00", ["order", "0", "costs", "0", "0", "0"]),
        ("covid19 ٣٤", ["covid0", "0"]),
        ("snake_case e-mail", ["snake", "case", "e", "mail"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("東京へ", ["東京", "京へ"]),
        ("東", ["東"]),
        ("iPhone買った", ["iphone", "買っ", "った"]),
        ("🙂 ...", []),
        ("", []),
    ],
)
def test_a_text_is_these_words(text, words):
    assert words_of(text) == words


@given(st.text(max_size=60))
def test_composed_and_decomposed_text_are_the_same_words(text):
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(unicodedata.normalize("NFC", text))


@given(st.lists(st.text(max_size=12), max_size=5))
def test_pieces_between_spaces_are_read_one_by_one(pieces):
    assert words_of(" ".join(pieces)) == [word for piece in pieces for word in words_of(piece)]


def test_only_the_beginning_of_a_very_long_text_is_read():
    assert len(words_of("ab " * READ)) == READ // 3 + 1


def test_hashes_are_the_same_for_ever():
    assert hash_of("refund") == 0xD9ADB98C53FC6C72
    assert hashes_of("refund! " * 20) == (hash_of("refund"),) * 20
    assert hash_of("\ud800") == hash_of("\ud800")
