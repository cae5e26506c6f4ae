"""A number is the float64 that is nearest, whatever type it is stored in; Python's `float(Decimal)` is the second source."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.profiles.pairs import count_pairs
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.slices.codes import code_columns
from keepfit.tables.nearest_floats import nearest_floats

TYPES = [pa.decimal32(9, 2), pa.decimal64(18, 2), pa.decimal128(9, 2), pa.decimal128(20, 2), pa.decimal128(38, 2), pa.decimal256(50, 2)]
CENTS = [Decimal(cent) / 100 for cent in range(-200, 200)]


@pytest.mark.parametrize("type_", TYPES, ids=str)
def test_every_cent_is_the_nearest_float_also_in_a_cut_column_with_nulls(type_):
    values = pa.array([None, *CENTS, None], pa.decimal128(9, 2)).cast(type_)
    expected = [None, *map(float, CENTS), None]
    for first in (0, 1, 3, 8, 11):
        assert nearest_floats(values.slice(first)).to_pylist() == expected[first:]
        assert nearest_floats(values.slice(first, 20)).to_pylist() == expected[first : first + 20]
    assert nearest_floats(pa.chunked_array([values.slice(5, 3), values.slice(0, 0), values.slice(100, 9)])).to_pylist() == expected[5:8] + expected[100:109]


@given(st.lists(st.none() | st.integers(-(10**38) + 1, 10**38 - 1) | st.integers(-(2**53) - 9, 2**53 + 9), max_size=5), st.integers(0, 30))
def test_any_digits_and_any_scale_are_the_nearest_float(digits, scale):
    values = [None if each is None else Decimal(f"{each}E-{scale}") for each in digits]
    assert nearest_floats(pa.array(values, pa.decimal128(38, scale))).to_pylist() == [None if value is None else float(value) for value in values]


def test_no_rows_only_nulls_and_a_negative_scale_are_no_obstacle():
    assert nearest_floats(pa.array([], pa.decimal128(5, 2))).to_pylist() == []
    assert nearest_floats(pa.nulls(2, pa.decimal128(5, 2))).to_pylist() == [None, None]
    assert nearest_floats(pa.array([Decimal(1200)], pa.decimal128(5, -2))).to_pylist() == [1200.0]
    assert nearest_floats(pa.array([True, None])).to_pylist() == [1.0, None]


def test_the_same_prices_as_floats_and_as_decimals_count_alike_in_profiles_pairs_and_slices():
    decimals = pa.table({"price": pa.array([Decimal(cent) / 100 for cent in (35, 41, 47, 57)] * 3, pa.decimal128(20, 2)), "x": range(12)})
    floats = decimals.set_column(0, "price", pa.array([float(value.as_py()) for value in decimals["price"]], pa.float64()))
    layout = learn_layout(floats, {"price": "numeric", "x": "numeric"})
    assert profile_table(decimals, layout, "w") == profile_table(floats, layout, "w")
    assert count_pairs(decimals, layout, "w") == count_pairs(floats, layout, "w")
    for one, other in zip(code_columns(decimals, layout), code_columns(floats, layout), strict=True):
        np.testing.assert_array_equal(one.codes, other.codes)
