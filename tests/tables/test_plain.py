"""Odd storage becomes plain storage with the same values; what can be no feature is named."""

import uuid

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from keepfit.tables.plain import no_features, plain

KEY = uuid.UUID(int=7)


@pytest.mark.parametrize(
    ("values", "type_", "found"),
    [
        (pa.array(["a", None], pa.string_view()), pa.string(), ["a", None]),
        (pa.array([b"a", None], pa.binary_view()), pa.binary(), [b"a", None]),
        (pa.array([1.5, None], pa.float16()), pa.float32(), [1.5, None]),
        (pc.run_end_encode(pa.array([1, 1, None])), pa.int64(), [1, 1, None]),
        (pa.ExtensionArray.from_storage(pa.uuid(), pa.array([KEY.bytes, None], pa.binary(16))), pa.string(), [str(KEY), None]),
        (pa.array([1, None]), pa.int64(), [1, None]),
    ],
    ids=str,
)
def test_values_stay_and_the_type_is_plain(values, type_, found):
    for table in (pa.table({"x": values}), pa.table({"x": pa.chunked_array([values.slice(0, 1), values.slice(1)])})):
        read = plain(table)
        assert (read["x"].type, read["x"].to_pylist()) == (type_, found)
    assert plain(pa.table({"x": values}).slice(0, 0))["x"].type == type_


def test_a_column_that_can_be_compared_is_no_odd_one():
    assert no_features(pa.table({"x": [1], "c": ["a"], "t": pa.array([1], pa.timestamp("s")), "Unnamed: 0": [1], "b": [b"a"]})) == {
        "Unnamed: 0": "an index that has no name",
        "b": "bytes",
    }
