"""People see what they are meant to see: a misspelled redaction is refused, as it would show what nobody should see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from keepfit.compose.queue.shown import LONGEST, shown_columns, shown_rows
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.params import load_params

PARAMS = load_params("""
model: {name: m, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, features: {x: numeric, c: categorical, customer_name: categorical}}
""")
NAMES = ["id", "t", "x", "c", "customer_name", "note", "y", "_target", "_window"]


def columns(asked=None, *redacted):
    return shown_columns(NAMES, PARAMS, columns=asked, redacted=redacted)


def test_people_see_the_time_and_the_features_and_neither_the_label_nor_our_own_columns():
    assert columns() == ("t", "x", "c", "customer_name")


def test_a_column_that_is_no_feature_is_shown_where_it_is_named():
    assert columns(["note", "x", "note"]) == ("note", "x")


def test_a_redacted_column_is_not_shown_by_name_or_by_pattern_even_where_it_is_asked_for():
    assert columns(None, "customer_*") == ("t", "x", "c")
    assert columns(["customer_name", "c"], "customer_name") == ("c",)


@pytest.mark.parametrize("wrong", ["customer_nmae", "kunde_*", "_target"])
def test_a_redaction_that_matches_no_column_is_refused(wrong):
    with pytest.raises(UnknownNameError) as refused:
        columns(None, wrong)
    assert refused.value.where == "--redact"


def test_the_label_is_never_shown():
    with pytest.raises(ParamsError, match="what people are asked for"):
        columns(["y"])


def test_values_read_as_people_write_them():
    row = {
        "a": [1.5],
        "b": [2.0],
        "c": [None],
        "d": [date(2013, 2, 1)],
        "e": [datetime(2013, 2, 1, 8, tzinfo=UTC)],
        "f": [Decimal("1.10")],
        "g": [timedelta(hours=1)],
        "h": [["a", "b"]],
        "i": [10**20],
        "k": [b"\x01\xff"],
    }
    table = pa.table({name: pa.array(values) for name, values in row.items() if name != "i"}).append_column("i", pa.array([1e20]))
    (found,) = shown_rows(table, ["a", "b", "c", "d", "e", "f", "g", "h", "i"])
    assert found == ("1.5", "2", "", "2013-02-01", "2013-02-01 08:00:00+00:00", "1.10", "1:00:00", "['a', 'b']", "1e+20")


def test_a_cell_of_a_million_characters_is_cut_and_says_how_long_it_was():
    ((cell,),) = shown_rows(pa.table({"x": ["a" * 1_000_000]}), ["x"])
    assert cell == "a" * LONGEST + "… (1,000,000 characters)"
    assert len(cell) < 32_767


def test_characters_that_no_file_of_text_holds_are_left_out_and_lines_stay():
    assert shown_rows(pa.table({"x": ["a\x00b\x1bc\nd\te"]}), ["x"]) == [("abc\nd\te",)]


def test_rows_without_columns_are_still_rows():
    assert shown_rows(pa.table({"x": [1, 2]}), []) == [(), ()]
