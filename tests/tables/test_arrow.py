"""Arrow columns become numbers and tallies of texts, whatever type, chunks and offsets they come in."""

import math

import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.tables.arrow import floats, tally


@pytest.mark.parametrize(
    "values",
    [
        pa.chunked_array([pa.array([9, 1, None, 3], pa.int16()).slice(1)]),
        pa.chunked_array([pa.array([1.0]), pa.array([None, 3.0])]),
        pa.chunked_array([pa.array([1, None, 3], pa.float16())]),
        pa.chunked_array([pa.array([1, None, 3], pa.uint64())]),
    ],
)
def test_numbers_of_every_type_are_floats_with_nan_for_null(values):
    found = floats(values, "x").tolist()
    assert (found[0], found[2], math.isnan(found[1])) == (1.0, 3.0, True)


def test_text_is_no_number():
    with pytest.raises(DataError, match="the numeric column 'x' holds string"):
        floats(pa.chunked_array([["1"]]), "x")


def test_a_dictionary_may_name_a_text_twice_hold_null_and_be_cut():
    codes = pa.array([0, 1, 2, None, 1, 0], pa.int8())
    values = pa.DictionaryArray.from_arrays(codes, pa.array(["a", "b", "a"]))
    assert tally(values) == {"a": 3, "b": 2, None: 1}
    assert tally(values.slice(1, 4)) == {"b": 2, "a": 1, None: 1}
    assert tally(pa.DictionaryArray.from_arrays(codes, pa.array(["a", None, "a"]))) == {"a": 3, None: 3}
    assert tally(pa.chunked_array([values, pa.array(["z"]).dictionary_encode().cast(values.type)])) == {"a": 3, "b": 2, None: 1, "z": 1}
    assert tally(values.slice(0, 0)) == {}


def test_all_null_and_no_rows_are_tallied():
    assert tally(pa.nulls(3)) == {None: 3}
    assert tally(pa.array([], pa.string())) == {}
    assert tally(pa.array([[1], None, [1]])) == {"[1]": 2, None: 1}
    assert tally(pa.array([1.0, math.nan, None, 1.5])) == {"1": 1, "1.5": 1, None: 2}
