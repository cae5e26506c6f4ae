from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pytest

from keepfit.integrations.sql.values import column, declared


@pytest.mark.parametrize(
    ("values", "type_", "held"),
    [
        ([1, None], pa.int64(), [1, None]),
        ([True, None], pa.bool_(), [True, None]),
        ([1, 2.5], pa.float64(), [1.0, 2.5]),
        ([date(2013, 2, 1)], pa.date32(), [date(2013, 2, 1)]),
        ([datetime(2013, 2, 1)], pa.timestamp("us"), [datetime(2013, 2, 1)]),
        ([Decimal("7"), Decimal("9007199254740993")], pa.int64(), [7, 9007199254740993]),
        ([Decimal("99999999999999999999")], pa.string(), ["99999999999999999999"]),
        ([Decimal("1.50"), None, Decimal("NaN")], pa.float64(), [1.5, None, float("nan")]),
        ([2**70, None], pa.string(), [str(2**70), None]),
        ([1, "n/a", None], pa.string(), ["1", "n/a", None]),
        ([b"\x01", 2], pa.string(), ["01", "2"]),
        ([{"b": 1, "a": [2]}], pa.string(), ['{"a": [2], "b": 1}']),
        ([uuid.UUID(int=1)], pa.string(), ["00000000-0000-0000-0000-000000000001"]),
        ([memoryview(b"x")], pa.binary(), [b"x"]),
        ([time(1, 2)], pa.time64("us"), [time(1, 2)]),
        ([time(1, 2, tzinfo=UTC)], pa.string(), ["01:02:00+00:00"]),
        ([None], pa.null(), [None]),
        ([], pa.null(), []),
    ],
)
def test_values_of_an_undeclared_column_tell_its_type(values, type_, held):
    found = column(values, None)
    assert found.type == type_
    assert repr(found.to_pylist()) == repr(held)


def test_a_declared_type_holds_for_a_column_of_nulls_and_for_no_rows():
    assert column([None], pa.timestamp("us", "UTC")).type == pa.timestamp("us", "UTC")
    assert column([], declared(16, None, None)).type == pa.bool_()


def test_money_keeps_its_cents_and_a_numeric_that_is_no_number_does_not_stop_the_rest():
    assert column([Decimal("0.10")], declared(1700, 12, 2)).to_pylist() == [Decimal("0.10")]
    assert repr(column([Decimal("0.10"), Decimal("NaN")], declared(1700, 12, 2)).to_pylist()) == "[0.1, nan]"
