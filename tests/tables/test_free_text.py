"""Free text is told from categories by its words and by how rarely it repeats."""

import pyarrow as pa
import pytest
from tests.grammar import texts

from keepfit.tables.free_text import is_free_text, usual_words

ROWS = range(40)


@pytest.mark.parametrize(
    ("values", "free"),
    [
        (texts(0, windows=1, rows=40)["text"].to_pylist(), True),
        ([f"請求書{row}が間違っていますので確認してください{'東西南北'[row % 4]}" for row in ROWS], True),
        ([f"my parcel {chr(97 + row % 26)} never arrived" if row % 3 else None for row in ROWS], True),
        ([f"A-{row}" for row in ROWS], False),
        (["never arrived at my door", "came much too late again"] * 20, False),
        ([f"{chr(97 + row % 26)} {row}" for row in ROWS], False),
        ([None] * 40, False),
        (["my parcel never arrived"] * 3, False),
        (list(ROWS), False),
    ],
)
def test_what_is_free_text(values, free):
    assert is_free_text(pa.chunked_array([pa.array(values)])) == free


def test_coded_text_is_looked_at_alike():
    values = pa.array(texts(0, windows=1, rows=40)["text"].to_pylist())
    assert is_free_text(values.dictionary_encode())


def test_the_usual_number_of_words_is_the_median():
    assert usual_words(["one", "one two three", "one two three four five"]) == 3
    assert usual_words([]) == 0
