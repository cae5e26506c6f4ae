"""Numbers written as text: their values, and which columns hold numbers at all."""

from functools import reduce
from operator import add

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.tables.number_text import NumberSigns, as_numbers, is_text, signs_of, unread


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        (" 1.5 ", 1.5),
        ("$1.5", 1.5),
        ("-$1.5", -1.5),
        ("$-1.5", -1.5),
        ("($1.50)", -1.5),
        ("\u22123", -3.0),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("12,34,567.5", 1234567.5),
        ("1 234.5", 1234.5),
        ("1\u202f234.5", 1234.5),
        ("1'234.50", 1234.5),
        ("12 %", 12.0),
        ("12%", 12.0),
        ("1.50 \u20ac", 1.5),
        ("1.50\u00a0EUR", 1.5),
        ("USD 7", 7.0),
        ("+7", 7.0),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("5.", 5.0),
        ("-inf", -np.inf),
        ("007", 7.0),
        ("R$ 1,234.50", 1234.5),
        ("-US$2", -2.0),
        ("(CA$3)", -3.0),
        ("CAD 4.5", 4.5),
        ("4.5\u00a0SEK", 4.5),
        ("5 z\u0142", 5.0),
        ("kr. 6", 6.0),
        ("Rs.7", 7.0),
        ("8 $US", 8.0),
        ("9\u5186", 9.0),
    ],
)
def test_a_dressed_number_is_its_value(text, value):
    assert as_numbers(pa.array([text, "0"]), comma=False).to_pylist() == [value, 0.0]


@pytest.mark.parametrize(
    ("text", "value"), [("1,5", 1.5), ("1.234,5", 1234.5), ("1.234.567", 1234567.0), ("-1,5 \u20ac", -1.5), ("1 234,5", 1234.5), ("1,234", 1.234)]
)
def test_a_decimal_comma_is_read_where_the_column_has_it(text, value):
    assert as_numbers(pa.array([text]), comma=True).to_pylist() == [value]


@pytest.mark.parametrize(
    "text",
    [
        "TOTAL",
        "1.2.3",
        "12:30",
        "2013-01-01",
        "10-20",
        "0x1F",
        "1,5,6",
        "12 kg",
        "555-123-4567",
        "A1",
        "ALL12",
        "12CAD",
        "RM 101",
        "kr",
        "$",
        "%",
        "--1",
        "1_000",
        "e5",
        "(5",
    ],
)
def test_what_is_no_number_is_null_and_counted(text):
    values = pa.array([text, "1.5", None, "n/a"])
    numbers = as_numbers(values, comma=False)
    assert numbers.to_pylist() == [None, 1.5, None, None]
    assert unread(values, numbers).to_pylist() == [True, False, False, False]
    signs = signs_of(values)
    assert (signs.known, signs.point.numbers, signs.point.strange) == (2, 1, (text,))


@given(st.lists(st.floats(allow_nan=False, width=64), min_size=1, max_size=20))
def test_every_float_comes_back_from_its_text_bit_for_bit(values):
    texts = pa.array([repr(value) for value in values])
    assert as_numbers(texts, comma=False).to_pylist() == values


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20))
def test_thousands_in_either_notation_are_one_number(values):
    english = [f"{value:,.2f}" for value in values]
    german = [text.translate(str.maketrans(",.", ".,")) for text in english]
    sides = [as_numbers(pa.array(texts), comma=comma).to_pylist() for texts, comma in ((english, False), (german, True))]
    assert sides[0] == sides[1] == [float(f"{value:.2f}") for value in values]
    assert signs_of(pa.array([*english, "1,234.5"])).comma is False
    assert signs_of(pa.array([*german, "1.234,5"])).comma is True


COLUMNS = {
    "amounts": ([f"{i}.5" for i in range(99)] + ["TOTAL"], True),
    "a few whole numbers": (["1", "2", "3"] * 33 + ["?"], True),
    "many numbers and many words": ([f"{i}.5" for i in range(60)] + ["unknown"] * 40, True),
    "sizes": (["S", "M", "L", "38", "40", "42"] * 20, False),
    "postcodes": ([f"{i:05d}" for i in range(5_000, 99_000, 500)], False),
    "padded ids": ([f"{i:04d}" for i in range(100)], False),
    "telephone numbers with a plus": ([f"+4930{i}" for i in range(1_000_000, 1_000_100)], False),
    "telephone numbers with spaces": ([f"612 345 {i}" for i in range(100, 200)], False),
    "telephone numbers of digits": ([f"555{i}" for i in range(1_000_000, 1_000_100)], False),
    "hex codes": ([f"{i * 2654435761 % 2**32:08x}" for i in range(200)], False),
    "hex numbers": ([hex(i) for i in range(100)], False),
    "words": (["a", "b"] * 50, False),
    "nothing": (["", "NA"] * 50, False),
    "years": ([str(2000 + i % 20) for i in range(100)], True),
    "padded amounts": ([f"{i / 7:05.2f}" for i in range(200)], True),
    "one slip of a zero": ([str(i) for i in range(1_000)] + ["007"], True),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_numbers_or_only_digits(name):
    values, numbers = COLUMNS[name]
    assert signs_of(pa.array(values)).are_numbers is numbers


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_storage_of_the_text_makes_no_difference(type_):
    values = (
        pa.array(["$1", "x", None, "1", "1"]).cast(type_) if not pa.types.is_dictionary(type_) else pa.array(["$1", "x", None, "1", "1"]).dictionary_encode()
    )
    assert is_text(values.type)
    assert as_numbers(values, comma=False).to_pylist() == [1.0, None, None, 1.0, 1.0]
    assert signs_of(pa.chunked_array([values, values])) == signs_of(pa.array(["$1", "x", None, "1", "1"] * 2))


@given(st.lists(st.sampled_from(["1.5", "1,5", "x", "007", "", "12", "+49301234567"]), max_size=30), st.integers(0, 30))
def test_signs_add_up_over_batches(values, cut):
    texts = pa.array(values, pa.string())
    assert reduce(add, (signs_of(part) for part in (texts.slice(0, cut), texts.slice(cut))), NumberSigns()) == signs_of(texts)
