"""Two tables as two matrices: one encoding, no NaN, bounded."""

import math

import numpy as np
import pyarrow as pa
import pytest

from keepfit.monitor.rows import matrices

KINDS = {"x": "numeric", "c": "categorical"}


def encode(a, b, kinds=KINDS):
    return matrices(a, b, kinds)


def test_both_sides_share_one_scale_and_one_list_of_categories():
    first, second = encode(pa.table({"x": [0.0, 0.0], "c": ["a", "a"]}), pa.table({"x": [2.0, 2.0], "c": ["b", "a"]}))
    assert first.tolist() == [[-1, 1, 0], [-1, 1, 0]]
    assert second.tolist() == [[1, 0, 1], [1, 1, 0]]


def test_missing_and_infinite_numbers_are_told_by_a_column_of_their_own():
    first, _ = encode(pa.table({"x": [1.0, None, math.inf, 3.0]}), pa.table({"x": [1.0, 3.0]}), {"x": "numeric"})
    assert first == pytest.approx(np.array([[-1, 0], [0, 1], [0, 1], [1, 0]]))


@pytest.mark.parametrize("values", [[None, None], [math.nan, 1.0], [1e308, -1e308], [5, 5], [True, None]])
def test_odd_columns_are_finite(values):
    table = pa.table({"x": values})
    assert all(np.isfinite(side).all() for side in encode(table, table, {"x": "numeric" if values[0] is not True else "categorical"}))


def test_types_of_one_kind_mix():
    first, second = encode(pa.table({"c": pa.array(["a", "b"]).dictionary_encode(), "x": [1, 2]}), pa.table({"c": ["a", "b"], "x": [1.0, 2.0]}))
    assert (first == second).all()
