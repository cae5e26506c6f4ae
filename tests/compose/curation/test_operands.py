from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.compose.curation.operands import operand

FLAGS = [True, False, None]


def of(values, type_=None):
    return operand("x", pa.chunked_array([pa.array(values, type_)]))


@pytest.mark.parametrize(
    ("values", "type_", "sort"),
    [
        ([1, None], pa.int8(), "number"),
        ([1.5, None], pa.float16(), "number"),
        ([Decimal("1.10"), None], pa.decimal128(5, 2), "number"),
        ([2**64 - 1], pa.uint64(), "number"),
        (FLAGS, pa.bool_(), "boolean"),
        (["a", None], pa.large_string(), "text"),
        (["a", None], pa.string_view(), "text"),
        (["a", None], pa.dictionary(pa.int8(), pa.string()), "text"),
        ([0, None], pa.timestamp("ns", "Europe/Berlin"), "time"),
        ([0, None], pa.date32(), "time"),
        ([None], pa.null(), "nothing"),
        ([[1], None], pa.list_(pa.int8()), "other"),
        ([0, None], pa.duration("s"), "other"),
        ([b"x"], pa.binary(), "other"),
    ],
)
def test_a_column_is_what_it_stores(values, type_, sort):
    assert of(values, type_).sort == sort


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=3, allow_nan=False))
def test_a_decimal_is_the_float_that_its_text_says(value):
    assert of([value], pa.decimal128(25, 3)).values.to_pylist() == [float(value)]


def test_not_a_number_is_missing_and_infinity_is_not():
    assert of([float("nan"), float("inf"), None]).values.to_pylist() == [None, float("inf"), None]


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_narrow_float_is_the_number_that_its_shortest_text_says(value):
    column = of([value], pa.float32())
    assert column.floats().to_pylist() == [float(str(np.float32(value)))]
    values, constant = column.like(float(str(np.float32(value))))
    assert values.to_pylist() == [constant.as_py()]


@pytest.mark.parametrize(
    ("values", "type_", "constant"),
    [
        ([1], None, "one"),
        ([1], None, "nan"),
        ([1.0], None, "inf"),
        ([True], None, "maybe"),
        ([True], None, 2),
        ([0], pa.timestamp("us"), 5),
        ([0], pa.timestamp("us"), "2013"),
        ([0], pa.timestamp("us"), "2013-02-30"),
        ([0], pa.timestamp("us"), "2013-02-03T00:00Z"),
        ([0], pa.timestamp("us"), "9999-12-31T23:59+99:99"),
        ([[1]], None, 1),
    ],
)
def test_a_constant_that_is_nothing_of_the_columns_sort_has_no_like(values, type_, constant):
    assert of(values, type_).like(constant) is None


def test_a_time_with_a_zone_is_one_moment_for_a_column_with_a_zone():
    values, constant = of([0], pa.timestamp("s", "Asia/Tokyo")).like("1970-01-01T01:00+01:00")
    assert values.to_pylist() == [constant.as_py()]
