"""A column's values are told apart alike, whatever stores them; what a storage lost is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from tests.storage import NAMED, storages

from keepfit.tables.arrow import floats, tally
from keepfit.tables.values import form_of, form_of_names, forms_of, in_form

CASES = [(name, storage) for name, values in NAMED.items() for storage in storages(values)]


def column(values, type_=None):
    return pa.chunked_array([pa.array(values, type_)])


def read(values, form, kind="categorical", names=None):
    return in_form(values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values]), form, kind=kind, names=names)


@pytest.mark.parametrize(("name", "storage"), CASES)
def test_every_storage_of_the_same_values_is_read_alike_and_loses_nothing(name, storage):
    stored = storages(NAMED[name])
    first = column(NAMED[name])
    form = form_of(first, "categorical")
    found = read(stored[storage], form)
    assert tally(found.values) == tally(read(first, form).values)
    assert (found.lost, found.rounded, found.examples) == (0, 0, ())


@pytest.mark.parametrize(("name", "storage"), [case for case in CASES if case[0] not in ("text", "integer above 2**53")])
def test_every_storage_of_a_numeric_feature_is_the_same_floats(name, storage):
    found = read(storages(NAMED[name])[storage], form_of(column(NAMED[name]), "numeric"), "numeric")
    assert [None if value != value else value for value in floats(found.values, "x").tolist()] == [
        None if each is None else float(each) for each in NAMED[name]
    ]
    assert found.lost == 0


@pytest.mark.parametrize(
    ("values", "form", "lost", "examples"),
    [
        (column(["1", "TOTAL", None, "x"]), "number", 2, ("TOTAL", "x")),
        (column([0.5, 1.0, None, 2.0]), "boolean", 2, ("0.5", "2.0")),
        (column(["yes", "true", None]), "boolean", 1, ("yes",)),
        (column([1.5, 2.0, float("nan"), float("inf")]), "integer", 2, ("1.5", "inf")),
        (column([Decimal("1.50"), Decimal("2.00")]), "integer", 1, ("1.50",)),
        (column(["01", "1"]), "integer", 1, ("01",)),
        (column([date(2026, 1, 1)]), "integer", 1, ()),
        (column([3]), "time", 1, ()),
    ],
)
def test_what_has_no_like_in_the_form_is_null_and_counted(values, form, lost, examples):
    found = read(values, form)
    assert (found.lost, found.examples) == (lost, examples)
    assert found.values.null_count - values.null_count - sum(value != value for value in values.to_pylist()) == lost


def test_a_fraction_is_no_loss_in_a_numeric_feature_of_integers_but_a_word_is():
    assert read(column([1.5, 2.0]), "integer", "numeric").lost == 0
    found = read(column(["1.5", "abc", None, "nan"]), "integer", "numeric")
    assert (found.known, found.lost, found.examples) == (2, 1, ("abc",))


def test_integers_that_come_as_floats_above_2_to_the_53_are_counted_as_rounded():
    found = read(column([float(2**53 + 1), 5.0]), "integer")
    assert (found.values.to_pylist(), found.rounded, found.lost) == ([2**53, 5], 1, 0)


def test_integers_that_int64_does_not_hold_are_told_apart_by_their_digits():
    want = {"18446744073709551615": 1, "18446744073709551614": 1, "1": 1}
    for stored in (column([2**64 - 1, 2**64 - 2, 1], pa.uint64()), column(["18446744073709551615", "18446744073709551614", "1.0"])):
        assert tally(read(stored, "integer").values) == want
    assert tally(read(column([Decimal(2**64 - 1), Decimal(2**64 - 2), Decimal(1)], pa.decimal128(20, 0)), "integer").values) == want


def test_numbers_are_named_by_the_shortest_text_that_reads_back():
    assert tally(read(column([1e7, 1e-5, -0.0, 0.0, 1.50]), "number").values) == {"10000000": 1, "0.00001": 1, "0": 2, "1.5": 1}
    assert tally(read(column([0.1, 1.5], pa.float32()), "number").values) == {"0.1": 1, "1.5": 1}
    assert tally(read(column(["1e7", "1e-5", "-0.0", "0", "1.50"]), "number").values) == {"10000000": 1, "0.00001": 1, "0": 2, "1.5": 1}


def test_times_are_one_whatever_their_unit_zone_and_storage():
    want = [datetime(2026, 1, 1), datetime(2026, 1, 2, 3), None]
    zoned = [value and value.replace(tzinfo=UTC) for value in want]
    for stored in (
        column(want, pa.timestamp("s")),
        column(zoned, pa.timestamp("ns", "UTC")),
        column(["2026-01-01", "2026-01-02T04:00:00+01:00", None]),
    ):
        assert read(stored, "time").values.to_pylist() == want
    assert form_of(column([date(2026, 1, 1)]), "categorical") == "time"


def test_a_reference_names_its_booleans_and_other_storage_takes_its_spelling():
    names = ("false", "true")
    assert read(column([True, None, False]), "boolean text", names=names).values.to_pylist() == ["true", None, "false"]
    assert read(column(["TRUE", "False", "maybe"]), "boolean text", names=names).values.to_pylist() == ["true", "false", "maybe"]
    assert read(column([1.0, 0.0]), "boolean text", names=("True", "False")).values.to_pylist() == ["True", "False"]


def test_a_reference_of_digits_names_whole_numbers():
    names = ("1.0", "2.0")
    for stored in (column([1, None, 2, 3]), column([1.0, None, 2.0, 3.0]), column(["1", None, "2.0", "3"])):
        assert read(stored, "integer text", names=names).values.to_pylist() == ["1.0", None, "2.0", "3"]
    assert read(column(["A1", "1"]), "integer text", names=names).values.to_pylist() == ["A1", "1.0"]


def test_numbers_in_a_feature_of_words_are_lost_unless_the_reference_says_them():
    found = read(column([1, 2, None]), "text", names=("EV", "1"))
    assert (found.values.to_pylist(), found.known, found.lost, found.examples) == (["1", None, None], 2, 1, ("2",))


def test_text_that_is_stored_as_text_is_left_alone():
    stored = column(["1", "1.0", "true", "nan", "01"])
    assert form_of(stored, "categorical") == "text"
    assert read(stored, "text").values is stored


@pytest.mark.parametrize(
    ("names", "form"),
    [
        (("true", "false"), "boolean text"),
        (("0", "1"), "integer text"),
        (("1.0", "2.0"), "integer text"),
        (("1", "1.0"), None),
        (("1.5", "2"), None),
        (("01", "2"), None),
        (("EV",), None),
        ((), None),
    ],
)
def test_category_names_give_a_form_away_only_where_each_value_has_one_name(names, form):
    assert form_of_names(names) == form


def test_a_column_without_values_or_of_lists_has_no_form():
    table = pa.table({"a": pa.nulls(2), "b": pa.array([[1], [2]]), "c": pa.array([None, None], pa.bool_())})
    assert forms_of(table, dict.fromkeys("abc", "categorical")) == {}


def test_a_column_of_only_nulls_is_read_as_any_form():
    for form in ("boolean", "integer", "number", "text", "time", "boolean text", "integer text"):
        assert read(pa.nulls(2), form).values.to_pylist() == [None, None]
