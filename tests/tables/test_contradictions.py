from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.tables.contradictions import contradicting, unlike


@pytest.mark.parametrize(
    ("values", "differ"),
    [
        ([1, 1], False),
        ([1, 2], True),
        ([None, None], False),
        ([1.0, None], True),
        ([float("nan"), float("nan")], False),
        ([float("nan"), None], False),
        (["a", "b"], True),
        ([[1], [1]], False),
        ([[1], [2]], True),
        ([[1], None], True),
    ],
)
def test_two_rows_of_one_column_differ_or_do_not(values, differ):
    column = pa.array(values)
    assert unlike(column.slice(0, 1), column.slice(1, 1)).to_pylist() == [differ]
    pairs = pa.table({"first": [0], "other": [1]})
    assert contradicting(pa.table({"same": ["x", "x"], "x": column}), pairs).num_rows == differ


def test_words_stored_as_a_dictionary_are_compared_as_words():
    column = pa.array(["a", "b", "a"]).dictionary_encode()
    pairs = pa.table({"first": [0, 0], "other": [1, 2]})
    assert contradicting(pa.table({"x": column}), pairs)["other"].to_pylist() == [1]
