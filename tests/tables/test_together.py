"""Files that store a column differently are one table where nothing is lost; the file that does not fit is named."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from keepfit.tables.together import together

BIG = 2**53 + 1


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ([1], [1.5], [1.0, 1.5]),
        (pa.array([1], pa.int8()), pa.array([2], pa.uint32()), [1, 2]),
        (["a"], pa.array(["b"]).dictionary_encode(), ["a", "b"]),
        (pa.array(["a"], pa.large_string()), pa.array(["b"], pa.string()), ["a", "b"]),
        ([1], pa.nulls(1), [1, None]),
        ([1], ["b"], ["1", "b"]),
        ([True], ["b"], ["true", "b"]),
        ([BIG], [1.5], [str(BIG), "1.5"]),
        (pa.array([1]).cast(pa.decimal128(21, 2)), [1.5], [1.0, 1.5]),
        (
            pa.array([datetime(2013, 1, 1)], pa.timestamp("s")),
            pa.array([datetime(2013, 1, 2)], pa.timestamp("ns")),
            [datetime(2013, 1, 1), datetime(2013, 1, 2)],
        ),
        ([datetime(2013, 1, 1)], ["soon"], ["2013-01-01 00:00:00.000000", "soon"]),
        ([[1]], [[2]], [[1], [2]]),
    ],
    ids=str,
)
def test_what_loses_nothing_is_one_column(first, second, found):
    table, misfits = together({"a": pa.table({"x": first}), "b": pa.table({"x": second})})
    assert ([getattr(value, "to_pydatetime", lambda value=value: value)() for value in table["x"].to_pylist()], misfits) == (found, [])


def test_a_column_that_one_file_lacks_is_null_there():
    table, _ = together({"a": pa.table({"x": [1]}), "b": pa.table({"y": ["u"]})})
    assert table.to_pylist() == [{"x": 1, "y": None}, {"x": None, "y": "u"}]


@pytest.mark.parametrize(("odd", "holds"), [(["word"], "string"), ([[1]], "list<item: int64>"), ([True], "bool")])
def test_the_file_with_fewer_rows_does_not_fit_a_column_of_numbers(odd, holds):
    table, misfits = together({"a": pa.table({"x": odd}), "b": pa.table({"x": [1, 2]}), "c": pa.table({"x": [1.5]})}, numbers=["x"])
    assert table["x"].to_pylist() == [1.0, 2.0, 1.5]
    assert [(one.file, one.sentence) for one in misfits] == [("a", f"the column 'x' holds {holds}, in the other files int64")]


def test_nested_columns_of_two_types_do_not_fit():
    assert [one.file for one in together({"a": pa.table({"x": [1, 2]}), "b": pa.table({"x": [[1]]})})[1]] == ["b"]
