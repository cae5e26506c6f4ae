from __future__ import annotations

import time
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.quality.keys import keys, repeats, value_hashes


def hashes(values, type_=None):
    return value_hashes(pa.chunked_array([pa.array(values, type_)])).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pa.array([7, None]), pa.array([7.0, float("nan")])),
        (pa.array([7, 8], pa.int8()), pa.array([Decimal("7.0"), Decimal("8.0")])),
        (pa.array([True, False]), pa.array([1, 0])),
        (pa.array([0.0, -0.0]), pa.array([0, 0])),
        (pa.array(["a", None]), pa.array(["a", None]).dictionary_encode()),
        (pa.array(["a", "b"]), pa.array(["a", "b"], pa.large_string())),
        (pa.array([1], pa.timestamp("s")), pa.array([1_000_000], pa.timestamp("us"))),
    ],
)
def test_a_value_is_the_same_whatever_stores_it(one, other):
    assert value_hashes(pa.chunked_array([one])).tolist() == value_hashes(pa.chunked_array([other])).tolist()


def test_missing_is_one_value_and_no_other():
    assert len({*hashes([None, 0.0, 1.0], pa.float64())}) == 3
    assert hashes([None], pa.float64()) == hashes([None], pa.string()) == hashes([None], pa.int64())


def test_whole_numbers_that_a_float_would_round_stay_apart():
    assert len({*hashes([2**53, 2**53 + 1, 2**60])}) == 3


def test_texts_of_megabytes_are_told_apart_by_their_ends_in_no_time():
    begun = time.process_time()
    assert len({*hashes(["x" * 5_000_000, "x" * 5_000_000, "x" * 5_000_000 + "y", "x", None])}) == 4
    assert time.process_time() - begun < 2


def test_lists_and_bytes_are_compared_as_they_are_written():
    assert len({*hashes([["a"], ["a"], ["b"], None])}) == 3


def test_columns_of_swapped_values_are_other_rows():
    one, other = pa.chunked_array([["a"]]), pa.chunked_array([["b"]])
    assert keys(1, [one, other])[0] != keys(1, [other, one])[0]


@pytest.mark.parametrize("few", [1 << 18, 0])
def test_what_comes_again_is_told_with_the_first_in_the_order_given_however_many_there_are(few, monkeypatch):
    monkeypatch.setattr("keepfit.compose.quality.keys.FEW", few)
    found = np.concatenate([np.array([5, 9, 5, 9, 7], np.uint64), np.arange(100, dtype=np.uint64) << np.uint64(57)])
    assert [places.tolist() for places in repeats(found, np.array([2, 3, 1, 0, 4]))] == [[1, 0], [3, 2]]
    assert [places.tolist() for places in repeats(found, np.arange(100))] == [[2, 3], [0, 1]]
    assert [places.tolist() for places in repeats(found, np.zeros(0, np.int64))] == [[], []]
