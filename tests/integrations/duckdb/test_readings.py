"""What is the same value, whatever stores it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from tests.integrations.duckdb.diffing import column, counts, diff

SAME = {
    "int and float": (pa.array([1, None]), pa.array([1.0, float("nan")])),
    "-0 and 0": (pa.array([-0.0, 2.0]), pa.array([0.0, 2.0])),
    "NaN and NULL": (pa.array([float("nan"), 1.0], from_pandas=False), pa.array([None, 1.0])),
    "float32 and float64": (pa.array([0.1, 1e30], pa.float32()), pa.array([0.1, 1e30])),
    "narrow and wide integers": (pa.array([1, -2], pa.int8()), pa.array([1, -2])),
    "unsigned and signed": (pa.array([1, 2], pa.uint64()), pa.array([1, 2])),
    "decimals and floats": (pa.array([Decimal("1.50"), None]), pa.array([1.5, None])),
    "booleans and integers": (pa.array([True, False]), pa.array([1, 0])),
    "booleans and text": (pa.array([True, False]), pa.array(["True", "0"])),
    "numbers and text": (pa.array([1.0, 2.5, 1000.0]), pa.array(["1", "2.50", "1e3"])),
    "a dictionary and text": (pa.array(["a", "b"]).dictionary_encode(), pa.array(["a", "b"])),
    "large text and text": (pa.array(["a", "b"], pa.large_string()), pa.array(["a", "b"])),
    "microseconds and nanoseconds": (pa.array([datetime(2026, 1, 1)], pa.timestamp("us")), pa.array([datetime(2026, 1, 1)], pa.timestamp("ns"))),
    "a zone and UTC": (pa.array([datetime(2026, 1, 1, tzinfo=UTC)], pa.timestamp("us", "Europe/Berlin")), pa.array([datetime(2026, 1, 1)], pa.timestamp("us"))),
    "dates and midnights": (pa.array([datetime(2026, 1, 1)]).cast(pa.date32()), pa.array([datetime(2026, 1, 1)], pa.timestamp("ms"))),
    "times and text": (pa.array([datetime(2026, 1, 1)], pa.timestamp("us")), pa.array(["2026-01-01"])),
    "nothing and nothing": (pa.nulls(2), pa.array([None, None], pa.string())),
    "lists": (pa.array([[1.0, 2.0], None]), pa.array([[1.0, 2.0], None])),
    "lists of integers and of floats": (pa.array([[1], None]), pa.array([[1], None], pa.list_(pa.int32()))),
    "records": (pa.array([{"a": 1}]), pa.array([{"a": 1}])),
    "bytes": (pa.array([b"\x00\xff"]), pa.array([b"\x00\xff"])),
    "maps": (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))),
}
OTHER = {
    "a code and a number": (pa.array(["01"]), pa.array([1])),
    "empty text and NULL": (pa.array([""]), pa.array([None], pa.string())),
    "integers beyond floats": (pa.array([2**53 + 1]), pa.array([2**53])),
    "microseconds apart": (pa.array([1], pa.timestamp("us")), pa.array([2], pa.timestamp("us"))),
    "bytes": (pa.array([b"a"]), pa.array([b"b"])),
    "lists": (pa.array([[1, 2]]), pa.array([[2, 1]])),
    "a word and a number": (pa.array(["x"]), pa.array([1.0])),
    "infinity": (pa.array([float("inf")]), pa.array([float("-inf")])),
    "a value and nothing": (pa.array([1]), pa.nulls(1)),
}


@pytest.mark.parametrize(("before", "now"), SAME.values(), ids=SAME)
def test_the_same_values_are_no_change_however_they_are_stored(before, now):
    found = diff(pa.table({"id": range(len(before)), "v": before}), pa.table({"id": range(len(now)), "v": now}))
    assert counts(found) == (0, 0, 0)
    assert not found.differs


@pytest.mark.parametrize(("before", "now"), OTHER.values(), ids=OTHER)
def test_other_values_are_a_change(before, now):
    found = diff(pa.table({"id": range(len(before)), "v": before}), pa.table({"id": range(len(now)), "v": now}))
    assert counts(found) == (0, 0, 1)
    assert column(found, "v").rows == 1


def test_another_storage_is_told_of_without_being_a_difference():
    found = diff(pa.table({"id": [1], "v": [1]}), pa.table({"id": ["1"], "v": [1.0]}))
    assert [(one.name, one.stored_before, one.stored, one.rows) for one in found.columns] == [("id", "int64", "text", 0), ("v", "int64", "float64", 0)]
    assert not found.differs
