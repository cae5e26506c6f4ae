"""Rows of two states: each edit is counted once, whatever the order, the threads and the storage."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integrations.duckdb.diffing import column, counts, diff

from keepfit.errors import DataError, UnknownNameError
from keepfit.records import TimeFeatures, to_json
from keepfit.report.blocks import plain_text
from keepfit.report.data_diff import data_diff_report

CELLS = st.one_of(st.none(), st.sampled_from([0.0, -0.0, 1.5, float("nan"), float("inf")]))
WORDS = st.sampled_from([None, "", "a", "b", "it's", 'a "b".c'])
ROWS = st.dictionaries(st.integers(0, 40), st.tuples(CELLS, WORDS), max_size=25)


def table(rows):
    """(id, number, word) of rows by id."""
    return pa.table(
        {
            "id": pa.array(list(rows), pa.int64()),
            "x": pa.array([row[0] for row in rows.values()], pa.float64()),
            "w.'": pa.array([row[1] for row in rows.values()], pa.string()),
        }
    )


def meaning(row):
    number, word = row
    return (None if number is None or number != number else number + 0.0, word)


@settings(max_examples=40, deadline=None)
@given(before=ROWS, now=ROWS)
def test_the_counts_are_those_of_the_edits(before, now):
    found = diff(table(before), table(now))
    both = before.keys() & now.keys()
    changed = {key for key in both if meaning(before[key]) != meaning(now[key])}
    assert counts(found) == (len(now.keys() - before.keys()), len(before.keys() - now.keys()), len(changed))
    for name, place in (("x", 0), ("w.'", 1)):
        rows = sum(meaning(before[key])[place] != meaning(now[key])[place] for key in both)
        assert sum(one.rows for one in found.columns if one.name == name) == rows


@settings(max_examples=25, deadline=None)
@given(before=st.lists(st.tuples(st.integers(0, 3), WORDS), max_size=12), now=st.lists(st.tuples(st.integers(0, 3), WORDS), max_size=12))
def test_rows_of_repeated_keys_are_counted_as_a_bag(before, now):
    sides = [pa.table({"id": pa.array([key for key, _ in rows], pa.int64()), "w": pa.array([word for _, word in rows], pa.string())}) for rows in (before, now)]
    found = diff(*sides)
    keys = [key for rows in (before, now) for key in {key for key, _ in rows} if [one for one, _ in rows].count(key) > 1]
    alone = [{key: word for key, word in rows if key not in keys} for rows in (before, now)]
    bags = [[row for row in rows if row[0] in keys] for rows in (before, now)]
    left = list(bags[0])
    came = [row for row in bags[1] if not (row in left and not left.remove(row))]
    changed = sum(alone[0][key] != alone[1][key] for key in alone[0].keys() & alone[1].keys())
    added, removed = len(alone[1].keys() - alone[0].keys()), len(alone[0].keys() - alone[1].keys())
    assert counts(found) == (added + len(came), removed + len(left), changed)
    assert (found.repeated is None) == (not keys)


def test_tables_without_a_key_are_compared_whole():
    before, now = pa.table({"a": [1, 1, 2]}), pa.table({"a": [1, 2, 2, 3]})
    assert counts(diff(before, now, key=())) == (2, 1, 0)


def test_rows_without_a_key_are_compared_whole():
    before = pa.table({"id": ["a", None, None], "x": [1, 2, 3]})
    now = pa.table({"id": ["a", None], "x": [2, 2]})
    found = diff(before, now)
    assert counts(found) == (0, 1, 1)
    assert found.repeated is not None
    assert (found.repeated.before, found.repeated.now, found.repeated.rows) == (0, 0, 3)


def test_a_repeated_key_does_not_multiply_the_rows():
    many = pa.table({"id": ["same"] * 20_000, "x": list(range(20_000))})
    found = diff(many, many.slice(1))
    assert counts(found) == (0, 1, 0)
    assert found.repeated is not None
    assert found.repeated.examples == ("same",)


def test_a_key_of_several_columns():
    before = pa.table({"day": [1, 1, 2], "shop": ["a", "b", "a"], "x": [1, 2, 3]})
    now = pa.table({"day": [1, 1, 2], "shop": ["a", "b", "b"], "x": [1, 5, 3]})
    found = diff(before, now, key=("day", "shop"))
    assert counts(found) == (1, 1, 1)
    assert found.examples[0].key == "1, b"


def test_a_key_that_a_side_lacks_names_the_nearest_column():
    with pytest.raises(UnknownNameError, match="no column 'id'") as raised:
        diff(pa.table({"id": [1]}), pa.table({"ids": [1]}))
    assert "did you mean 'ids'" in str(raised.value.fix)


def test_a_renamed_column_is_one_change_and_its_edits_are_counted():
    rows = 200
    before = pa.table({"id": range(rows), "heat": [float(n) for n in range(rows)], "flag": [n % 2 == 0 for n in range(rows)]})
    now = pa.table({"id": range(rows), "temperature": [float(n) if n else -1.0 for n in range(rows)], "flag": [n % 2 == 0 for n in range(rows)]})
    found = diff(before, now)
    assert (column(found, "temperature").was, column(found, "temperature").rows) == ("heat", 1)
    assert (found.columns_added, found.columns_removed) == ((), ())
    assert counts(found) == (0, 0, 1)


def test_a_column_of_other_values_is_added_and_the_old_one_removed():
    found = diff(pa.table({"id": range(100), "x": range(100)}), pa.table({"id": range(100), "y": range(100, 200)}))
    assert ([one.name for one in found.columns_added], [one.name for one in found.columns_removed]) == (["y"], ["x"])
    assert found.differs


def test_an_empty_side():
    full = pa.table({"id": [1, 2], "x": [1.0, None]})
    assert counts(diff(full.slice(0, 0), full)) == (2, 0, 0)
    assert counts(diff(full, full.slice(0, 0))) == (0, 2, 0)


def test_the_record_is_the_same_whatever_the_threads():
    rows = 5_000
    before = pa.table({"id": range(rows), "x": [n / 7 for n in range(rows)], "c": [f"c{n % 40}" for n in range(rows)]})
    now = pa.table({"id": range(rows), "x": [n / 7 + n % 5 / 3 for n in range(rows)], "c": [f"c{n % 37}" for n in range(rows)]})
    one, two = (to_json(diff(before, now.take(pa.array(order)), threads=threads)) for threads, order in ((1, range(rows)), (4, range(rows - 1, -1, -1))))
    assert one == two


def test_slices_of_a_time_feature_are_read_off_the_time():
    times = [datetime(2026, 1, 5, 8) + timedelta(hours=12 * place) for place in range(4)]  # from a Monday on
    before, now = pa.table({"id": range(4), "at": times}), pa.table({"id": range(3), "at": times[:3]})
    derived = TimeFeatures(column="at", timezone="UTC", names=("day_part", "weekday"))
    found = diff(before, now, time="at", slices=("day_part", "weekday", "nothing"), derived=derived)
    assert [(one.slice, one.before, one.now) for one in found.slices] == [("day_part=evening", 2, 1), ("weekday=1", 2, 1)]


def test_slices_and_classes_are_named_as_a_scorecard_names_them():
    before = pa.table({"id": [1, 2, 3], "s": [3.0, None, 1.5], "y": [0.0, 1.0, None]})
    found = diff(before, before.slice(0, 0), target="y", slices=("s",))
    assert [(one.slice, one.before, one.now) for one in found.slices] == [("s=(missing)", 1, 0), ("s=1.5", 1, 0), ("s=3", 1, 0)]
    assert found.labels is not None
    assert (found.labels.classes_before, found.labels.known_before) == ({"0": 1, "1": 1}, 2)


def test_numbers_say_how_far_they_moved_and_units_by_which_factor():
    rows = 100
    before = pa.table({"id": range(rows), "miles": [float(n + 1) for n in range(rows)], "temp": [float(n) for n in range(rows)]})
    now = pa.table({"id": range(rows), "miles": [(n + 1) * 1.609344 for n in range(rows)], "temp": [n + 2.0 for n in range(rows)]})
    found = diff(before, now)
    assert (column(found, "miles").factor, column(found, "temp").middle) == (pytest.approx(1.609344), 2.0)
    assert column(found, "temp").factor is None
    flipped = diff(pa.table({"id": range(rows), "y": [n % 2 for n in range(rows)]}), pa.table({"id": range(rows), "y": [1 - n % 2 for n in range(rows)]}))
    assert column(flipped, "y").factor is None


def test_categories_say_their_commonest_changes_and_what_went():
    before = pa.table({"id": range(10), "c": ["a"] * 6 + ["b"] * 3 + [None]})
    now = pa.table({"id": range(10), "c": ["z"] * 6 + [None] * 3 + ["a"]})
    changed = column(diff(before, now), "c")
    assert [(one.before, one.now, one.rows) for one in changed.pairs] == [("a", "z", 6), ("b", None, 3), (None, "a", 1)]
    assert (changed.rows, changed.filled, changed.emptied) == (10, 1, 3)


def test_columns_whose_names_differ_only_in_case_are_refused_in_one_sentence():
    with pytest.raises(DataError, match="'a' and 'A' differ only in upper and lower case"):
        diff(pa.table({"id": [1], "a": [1], "A": [2]}), pa.table({"id": [1], "a": [1]}))


def test_a_column_that_only_changes_its_case_is_renamed():
    rows = 50
    found = diff(pa.table({"id": range(rows), "Heat": range(rows)}), pa.table({"id": range(rows), "heat": range(rows)}))
    assert [(one.name, one.was) for one in found.columns] == [("heat", "Heat")]


def test_two_hundred_changed_columns_a_hundred_thousand_categories_and_long_texts_are_bounded():
    rows = 500
    wide = {f"c{number}": [f"{number}-{row}" for row in range(rows)] for number in range(200)}
    many = {"id": range(rows), "long": ["x" * 10_000 + str(row) for row in range(rows)], **wide}
    other = {"id": range(rows), "long": ["y\x1b[31m" * 5_000 + str(row) for row in range(rows)]} | {
        name: list(reversed(values)) for name, values in wide.items()
    }
    found = diff(pa.table(many), pa.table(other))
    assert len(found.columns) == 201
    assert len(to_json(found)) < 200_000
    text = plain_text(data_diff_report(found))
    assert len(text.splitlines()) < 60
    assert "\x1b" not in text


def test_codes_of_many_classes_are_told_by_their_names_on_either_side_whatever_the_order_of_the_lists():
    before = pa.table({"id": pa.array([1, 2, 3, 4]), "topic": pa.array([0.0, 1.0, None, 2.0])})
    now = pa.table({"id": pa.array([1, 2, 3, 4]), "topic": pa.array([1.0, 2.0, 1.0, 3.0])})
    names = (("it's", "outage"), ("outage", "it's", "legal"))
    found = diff(before, now, target="topic", class_names=names)
    assert (found.labels.flipped, found.labels.arrived) == (1, 1)
    assert found.labels.classes == {"it's": 2, "legal": 1, "another class": 1}
    assert [(one.before, one.now, one.rows) for one in found.labels.flips] == [("outage", "legal", 1)]
    assert counts(found) == (0, 0, 2)
