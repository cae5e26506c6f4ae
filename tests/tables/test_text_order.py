"""Texts in the order of their bytes, as Python sorts them."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.tables.text_order import TextWords, text_order

TEXTS = st.lists(
    st.text(alphabet="ab\x00é'", max_size=20) | st.sampled_from(["customer-1", "customer-10", "customer-1\x00", "customer-" + "9" * 30]), max_size=40
)


@given(TEXTS, st.integers(0, 40), st.booleans())
def test_texts_are_in_the_order_of_their_bytes_and_repeats_are_found(texts, cut, large):
    kind = pa.large_string() if large else pa.string()
    order, again = text_order(pa.chunked_array([pa.array(texts[:cut], kind), pa.array(texts[cut:], kind)]))
    expected = sorted(range(len(texts)), key=lambda at: texts[at].encode())
    assert order.tolist() == expected
    assert again.tolist() == [at for at in range(1, len(texts)) if texts[expected[at]] == texts[expected[at - 1]]]


def test_slices_and_nulls_are_read_where_they_are():
    whole = pa.array(["z", "b", None, "a", "b"])
    order, again = text_order(pa.chunked_array([whole.slice(1, 3), whole.slice(4)]))
    assert order.tolist() == [1, 2, 0, 3]
    assert again.tolist() == [3]


@pytest.mark.parametrize(("at", "first"), [(0, b"abcdefgh"), (4, b"efghij\0\0"), (9, b"j" + bytes(7)), (10, bytes(8)), (40, bytes(8))])
def test_a_word_is_eight_bytes_with_zeros_after_the_end(at, first):
    assert TextWords.of(pa.chunked_array([["abcdefghij"]])).word(at).tolist() == [int.from_bytes(first, "big")]


def test_no_texts_have_no_order():
    order, again = text_order(pa.chunked_array([], pa.string()))
    assert (order.tolist(), again.tolist()) == ([], [])
