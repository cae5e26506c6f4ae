"""Ids of features and time: the same values give the same ids, whatever they are stored as and whatever else the table holds."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.tables.ids import feature_ids, key_texts

NUMBERS = [0, 1, -7, None, 2**40]


def dictionary(values):
    return values.dictionary_encode()


STORAGES = {
    "numbers": [
        pa.array(NUMBERS, pa.int64()),
        pa.array(NUMBERS, pa.float64()),
        pa.array([None if v is None else Decimal(v) for v in NUMBERS], pa.decimal128(20, 2)),
        pa.array([None if v is None else str(v) for v in NUMBERS], pa.large_string()),
        pa.array([None if v is None else f"{v}.0" for v in NUMBERS]),
        dictionary(pa.array(NUMBERS, pa.int64())),
        pa.array([float("nan") if v is None else v for v in NUMBERS], pa.float64()),
    ],
    "fractions": [pa.array([0.1, 2.5, None]), pa.array([Decimal("0.1"), Decimal("2.50"), None]), pa.array(["0.1", "2.5", ""])],
    "flags": [
        pa.array([True, False, None]),
        pa.array([1, 0, None]),
        pa.array([1.0, 0.0, None]),
        pa.array(["True", "False", None]),
        pa.array(["true", "false", None], pa.string_view()),
        dictionary(pa.array(["True", "False", None])),
    ],
    "words": [
        pa.array(["a", "b c", None]),
        pa.array(["a", "b c", None], pa.large_string()),
        pa.array(["a", "b c", ""]),
        dictionary(pa.array(["a", "b c", None])),
    ],
    "times": [
        pa.array([0, 86_400, 1_500, None], pa.timestamp("s")),
        pa.array([0, 86_400_000_000, 1_500_000_000, None], pa.timestamp("us")),
        pa.array([0, 86_400_000_000_000, 1_500_000_000_000, None], pa.timestamp("ns")),
        pa.array([0, 86_400_000, 1_500_000, None], pa.timestamp("ms", "Europe/Berlin")),
        pa.array(["1970-01-01", "1970-01-02 00:00:00", "1970-01-01T00:25:00", None]),
    ],
}


@pytest.mark.parametrize("kind", STORAGES)
def test_the_storage_of_a_column_does_not_change_the_ids(kind):
    made = [feature_ids(pa.table({"v": values}), ["v"]) for values in STORAGES[kind]]
    assert made == [made[0]] * len(made)
    assert len(set(made[0])) == len(made[0]), "different values have different ids"


@given(st.lists(st.one_of(st.none(), st.floats(allow_infinity=False, allow_nan=False), st.integers(-(2**53), 2**53).map(float)), max_size=8))
def test_floats_and_their_texts_have_the_same_ids(values):
    texts = pa.array([None if value is None else repr(value) for value in values], pa.string())
    assert feature_ids(pa.table({"v": pa.array(values, pa.float64())}), ["v"]) == feature_ids(pa.table({"v": texts}), ["v"])


def test_columns_that_are_no_features_and_the_order_of_columns_and_rows_do_not_change_the_ids():
    rows = pa.table({"t": ["2013-02-01", "2013-02-02"], "x": [1, 2]})
    ids = feature_ids(rows, ["t", "x"])
    wider = pa.table({"note": ["new", "new"], "x": [2, 1], "y": [1, 0], "t": ["2013-02-02", "2013-02-01"]})
    assert feature_ids(wider, ["x", "t"]) == ids[::-1]


def test_rows_that_repeat_are_numbered_and_a_lost_feature_is_missing_in_every_row():
    ids = feature_ids(pa.table({"x": [1, 1, 2, 1]}), ["x"])
    assert [one.partition("-")[2] for one in ids] == ["", "2", "", "3"]
    assert feature_ids(pa.table({"x": [1]}), ["x", "z"]) == feature_ids(pa.table({"x": [1], "z": pa.array([None], pa.string())}), ["x", "z"])
    assert feature_ids(pa.table({"x": pa.array([], pa.int64())}), ["x"]) == []


def test_the_ids_are_the_same_for_ever():
    """They are stored: in closed windows, in quarantines, and the holdout is dealt by them."""
    rows = pa.table({"t": pa.array([1_359_700_000_000_000], pa.timestamp("us")), "x": [0.1], "c": ["UA"]})
    assert feature_ids(rows, ["t", "x", "c"]) == ["2598283121ed7429"]


@pytest.mark.parametrize(
    "values", [pa.array([123_456_789_012, 7, None]), pa.array([123_456_789_012.0, 7.0, None]), pa.array([123_456_789_012.0, 7.0, float("nan")])]
)
def test_a_key_that_is_a_whole_number_reads_the_same_however_it_is_stored(values):
    assert key_texts(values).to_pylist() == ["123456789012", "7", None]


def test_a_key_that_is_text_stays_as_it_is():
    assert key_texts(pa.array(["007", "1.0", "true", "", None], pa.large_string())).to_pylist() == ["007", "1.0", "true", "", None]


def test_a_float_of_32_bits_has_the_id_of_the_text_that_it_is_exported_as():
    values = [0.1, 1e7, 2.5, None]
    tables = [pa.table({"v": column}) for column in (pa.array(values, pa.float32()), pa.array(values), pa.array(["0.1", "10000000", "2.50", None]))]
    assert len({tuple(feature_ids(table, ["v"])) for table in tables}) == 1
