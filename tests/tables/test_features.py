"""Columns that are known to hold numbers are read as numbers, and nothing is lost of what is none."""

import pyarrow as pa
import pytest

from keepfit.tables.features import taken_apart, with_numbers


@pytest.mark.parametrize(
    ("values", "numbers", "strange"),
    [
        (["1,5", "2,5"], [1.5, 2.5], None),
        (["007", "010"], [7.0, 10.0], None),
        (["1", "2", "x"], [1.0, 2.0, None], [None, None, "x"]),
        (pa.array(["1", "2", "x"]).dictionary_encode(), [1.0, 2.0, None], [None, None, "x"]),
        (["x", "y", "1"], ["x", "y", "1"], None),
        (["", None, "n/a"], [None, None, None], None),
        ([1, 2], [1, 2], None),
    ],
    ids=str,
)
def test_a_numeric_column_is_numbers_where_most_of_it_is(values, numbers, strange):
    table, beside = taken_apart(with_numbers(pa.table({"x": values, "c": ["1"] * len(values)}), ["x", "gone"]))
    assert (table["x"].to_pylist(), table["c"].to_pylist()) == (numbers, ["1"] * len(values))
    assert {name: texts.to_pylist() for name, texts in beside.items()} == ({} if strange is None else {"x": strange})
